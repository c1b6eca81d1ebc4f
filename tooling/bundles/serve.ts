// A server of folders for a page, which is no page of a framework: `/` loads one module.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Headers that isolate a page: without them it has no shared memory, and so no threads. */
export const ISOLATED: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export interface SiteOptions {
  readonly folder: string;
  /** Address of the page's module. */
  readonly module: string;
  /** For a page that loads modules by the names of packages. */
  readonly importMap?: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** Serves until `close`. */
export async function serve(options: SiteOptions): Promise<{ address: string; close: () => void }> {
  const { folder, module, importMap, headers } = options;
  const map = importMap ? `<script type="importmap">${JSON.stringify(importMap)}</script>` : '';
  const html = `<!doctype html><link rel="icon" href="data:,">${map}<script type="module" src="${module}"></script>`;
  const server = createServer(({ url = '/' }, response) => {
    const path = normalize(new URL(url, 'http://localhost').pathname);
    const file = join(folder, path);
    const found = path !== '/' && existsSync(file) && statSync(file).isFile();
    const type = path === '/' ? 'text/html' : (TYPES[extname(file)] ?? 'application/octet-stream');
    response.writeHead(path === '/' || found ? 200 : 404, { ...headers, 'Content-Type': type });
    response.end(path === '/' ? html : found ? readFileSync(file) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
