// The built site in a browser: under any path, with and without isolation, by mouse, by keyboard, on a phone, in the dark, for screen readers.
import AxeBuilder from '@axe-core/playwright';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Weight } from '../.vitepress/build/weigh.ts';
import { dist, isolation, launch, onPage, serveSite, type Site } from './site-server.ts';

/** Screenshots are kept where this says. */
const pictures = process.env['DOCS_SCREENSHOTS'];

/** One page of each kind. Live pieces have tests of their own. */
const kinds = [
  '',
  'start.html',
  'guides/evaluation.html',
  'guides/choosing-the-index.html',
  'errors.html',
  'decisions/index.html',
  'packages/losses.html',
  'units.html',
  'losses/index.html',
  'losses/triplet-margin.html',
];

let browser: Browser;
let site: Site;

beforeAll(async () => {
  browser = await launch();
  site = await serveSite({ under: '/a/b/' });
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function keep(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name || 'home'}.png`.replaceAll('/', '-')) });
}

describe.each([
  { under: '/', headers: {} },
  { under: '/a/b/', headers: {} },
  { under: '/simile/v1/', headers: isolation },
])('under $under with $headers', ({ under, headers }) => {
  test('pages load, and going from one to another stays below the path', async () => {
    const here = await serveSite({ under, headers });
    const isolated = Object.keys(headers).length > 0;
    await onPage(browser, here, 'guides/evaluation.html', async (page) => {
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
      const to = async (name: string, path: string): Promise<void> => {
        await page.getByRole('link', { name, exact: true }).first().click();
        await page.waitForURL(here.home + path);
      };
      await to('Calibration and “unknown”', 'guides/calibration.html');
      await to('Start here', 'start.html'); // up a folder: links that stayed must still be right
      await to('Decisions', 'decisions/');
      await page.locator('.vp-doc li a').first().click();
      await page.waitForURL(/decisions\/0001/);
      await to('Simile', '');
      await page.getByRole('heading', { level: 1, name: 'Teach a network what is alike' }).waitFor();
      await page.goBack();
      await page.waitForURL(/decisions\/0001/);
      await page.reload();
      await page.getByRole('heading', { level: 1 }).waitFor();
    });
    expect(here.missing).toEqual([]);
    await here.close();
  });
});

test('without scripts links and pictures work too', async () => {
  await onPage(
    browser,
    site,
    'guides/choosing-the-index.html',
    async (page) => {
      expect(await page.locator('img[src$=".avif"]').evaluate((image) => (image as HTMLImageElement).src)).toContain(
        site.home,
      );
      await page.getByRole('link', { name: 'The table of precisions' }).click();
      await page.getByRole('heading', { level: 1, name: 'Precisions of hnsw' }).waitFor();
    },
    { javaScriptEnabled: false },
  );
});

test('an address that is not there shows a way back, at any depth', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const path of ['gone.html', 'guides/x/y/gone.html']) {
    await page.goto(site.home + path);
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await expect.poll(() => page.locator('#home').getAttribute('href')).toBe(site.home);
  }
  await context.close();
  site.missing.length = 0;
});

test('the search finds units and guides without a network', async () => {
  await onPage(browser, site, 'start.html', async (page) => {
    await page.keyboard.press('Control+k');
    const field = page.getByRole('searchbox').or(page.locator('#localsearch-input'));
    await field.first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.context().setOffline(true);
    await field.first().fill('first R ranks precision');
    await page.locator('.results a').first().waitFor();
    await expect.poll(() => page.locator('.results').textContent(), { timeout: 30_000 }).toContain('Evaluation');
    await page.context().setOffline(false);
    await field.first().fill('triplet-margin hinge');
    await page.locator('.results a[href*="/losses/triplet-margin"]').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname.startsWith('/a/b/losses/'));
  });
});

test('by keyboard one skips to the text, opens a page and changes the theme', async () => {
  await onPage(browser, site, 'guides/memory.html', async (page) => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.VPContent') !== null)).toBe(true);
    const dark = (): Promise<boolean> => page.evaluate(() => document.documentElement.classList.contains('dark'));
    expect(await dark()).toBe(false);
    await page.getByRole('switch').first().focus();
    await page.keyboard.press('Enter');
    expect(await dark()).toBe(true);
    await page.reload(); // and it is kept
    expect(await dark()).toBe(true);
  });
});

test('the picture of the home page plays, stands still when told, and not at all where motion is unwanted', async () => {
  const step = (page: Page): Promise<number> =>
    page.locator('.sphere-loss').evaluate((line) => Number(/step (\d+)/.exec(line.textContent ?? '')?.[1]));
  await onPage(browser, site, '', async (page) => {
    await expect.poll(() => step(page)).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Pause' }).click();
    const at = await step(page);
    await page.getByRole('slider', { name: 'Step of the training' }).focus();
    await page.keyboard.press('Home');
    expect(at).toBeGreaterThan(0);
    expect(await step(page)).toBe(0);
    expect(await page.locator('.sphere circle[class^="class-"]').count()).toBe(72);
  });
  await onPage(
    browser,
    site,
    '',
    async (page) => {
      await page.getByRole('button', { name: 'Play' }).waitFor();
      const at = await step(page);
      await page.waitForTimeout(400);
      expect(await step(page)).toBe(at);
    },
    { reducedMotion: 'reduce' },
  );
});

test.each(kinds)(
  '/%s has nothing that axe objects to, in the light and in the dark, and is no wider than a phone',
  async (path) => {
    const act = async (page: Page): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expect
          .poll(() => page.evaluate(() => document.documentElement.classList.contains('dark')))
          .toBe(colorScheme === 'dark');
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ html }) => html)
              .slice(0, 3)
              .join(' ')}`,
        );
        expect(found, colorScheme).toEqual([]);
        await keep(page, `${path}-${colorScheme}`);
      }
      await page.setViewportSize({ width: 360, height: 740 });
      const { wide, room } = await page.evaluate(() => {
        return { wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth };
      });
      expect(wide).toBeLessThanOrEqual(room);
      await keep(page, `${path}-phone`);
    };
    await onPage(browser, site, path, act, { reducedMotion: 'reduce' });
  },
);

