const key = 'lab=';
/** Longest link that is read, in characters. */
const longest = 8_000;

/** A value as the part of an address after `#`. */
export function toHash(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const text = btoa(String.fromCharCode(...bytes));
  return key + text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The value of such a part, undefined where it is of something else. @throws Error for one that is damaged. */
export function fromHash(hash: string): unknown {
  const part = hash.replace(/^#/, '');
  if (!part.startsWith(key)) return undefined;
  if (part.length > longest) throw new Error(`This link to the lab is too long: ${part.length} characters.`);
  try {
    const binary = atob(part.slice(key.length).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new Error('This link to the lab is damaged: the lab begins anew. Ask for the link again.');
  }
}
