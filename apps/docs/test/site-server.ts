// Serves the built site the way a plain static host does, for tests that click through it. Build it first: pnpm --filter docs build
import { browser as launchOptions } from '@tooling/vitest/browser';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';

/** Where `pnpm --filter docs build` puts the site, or another folder that `DOCS_DIST` names. */
export const dist: string = process.env['DOCS_DIST'] ?? join(import.meta.dirname, '../dist');

/** Headers with which a page is isolated, so that it has shared memory and threads. */
export const isolation: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export interface Site {
  /** Address of the home page, with a slash at the end: `http://127.0.0.1:1234/a/b/`. */
  readonly home: string;
  /** Addresses that were asked for and are not there. */
  readonly missing: string[];
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves a folder under a path of a host that does nothing else: no rewriting, `index.html` for folders, `404.html` for what is missing.
 *
 * @param options.under Path that the site lies under, with slashes at both ends; `/` unless given.
 * @param options.headers Sent with every answer: {@link isolation}, or none.
 */
export async function serveSite({
  under = '/',
  headers = {},
  folder = dist,
}: { under?: string; headers?: Readonly<Record<string, string>>; folder?: string } = {}): Promise<Site> {
  if (!existsSync(join(folder, 'index.html'))) throw new Error(`${folder} holds no site: pnpm --filter docs build`);
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    const file = path.startsWith(under) ? fileAt(folder, path.slice(under.length)) : undefined;
    if (!file && !path.endsWith('/favicon.ico')) missing.push(path);
    const shown = file ?? join(folder, '404.html');
    response.writeHead(file ? 200 : 404, {
      'Content-Type': types[extname(shown)] ?? 'application/octet-stream',
      ...headers,
    });
    response.end(existsSync(shown) ? readFileSync(shown) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    home: `http://127.0.0.1:${port}${under}`,
    missing,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function fileAt(folder: string, path: string): string | undefined {
  if (path.split('/').includes('..')) return undefined;
  const file = join(folder, path === '' || path.endsWith('/') ? `${path}index.html` : path);
  return existsSync(file) && statSync(file).isFile() ? file : undefined;
}

/** Chromium with WebGL and WebGPU on the processor, and with flags of its own. */
export function launch(flags: readonly string[] = []): Promise<Browser> {
  const options = launchOptions();
  return chromium.launch({ ...options, args: [...(options.args ?? []), ...flags] });
}

/**
 * Does a job on a fresh page. An error of the page, an error on its console, or a request to anywhere but the site fails it.
 *
 * @param path Below the home page: `guides/backends.html#table`.
 */
export async function onPage(
  browser: Browser,
  site: Site,
  path: string,
  act: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const problems = watch(page, site);
    await page.goto(site.home + path, { waitUntil: 'load' });
    await act(page);
    if (problems.length > 0) throw new Error(`${path}: ${problems.join('\n')}`);
  } finally {
    await context.close();
  }
}

/** Collects what must not happen on a page, from now on. */
function watch(page: Page, site: Site): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error.stack ?? error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(site.home) && !/^(blob|data|about):/.test(address)) problems.push(`outside: ${address}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return problems;
}
