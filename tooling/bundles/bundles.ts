import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '@tooling/checks/run';
import { browser as launchOptions } from '@tooling/vitest/browser';
import { chromium, type Browser } from 'playwright';
import { bundleForNode, bundlers } from './bundlers.ts';
import { importMap } from './import-map.ts';
import { ISOLATED, serve, type SiteOptions } from './serve.ts';

const MINUTE = 60_000;
const NEAREST = '41 at 0, 40 at 1, 42 at 1';
const SIMD = 'wasm (relaxed-)?simd';

/** What fixtures/program.js answers, with as many threads as the host lets two be. */
const program = (threads: string): string[] => [
  `flat \\(${SIMD}\\), chosen for 2,000,000 records or fewer`,
  'flat \\(scalar\\)',
  `hnsw i4 \\(${SIMD}${threads}\\)`,
  `worker with hnsw i4 \\(${SIMD}\\)`,
  `2 shards of worker with flat \\(${SIMD}\\)`,
];
const OWN_WORKER = `worker with flat \\(${SIMD}\\)`;

let browser: Browser;
const work = mkdtempSync(join(tmpdir(), 'simile-bundles-'));

before(async () => {
  browser = await chromium.launch(launchOptions());
});

after(async () => {
  await browser.close();
  rmSync(work, { recursive: true });
});

/** Opens a page and holds its answers against patterns of engines. Any error of the page, and any request elsewhere, is one. */
async function check(site: SiteOptions, engines: readonly string[]): Promise<void> {
  const server = await serve(site);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('request', (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(server.address))
        problems.push(request.url());
    });
    const told = page.waitForEvent('console', { timeout: MINUTE });
    await page.goto(server.address);
    const message = await told;
    assert.equal(message.type(), 'log', message.text());
    compare(JSON.parse(message.text()) as string[], engines);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
    server.close();
  }
}

function compare(answers: readonly string[], engines: readonly string[]): void {
  const wanted = engines.map((engine) => new RegExp(`^${engine}: ${NEAREST}$`));
  assert.equal(answers.length, engines.length, answers.join('\n'));
  answers.forEach((answer, i) => assert.match(answer, wanted[i]!));
}

for (const [name, bundle] of Object.entries(bundlers)) {
  test(
    `a bundle by ${name} answers, with threads in an isolated page and without in another`,
    { timeout: 3 * MINUTE },
    async () => {
      const folder = join(work, name);
      await bundle(folder);
      const site = { folder, module: '/page.js' };
      await check({ ...site, headers: ISOLATED }, [...program(', 3 threads'), OWN_WORKER]);
      await check({ ...site, headers: {} }, [...program(''), OWN_WORKER]);
    },
  );
}

test('a page without a bundler answers, by an import map', { timeout: MINUTE }, async () => {
  const site = { folder: root, module: '/tooling/bundles/fixtures/plain.js', importMap: importMap(root) };
  await check({ ...site, headers: ISOLATED }, program(', 3 threads'));
});

test(
  'a page whose policy allows no script from a text answers, with kernels and scripts as files',
  { timeout: MINUTE },
  async () => {
    const site = { folder: root, module: '/tooling/bundles/fixtures/page-strict.js', importMap: importMap(root) };
    const policy =
      "default-src 'self'; img-src data:; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'";
    const headers = { ...ISOLATED, 'Content-Security-Policy': policy };
    await check({ ...site, headers }, [`hnsw i4 \\(${SIMD}, 3 threads\\)`, `worker with hnsw i4 \\(${SIMD}\\)`]);
  },
);

const floor = process.env['FLOOR_NODE'] ?? join(root, 'node_modules/node-floor/bin/node');
const skip = existsSync(floor) ? false : 'node-floor is for Linux x64 only: set FLOOR_NODE to a Node 20.19';

test('the oldest Node answers, from packages and from a bundle', { skip, timeout: MINUTE }, async () => {
  for (const file of [join(import.meta.dirname, 'fixtures/node.js'), await bundleForNode(work)]) {
    const printed = execFileSync(floor, [file], {
      encoding: 'utf8',
      timeout: MINUTE,
      env: { PATH: process.env['PATH'] },
    });
    compare(printed.trim().split('\n'), program(', 2 threads'));
  }
});
