import { browser as launchOptions } from '@tooling/vitest/browser';
import { chromium, type Browser, type Page } from 'playwright';
import { build, preview, type PreviewServer } from 'vite';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const outDir = mkdtempSync(join(tmpdir(), 'simile-demo-'));
/** Screenshots are kept where this says. */
const pictures = process.env['DEMO_SCREENSHOTS'];

let server: PreviewServer;
let browser: Browser;

beforeAll(async () => {
  await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  server = await preview({ root, logLevel: 'warn', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  browser = await chromium.launch(launchOptions());
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(outDir, { recursive: true, force: true });
});

/** Runs a job on a fresh page; anything outside the host, and any error of the page, fails it. */
async function onPage(act: (page: Page) => Promise<void>, options: object = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(280_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  const home = server.resolvedUrls!.local[0]!;
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(home) && !/^(blob|data):/.test(address)) problems.push(`outside: ${address}`);
  });
  try {
    await page.goto(home);
    await act(page);
    expect(problems).toEqual([]);
  } finally {
    await context.close();
  }
}

async function start(page: Page, backend: string): Promise<void> {
  await page.getByRole('radio', { name: backend }).check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('#train:enabled').waitFor();
}

async function train(page: Page, steps: number, images = 1000): Promise<void> {
  await page.getByLabel('Images to calibrate on').fill(String(images));
  await page.getByLabel('Steps').fill(String(steps));
  await page.getByRole('button', { name: 'Train' }).click();
  await page.locator('#train-status', { hasText: /after/ }).waitFor();
  await page.locator('#teach-section:visible').waitFor();
}

/** A cross of two strokes, which is no digit. */
async function drawCross(page: Page, shift: number): Promise<void> {
  const pad = page.locator('#pad');
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  for (const [fromX, fromY, toX, toY] of [
    [0.25, 0.25, 0.75, 0.75],
    [0.75, 0.25, 0.25, 0.75],
  ] as const) {
    await page.mouse.move(box.x + fromX * box.width + shift, box.y + fromY * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + toX * box.width, box.y + toY * box.height + shift, { steps: 8 });
    await page.mouse.up();
  }
}

async function screenshot(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

test('on wasm a person trains, looks, searches by drawing, teaches a class and finds it again', async () => {
  await onPage(async (page) => {
    await start(page, 'wasm');
    expect(await page.locator('#backend-status').innerText()).toContain('simile-wasm');
    await train(page, 20);
    expect(await page.locator('#train-status').innerText()).toMatch(/^Trained after 20 steps/);
    expect(await page.locator('#index-status').innerText()).toMatch(/^200 images in the index, 64 numbers each/);
    const share = Number(/digits ([\d.]+) %/.exec(await page.locator('#index-status').innerText())![1]);
    expect(share).toBeGreaterThan(60); // chance is 10

    // Ten strips of a query and five neighbours, each with its image.
    await expect.poll(() => page.locator('#strips image').count()).toBe(60);
    await page.getByRole('button', { name: 'Search for this 5' }).first().click();
    await page.locator('#search-status', { hasText: 'Taken for' }).waitFor();
    expect(await page.locator('#search-strip image').count()).toBe(7);

    for (const shift of [-12, 0, 12]) {
      await page.getByRole('button', { name: 'Clear' }).click();
      await drawCross(page, shift);
      await page.locator('#search-status', { hasText: 'Taken for' }).waitFor();
      await page.getByRole('button', { name: 'Use as example' }).click();
    }
    expect(await page.locator('#examples canvas').count()).toBe(3);
    await page.getByLabel('Name of the class').fill('<b>cross</b>');
    await page.getByRole('button', { name: 'Teach' }).click();
    await page.locator('#teach-status', { hasText: '203 images' }).waitFor();
    await drawCross(page, 6);
    // Each stroke is searched for; the whole cross comes last.
    await page.locator('#search-status', { hasText: 'Taken for “<b>cross</b>”' }).waitFor();
    expect(await page.locator('#search-strip svg b').count()).toBe(0); // a label is never markup
    await screenshot(page, 'wasm');

    await page.getByRole('button', { name: 'Forget' }).click();
    await page.locator('#teach-status', { hasText: '200 images' }).waitFor();
  });
});

test('training that is stopped goes on with what was learnt', async () => {
  await onPage(async (page) => {
    await start(page, 'wasm');
    await page.getByLabel('Steps').fill('5000');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.locator('#train-numbers', { hasText: /of 5000 steps/ }).waitFor();
    expect(await page.locator('#loss-curve svg').count()).toBe(1);
    await page.getByRole('button', { name: 'Stop and go on' }).click();
    await page.locator('#train-status', { hasText: 'Stopped after' }).waitFor();
    await page.locator('#index-status', { hasText: '200 images' }).waitFor();
  });
});

for (const backend of ['webgl', 'webgpu']) {
  test(`the job works on ${backend}`, async () => {
    await onPage(async (page) => {
      await start(page, backend);
      expect(await page.locator('#backend-status').innerText()).toContain(`Computing on ${backend}`);
      await train(page, 1, 20);
      await expect.poll(() => page.locator('#strips image').count()).toBe(60);
      // Nothing but zeros is what a GPU gives that refuses a kernel.
      expect(await page.locator('#train-numbers').innerText()).toMatch(/loss 1\.\d/);
      await page.getByRole('button', { name: 'Search for this 8' }).first().click();
      await page.locator('#search-status', { hasText: 'Taken for' }).waitFor();
      await screenshot(page, backend);
    });
  });
}

test('on a phone, in the dark, nothing is wider than the screen', async () => {
  const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' };
  await onPage(async (page) => {
    await start(page, 'wasm');
    await train(page, 3, 100);
    const { wide, room } = await page.evaluate(() => {
      return { wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth };
    });
    expect(wide).toBeLessThanOrEqual(room);
    await screenshot(page, 'phone');
  }, phone);
});