test('a guide offers an example, which is loaded only when asked for', async () => {
  await onPage(browser, site, 'guides/calibration.html', async (page) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('button', { name: 'Run an example of this here' }).click();
    await page.locator('.live-piece-playground .playground').waitFor();
    // The editor comes after the playground around it.
    await expect
      .poll(() => page.locator('.live-piece-playground').textContent(), { timeout: 30_000 })
      .toContain('calibrate');
    expect(asked.length).toBeGreaterThan(0);
  });
});

test('on paper there is the text and nothing to click', async () => {
  await onPage(browser, site, 'guides/evaluation.html', async (page) => {
    await page.emulateMedia({ media: 'print' });
    for (const hidden of ['.VPNav', '.VPSidebar', '.VPDocAside', '.VPDocFooter'])
      expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false);
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
  });
});

test('the first page weighs less than 200 kB, as the table of the build says', async () => {
  const table = JSON.parse(readFileSync(join(dist, 'weights.json'), 'utf8')) as Weight[];
  const home = table.find(({ page }) => page === 'index.html')!;
  const asked = new Set<string>();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.on('request', (request) => asked.add(new URL(request.url()).pathname.slice('/a/b/'.length) || 'index.html'));
  await page.goto(site.home, { waitUntil: 'networkidle' });
  await context.close();
  const weights = [...asked].map((name) => {
    const bytes = readFileSync(join(dist, name));
    return name.endsWith('.avif') ? bytes.length : gzipSync(bytes).length;
  });
  const measured = weights.reduce((total, weight) => total + weight, 0);
  expect(measured).toBeGreaterThan(50_000);
  expect(measured).toBeLessThan(200_000);
  expect(home.all).toBeLessThan(200_000);
  // The table counts every picture, the browser those near the window.
  expect(measured).toBeLessThan(home.all * 1.05);
});
