/** The element of an id, of the kind that the page has there. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`The page has no ${kind.name} named ${id}`);
}

/** Says something under a section, to readers of screens as well. */
export function say(id: string, text: string): void {
  const line = byId(id, HTMLElement);
  line.classList.remove('error');
  line.textContent = text;
}

/** Runs what a person asked for, and shows the sentence of an error where they look. */
export async function answer(id: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    say(id, error instanceof Error ? error.message : String(error));
    byId(id, HTMLElement).classList.add('error');
  }
}

/** An element with properties and content. */
export function make<K extends keyof HTMLElementTagNameMap>(
  kind: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(kind), properties);
  element.append(...content);
  return element;
}

/** An SVG element with attributes and content. */
export function makeSvg(
  kind: string,
  attributes: Readonly<Record<string, string | number>>,
  ...content: (Node | string)[]
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...content);
  return element;
}

/** A link to bytes as a file. */
export function fileLink(name: string, bytes: Uint8Array): HTMLAnchorElement {
  const data = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' });
  return make('a', { href: URL.createObjectURL(data), download: name, textContent: name });
}
