// The playground of the built site, clicked through. Build it first: pnpm --filter docs build
import AxeBuilder from '@axe-core/playwright';
import { gzipSync } from 'node:zlib';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeNpy } from '@simile/index';
import { dist, launch, onPage, serveSite, type Site } from './site-server.ts';

/** Screenshots are kept where this says. */
const pictures = process.env['DOCS_SCREENSHOTS'];

let site: Site;
let browser: Browser;

beforeAll(async () => {
  const folder = process.env['DOCS_FOLDER'] ?? dist;
  [site, browser] = await Promise.all([serveSite({ under: '/some/where/', folder }), launch()]);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function write(page: Page, code: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(code);
}

async function run(page: Page, ends = 'Done'): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('.play-state', { hasText: ends }).waitFor();
}

async function screenshot(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

async function violations(page: Page): Promise<string[]> {
  // What changes while axe looks, such as the editor's lines, makes it stumble.
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let timer = setTimeout(resolve, 500);
        new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(resolve, 500);
        }).observe(document.querySelector('.playground')!, { subtree: true, childList: true, attributes: true });
      }),
  );
  const { violations: found } = await new AxeBuilder({ page }).include('.playground').analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
}

test('an example is opened, run and shown, and little is loaded for it', async () => {
  await onPage(browser, site, 'playground.html', async (page) => {
    const sizes = new Map<string, number>();
    page.on('response', async (response) => {
      const body = await response.body().catch(() => Buffer.alloc(0));
      sizes.set(response.url(), gzipSync(body).length);
    });
    await page.reload();
    await page.locator('.cm-content').waitFor();
    await page.getByRole('button', { name: 'Twenty lines' }).click();
    await run(page);
    const output = page.getByRole('log');
    await expect.poll(() => output.innerText()).toMatch(/right at the first place: 0\.9/);
    const picture = output.getByRole('img', { name: /^A query and its nearest neighbours/ });
    expect(await picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 100)).toBe(true);
    expect(await page.locator('.play-status').innerText()).toMatch(/live tensors: 0 before, \d+ after/);
    expect(await page.locator('.play-report').innerText()).toMatch(/Computing on simile-wasm/);
    await page.locator('.play-report summary').click();
    expect(await page.locator('.play-report').innerText()).toMatch(/Threads are off/);
    const typeHelp = /\/types\/|type-?(service|worker)|typescript/i;
    const bytes = [...sizes].filter(([address]) => !typeHelp.test(address)).reduce((sum, [, size]) => sum + size, 0);
    expect(bytes).toBeLessThan(2.5e6);
    await screenshot(page, 'playground');
  });
});

test('errors have their line, in the output and in the program; Ctrl-Enter runs', async () => {
  await onPage(browser, site, 'playground.html?example=19-retrieval-metrics', async (page) => {
    await page.locator('.cm-content', { hasText: 'console' }).waitFor();
    await write(page, 'const a = 1;\n\nthrow new Error(`no ${a}`);');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.locator('.play-state', { hasText: 'Failed' }).waitFor();
    expect(await page.getByRole('alert').innerText()).toMatch(/no 1[\s\S]*main\.ts, line 3/);
    await expect.poll(() => page.locator('.cm-lintRange-error').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Undo my changes' }).click();
    expect(await page.locator('.cm-content').innerText()).toContain('@simile/metrics');
  });
});

test('stop ends an endless loop, and the page goes on', async () => {
  await onPage(browser, site, 'playground.html', async (page) => {
    await page.locator('.cm-content').waitFor();
    await write(page, "console.log('begun');\nfor (;;);");
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('log').getByText('begun').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.play-state', { hasText: 'Stopped' }).waitFor();
    await write(page, 'console.log([[1, 2], [3, 4]]);');
    await run(page);
    expect(await page.getByRole('region', { name: '2 rows of 2' }).locator('td').allInnerTexts()).toContain('4');
  });
});

test('what a program draws is an image: a script in it does nothing, and text is never markup', async () => {
  await onPage(browser, site, 'playground.html', async (page) => {
    await page.locator('.cm-content').waitFor();
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="parent.hacked = 1"><script>window.hacked = 1; top.hacked = 1</script></svg>`;
    await write(
      page,
      `console.log({ svg: ${JSON.stringify(svg)}, title: '<img src=x onerror=hacked()>' });\nconsole.log('<b id="bold">');`,
    );
    await run(page);
    const output = page.getByRole('log');
    expect(await output.locator('img').count()).toBe(1);
    expect(await output.locator('svg, script, #bold').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  });
});

test('a program that came with a link is shown and not run', async () => {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(`${site.home}playground.html`);
  await page.locator('.cm-content').waitFor();
  await write(page, "console.log('from a link');");
  await page.getByRole('radio', { name: 'cpu' }).check();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.locator('.share-status', { hasText: 'clipboard' }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await context.close();
  await onPage(browser, site, link.slice(site.home.length), async (opened) => {
    await opened.locator('.cm-content', { hasText: 'from a link' }).waitFor();
    expect(await opened.getByRole('log').innerText()).toBe('This program came with a link. Read it, then press Run.');
    expect(await opened.getByRole('radio', { name: 'cpu' }).isChecked()).toBe(true);
    expect(await opened.locator('iframe').count()).toBe(0);
    await run(opened);
    expect(await opened.getByRole('log').innerText()).toContain('from a link');
  });
  await onPage(browser, site, 'playground.html#program=1.xxxx', async (opened) => {
    await opened.getByRole('alert').getByText('This link is damaged').waitFor();
  });
});

test('files of the reader are read by the program and stay in the page', async () => {
  await onPage(browser, site, 'playground.html', async (page) => {
    await page.locator('.cm-content').waitFor();
    await write(page, '// nothing yet');
    const vectors = writeNpy({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
    await page.locator('.play-pick').setInputFiles([
      { name: 'vectors.npy', mimeType: 'application/octet-stream', buffer: Buffer.from(vectors) },
      { name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from('1,2\n3,4\n') },
    ]);
    await page.getByRole('button', { name: 'Read data/mine/vectors.npy in the program' }).click();
    await page.getByRole('button', { name: 'Read data/mine/rows.csv in the program' }).click();
    await run(page);
    const output = await page.getByRole('log').innerText();
    expect(output).toMatch(/shape: \[ 2, 3 \]/);
    expect(output).toMatch(/2 rows of 2/);
    await page.getByRole('button', { name: 'Remove data/mine/rows.csv' }).click();
    expect(await page.locator('.play-files li').count()).toBe(1);
  });
});

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
] as const)('in %s, %i pixels wide, it fits and axe finds nothing', async (colorScheme, width) => {
  const options = { colorScheme, viewport: { width, height: 900 } };
  await onPage(
    browser,
    site,
    'playground.html?example=19-retrieval-metrics',
    async (page) => {
      await page.locator('.cm-content').waitFor();
      await run(page);
      await write(
        page,
        'console.log(new Float32Array(30), { done: 1, total: 2 });\nconsole.log({ done: 1, total: 2 });\nnull!.x;',
      );
      await run(page, 'Failed');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await violations(page)).toEqual([]);
      await screenshot(page, `playground-${colorScheme}-${width}`);
    },
    options,
  );
});
