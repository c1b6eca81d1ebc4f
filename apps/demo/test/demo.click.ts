import { AxeBuilder } from '@axe-core/playwright';
import { browser as launchOptions } from '@tooling/vitest/browser';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';
import { build, preview, type PreviewServer } from 'vite';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const command = join(root, '../../packages/simile/src/cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'simile-demo-'));
const outDir = join(folder, 'page');
/** Screenshots are kept where this says. */
const pictures = process.env['DEMO_SCREENSHOTS'];

/** Machines that test are busy. */
const patiently = { timeout: 60_000 };

let server: PreviewServer;
const browsers: Browser[] = [];

beforeAll(async () => {
  await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  server = await preview({ root, logLevel: 'warn', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
});

afterAll(async () => {
  for (const browser of browsers) await browser.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const launch = async (args: (given: readonly string[]) => string[]): Promise<Browser> => {
  const options = launchOptions();
  const browser = await chromium.launch({ ...options, args: args(options.args ?? []) });
  browsers.push(browser);
  return browser;
};
let plain: Promise<Browser> | undefined;
let withGpu: Promise<Browser> | undefined;
/** Drawing a page on a GPU made of software takes most of a test's time: only those that compute there have one. */
const browserFor = (gpu: boolean): Promise<Browser> =>
  gpu
    ? (withGpu ??= launch((given) => [...given]))
    : (plain ??= launch((given) => [
        ...given.filter((flag) => !/gl=|angle=|swiftshader|webgpu/.test(flag)),
        '--disable-gpu',
      ]));

/** Runs a job on a fresh page; anything outside the host, and any error of the page, fails it. */
async function onPage(
  act: (page: Page) => Promise<void>,
  { gpu = false, ...options }: BrowserContextOptions & { gpu?: boolean } = {},
): Promise<void> {
  const browser = await browserFor(gpu);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce', // a GPU made of software is slow
    ...options,
  });
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

async function choose(page: Page, backend: string): Promise<void> {
  if (!(await page.locator('#backend-form').isVisible())) await page.getByText('Where to compute').click();
  await page.getByRole('radio', { name: backend }).check();
}

async function train(page: Page, steps: number, images = 1000): Promise<void> {
  await page.getByLabel('Images to calibrate on').fill(String(images));
  await page.getByLabel('Steps').fill(String(steps));
  await page.getByRole('button', { name: 'Train' }).click();
  await page.locator('#train-status', { hasText: /after/ }).waitFor();
  await expect.poll(() => page.locator('#strips image').count(), patiently).toBe(60);
}

/** What axe-core finds wrong, in words. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
  );
}

/** How much of the map is drawn on: the share of its pixels. */
function mapInk(page: Page): Promise<number> {
  return page.locator('#map').evaluate((canvas: HTMLCanvasElement) => {
    if (canvas.width === 0) return 0;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((alpha, i) => i % 4 === 3 && alpha > 128).length / (canvas.width * canvas.height);
  });
}

function mapPicture(page: Page): Promise<string> {
  return page.locator('#map').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
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

/** Keeps the file that a button or link hands out. */
async function download(page: Page, role: 'button' | 'link', name: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole(role, { name }).click()]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

/** The command of the package `simile`, in a process of its own. */
async function simile(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=source', '--no-warnings', command, ...words],
    { cwd: folder },
  );
  return stdout;
}

async function screenshot(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

test('on wasm a person trains, looks, slides, draws, teaches a class, finds it, and takes the model to Node', async () => {
  await onPage(async (page) => {
    expect(await violations(page)).toEqual([]);
    await choose(page, 'wasm');
    await train(page, 20);
    expect(await page.locator('#backend-status').innerText()).toMatch(/^Computing on simile-wasm .*you asked for it/);
    expect(await page.locator('#train-status').innerText()).toMatch(/^Trained after 20 steps/);
    expect(await page.locator('#index-status').innerText()).toMatch(/^200 images in the index, 64 numbers each/);
    const share = Number(/digits ([\d.]+) %/.exec(await page.locator('#index-status').innerText())![1]);
    expect(share).toBeGreaterThan(60); // chance is 10

    // The map has a place for each image, and tells how pure each class is.
    expect(await page.locator('#map-legend li').count()).toBe(10);
    expect(await mapInk(page)).toBeGreaterThan(0.01);
    const before = await mapPicture(page);
    await page.getByLabel('Neighbourhoods (UMAP)').check({ force: true });
    await expect.poll(() => mapPicture(page), patiently).not.toBe(before);

    // The slider: nothing is believed at 0, everything at the end, and the sentence of the search follows.
    await page.getByRole('button', { name: 'Search for this 5' }).first().click();
    await page.locator('#search-status', { hasText: 'Taken for “' }).waitFor();
    expect(await page.locator('#search-strip image').count()).toBe(6);
    const slider = page.getByLabel('Distance up to which a match is believed');
    await slider.press('Home');
    await page.locator('#verdict', { hasText: 'Unknown' }).waitFor();
    expect(await page.locator('#at-recall').innerText()).toBe('0.0 %');
    expect(await page.locator('#at-unknown').innerText()).toMatch(/^1000 of/);
    await slider.press('End');
    await page.locator('#verdict', { hasText: 'Taken for' }).waitFor();
    expect(await page.locator('#at-recall').innerText()).toBe('100.0 %');
    await page.getByRole('button', { name: 'Back to the best F1' }).click();
    const believed = await page.locator('#at-distance').innerText();
    expect(await page.locator('#index-status').innerText()).toContain(`F1 is best at ${believed}`);

    // While a stroke is being drawn, the verdict is there already.
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('#verdict', { hasText: 'Draw a digit' }).waitFor();
    const box = (await page.locator('#pad').boundingBox())!;
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.2 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.8 * box.height, { steps: 10 });
    await page.locator('#verdict', { hasText: /Taken for|Unknown/ }).waitFor();
    await page.mouse.up();

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
    await page.locator('#search-status', { hasText: 'Taken for “<b>cross</b>”' }).waitFor();
    expect(await page.locator('#search-strip svg b, #verdict b').count()).toBe(0); // a label is never markup
    await expect.poll(() => page.locator('#map-legend li').count(), patiently).toBe(11);

    const drawing = await download(page, 'button', 'Save PNG');
    await page.getByRole('button', { name: 'Download the model' }).click();
    const model = await download(page, 'link', 'digits.simile');
    for (const details of ['A test digit of each class', 'What is taken for what']) {
      await page.locator('summary', { hasText: details }).click();
    }
    expect(await violations(page)).toEqual([]);
    await screenshot(page, 'wasm');

    await page.getByRole('button', { name: 'Forget' }).click();
    await page.locator('#teach-status', { hasText: '200 images' }).waitFor();
    await expect.poll(() => page.locator('#map-legend li').count(), patiently).toBe(10);
    await page.locator('#verdict', { hasText: /Taken for \d|Unknown/ }).waitFor();

    // What was downloaded knows the class still, and the distance that was chosen.
    const info = await simile('info', model);
    expect(info).toContain('records     203 of dimension 64');
    expect(info).toContain('<b>cross</b> (3)');
    const chosen = Number(/chosen +distance (\S+),/.exec(info)![1]);
    expect(Math.abs(chosen / Number(believed) - 1)).toBeLessThan(0.01);
    expect(await simile('match', model, drawing)).toMatch(/^.*drawing\.png: <b>cross<\/b>, distance \S+ \(nearest: /);

    // Another backend takes the model along.
    await choose(page, 'cpu');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.locator('#backend-status', { hasText: 'Computing on cpu' }).waitFor();
    expect(await page.locator('#backend-status').innerText()).toContain('moved along, with 200 images');
    await page.getByRole('button', { name: 'Search for this 1' }).first().click();
    await page.locator('#search-status', { hasText: 'Taken for “1”' }).waitFor();
  });
});

test('training is stopped and goes on with what was learnt, or is cancelled; a failure is told where one looks', async () => {
  await onPage(async (page) => {
    await choose(page, 'wasm');
    const refuse = (route: { fulfill(answer: object): Promise<void> }): Promise<void> =>
      route.fulfill({ status: 200, body: 'no digits' });
    await page.route('**/digits.bin', refuse);
    await page.getByLabel('Steps').fill('5000');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.locator('#train-status.error').waitFor();
    expect(await page.locator('#train-status').innerText()).toContain('what came is damaged, or another file');
    await page.unroute('**/digits.bin', refuse);

    await page.getByRole('button', { name: 'Train' }).click();
    await page.locator('#train-numbers', { hasText: /of 5000 steps/ }).waitFor();
    expect(await page.locator('#loss-curve svg').count()).toBe(1);
    await expect.poll(() => page.locator('#map-legend li').count(), patiently).toBe(10); // while it trains
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('#train-status', { hasText: 'Cancelled.' }).waitFor();
    expect(await page.locator('#index-section').isVisible()).toBe(false);

    await page.getByLabel('Images to calibrate on').fill('20');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.locator('#train-numbers', { hasText: /of 5000 steps/ }).waitFor();
    await page.getByRole('button', { name: 'Stop and go on' }).click();
    await page.locator('#train-status', { hasText: 'Stopped after' }).waitFor();
    await page.locator('#index-status', { hasText: '200 images' }).waitFor();
  });
});

for (const backend of ['webgl', 'webgpu']) {
  test(`the job works on ${backend}`, async () => {
    await onPage(
      async (page) => {
        await choose(page, backend);
        await train(page, 1, 20);
        expect(await page.locator('#backend-status').innerText()).toContain(`Computing on ${backend}`);
        // Nothing but zeros is what a GPU gives that refuses a kernel.
        expect(await page.locator('#train-numbers').innerText()).toMatch(/loss 1\.\d/);
        expect(await mapInk(page)).toBeGreaterThan(0.01);
        await page.getByRole('button', { name: 'Search for this 8' }).first().click();
        await page.locator('#search-status', { hasText: 'Taken for' }).waitFor();
        await screenshot(page, backend);
      },
      { gpu: true },
    );
  });
}

test('on a narrow phone, in the dark, nothing is wider than the screen, and all can be read', async () => {
  const phone = { viewport: { width: 360, height: 780 }, colorScheme: 'dark' } as const;
  await onPage(async (page) => {
    await choose(page, 'wasm');
    await train(page, 3, 100);
    await page.getByRole('button', { name: 'Search for this 8' }).first().click();
    await page.locator('#search-status', { hasText: 'Taken for' }).waitFor();
    const { wide, room } = await page.evaluate(() => {
      return { wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth };
    });
    expect(wide).toBeLessThanOrEqual(room);
    expect(await violations(page)).toEqual([]);
    await screenshot(page, 'phone');
  }, phone);
});
