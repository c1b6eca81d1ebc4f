import AxeBuilder from '@axe-core/playwright';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unpackDeclarations } from '../src/editor/declarations/pack-declarations.ts';
import { createTypeService } from '../src/editor/types/type-service.ts';
import { dist, launch, onPage, serveSite, type Site } from './site-server.ts';

const pictures = process.env['DOCS_SCREENSHOTS'];
const SOON = { timeout: 30_000 };

let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite({ under: '/a/b/' });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Does a job on a page with an editor, once its types are there. */
const onEditor = (act: (page: Page) => Promise<void>, options: object = {}): Promise<void> =>
  onPage(
    browser,
    site,
    'judge.html',
    async (page) => {
      await page.locator('.judge-editor .editor-hint[data-types=on]').first().waitFor();
      await act(page);
    },
    options,
  );

/** Puts the cursor at the end of the first editor and types there. */
async function append(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'The loss and its oracle' }).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

async function screenshot(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `editor-${name}.png`) });
}

test('options of a loss are completed from what the packages publish, with their documentation', () =>
  onEditor(async (page) => {
    await append(page, '\nconst d = euclidean().me');
    await page.locator('.cm-tooltip-autocomplete li', { hasText: 'metric' }).waitFor();
    await page.locator('.cm-completionInfo', { hasText: 'Distance.metric' }).waitFor();
    await screenshot(page, 'completion');
    await page.waitForTimeout(200); // CodeMirror takes no key for a moment after the list appears
    await page.keyboard.press('Enter');
    await page.locator('.cm-line', { hasText: 'euclidean().metric' }).waitFor();
  }));

test('the type under the pointer, and with a key that at the cursor, is shown', () =>
  onEditor(async (page) => {
    await page.getByText('euclidean', { exact: true }).first().scrollIntoViewIfNeeded();
    await page.locator('.cm-line', { hasText: 'defineLoss, meanOfValid' }).hover({ position: { x: 90, y: 10 } });
    await page.locator('.cm-description', { hasText: 'defineLoss(name: string' }).waitFor();
    await screenshot(page, 'hover');
    await page.mouse.move(0, 0);
    await append(page, '\npairMasks');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+i');
    await page.locator('.cm-description', { hasText: 'pairMasks(labels: Relation' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.cm-description').waitFor({ state: 'detached' });
  }));

test('an error of types is marked under the code, moves with it, and goes when it is mended', () =>
  onEditor(async (page) => {
    await append(page, "\nconst wrong: number = 'text';");
    const mark = page.locator('.cm-lintRange-error');
    await expect.poll(() => mark.allInnerTexts(), SOON).toEqual(['wrong']);
    await mark.hover();
    await page.locator('.cm-diagnostic', { hasText: "Type 'string' is not assignable to type 'number'." }).waitFor();
    await screenshot(page, 'error');
    await page.mouse.move(0, 0);
    for (let i = 0; i < "'text';".length; i++) await page.keyboard.press('Backspace');
    await page.keyboard.type('5;');
    await expect.poll(() => mark.count(), SOON).toBe(0);
  }));

test('the keyboard gets in, indents, and gets out', () =>
  onEditor(async (page) => {
    await append(page, '\n');
    await page.keyboard.press('Tab');
    await page.keyboard.type('x');
    await expect
      .poll(() => page.locator('.judge-editor').first().locator('.cm-line').last().textContent(), SOON)
      .toBe('  x');
    await page.locator('.editor-hint', { hasText: 'Escape, then Tab, leaves the editor.' }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.cm-editor') ?? null)).toBeNull();
  }));

test('without declarations the editor works and says so', () =>
  onPage(browser, site, 'index.html', async (page) => {
    await page.route('**/declarations.bin', (route) => route.fulfill({ status: 200, body: 'no declarations' }));
    await page.goto(`${site.home}judge.html`);
    await page.locator('.editor-hint[data-types=failed]').first().waitFor();
    await append(page, '\nconst works = true;');
    await page.locator('.cm-line', { hasText: 'const works = true;' }).waitFor();
  }));

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 360],
] as const) {
  test(`axe finds nothing in an editor with errors and completions, ${colorScheme}, ${width} px`, () =>
    onEditor(
      async (page) => {
        await append(page, "\nconst wrong: number = 'text';\neuclidean().");
        await page.locator('.cm-tooltip-autocomplete li').first().waitFor();
        await page.locator('.cm-lintRange-error').first().waitFor();
        await screenshot(page, colorScheme);
        const axe = () => new AxeBuilder({ page }).include('.judge-editor');
        // One moves through completions with the arrow keys, from the text: the list itself takes no focus.
        const open = await axe().disableRules('scrollable-region-focusable').analyze();
        await page.keyboard.press('Escape');
        await page.locator('.cm-tooltip-autocomplete').waitFor({ state: 'detached' });
        const closed = await axe().analyze();
        const found = [...open.violations, ...closed.violations];
        expect(found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      },
      { colorScheme, viewport: { width, height: 800 } },
    ));
}

test('the compiler finds nothing wrong with any example, by the declarations that the site ships', () => {
  const declarations = unpackDeclarations(readFileSync(join(dist, 'types/declarations.bin')));
  const service = createTypeService(ts, declarations);
  const folder = join(import.meta.dirname, '../examples');
  const examples = readdirSync(folder).filter((name) => /^\d+-.*\.ts$/.test(name));
  expect(examples.length).toBeGreaterThan(0);
  const found = examples.flatMap((name) => {
    service.setFiles({ [name]: readFileSync(join(folder, name), 'utf8') });
    return service.errors(name).map(({ message }) => `${name}: ${message}`);
  });
  expect(found).toEqual([]);
});
