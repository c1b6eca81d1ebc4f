/** Bytes of a file that the page has, or undefined. */
export type AskPage = (name: string) => Promise<Uint8Array | undefined>;

/**
 * A `fetch` for a worker without a network: it answers names of files that the site ships or the reader dropped, with 404 for
 * others, and refuses other hosts. What a program made itself, `blob:` and `data:`, is fetched as ever.
 */
export function fetchFiles(ask: AskPage, own: typeof fetch): typeof fetch {
  return async (input, options) => {
    const address = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    if (/^(blob|data):/.test(address)) return own(input, options);
    if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(address)) {
      throw new TypeError(`Programs here reach no host. Drop the file on the playground to read it: ${address}`);
    }
    options?.signal?.throwIfAborted();
    const name = nameOf(address);
    const bytes = await ask(name);
    options?.signal?.throwIfAborted();
    if (!bytes) return new Response(null, { status: 404, statusText: `the site has no file ${name}` });
    const headers = {
      'Content-Type': TYPES[name.split('.').at(-1)!] ?? 'application/octet-stream',
      'Content-Length': String(bytes.length),
    };
    return new Response(bytes as BodyInit, { headers });
  };
}

const TYPES: Readonly<Record<string, string>> = {
  wasm: 'application/wasm',
  json: 'application/json',
  csv: 'text/csv',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  svg: 'image/svg+xml',
};

/** `./data/x` and `/data/x` are `data/x`. */
function nameOf(address: string): string {
  return address.replace(/^(\.?\/)+/, '');
}
