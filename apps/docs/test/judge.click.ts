import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toLink } from '../src/share/link.ts';
import { launch, onPage, serveSite, type Site } from './site-server.ts';

const pictures = process.env['DOCS_SCREENSHOTS'];
/** For a whole suite on a backend that draws on a processor. */
const PATIENCE = 200_000;

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

const onJudge = (act: (page: Page) => Promise<void>, path = 'judge.html', options: object = {}): Promise<void> =>
  onPage(
    browser,
    site,
    path,
    async (page) => {
      await page.getByRole('button', { name: 'Judge my loss' }).waitFor();
      await act(page);
    },
    options,
  );

const linkTo = (entry: string, code: string): string =>
  `judge.html#${toLink({ page: 'judge', files: { [entry]: code }, entry, options: { backends: 'cpu' } })}`;

async function judge(page: Page, outcome: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Judge my loss' }).click();
  await page.locator('.judge-status', { hasText: outcome }).waitFor({ timeout: PATIENCE });
}

async function only(page: Page, ...backends: string[]): Promise<void> {
  for (const name of ['cpu', 'wasm', 'webgl', 'webgpu']) {
    await page.getByLabel(name, { exact: true }).setChecked(backends.includes(name));
  }
}

async function screenshot(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `judge-${name}.png`), fullPage: true });
}

test('the loss that one begins with passes every check on every backend, with its numbers', () =>
  onJudge(async (page) => {
    await judge(page, /checks passed/);
    expect(await page.locator('.judge-card').allInnerTexts()).toEqual(
      ['cpu', 'wasm', 'webgl', 'webgpu'].map((backend) =>
        expect.stringMatching(new RegExp(`^${backend}\\s+(\\d+) of \\1 passed`)),
      ),
    );
    const oracle = page.getByRole('row', { name: 'agrees with the oracle', exact: false }).first();
    expect(await oracle.locator('td').allTextContents()).toEqual(
      Array.from({ length: 4 }, () =>
        expect.stringMatching(/passed: 10 numbers compared, the furthest \S+ away where 0\.0+1 is allowed/),
      ),
    );
    expect(await page.locator('.judge-failure').count()).toBe(0);
    await screenshot(page, 'right');
  }));

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 360],
] as const) {
  test(`a loss with a mistake fails where it should, with the batch that broke it, ${colorScheme}, ${width} px`, () =>
    onJudge(
      async (page) => {
        await only(page, 'cpu');
        await page.getByLabel('Begin from').selectOption('mistake');
        await judge(page, /checks failed; below is what broke the loss/);
        const paper = page.locator('.judge-failure').first();
        await paper.getByText('gives the value worked out on paper, case 1').waitFor();
        // The sum over positives is 2 · 4, over negatives 4 · 5; of 9 pairs, three of them of a row with itself: 28 / 9.
        await paper.getByText('the value is 3.111111').waitFor();
        expect(await paper.locator('.judge-batch tbody tr').allInnerTexts()).toEqual(['0\t0\t0', '1\t0\t2', '2\t1\t3']);
        // What does not hang on the mean still holds.
        const finite = page.getByRole('row', { name: 'is finite, and so is its gradient: one class' }).first();
        expect(await finite.locator('td').textContent()).toContain('passed');
        await page.locator('.judge-failure summary').nth(1).click();
        const { violations } = await new AxeBuilder({ page }).include('.judge').analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await screenshot(page, `mistake-${colorScheme}`);
      },
      'judge.html',
      { colorScheme, viewport: { width, height: 900 } },
    ));
}

test('an endless loss is stopped, and the judge works on', () =>
  onJudge(
    async (page) => {
      await page.getByRole('button', { name: 'Judge my loss' }).click();
      await page.locator('.judge-printed', { hasText: 'round and round' }).waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.locator('.judge-status', { hasText: 'Stopped.' }).waitFor();
      await page.getByLabel('Begin from').selectOption('contrastive');
      await judge(page, /checks passed/);
    },
    linkTo('loss.ts', "console.log('round and round');\nfor (;;) {}\n"),
  ));

test('an error of the program is said, and marked under its line', () =>
  onJudge(
    async (page) => {
      await judge(page, /The loss could not be judged: no such thing \(line 3\)/);
      await page.locator('.judge-editor .cm-lint-marker-error').first().waitFor();
    },
    linkTo('loss.ts', "export const loss = 1;\n\nthrow new Error('no such thing');\n"),
  ));

test('losses of a plugin appear in the lab and move its points', () =>
  onJudge(async (page) => {
    await page.getByRole('button', { name: 'Load into the lab' }).click();
    await page.getByText('Loaded: only-pull, springs-and-charges.').waitFor();
    const lab = page.locator('.judge-lab');
    await lab.getByLabel('loss', { exact: true }).selectOption('springs-and-charges');
    const value = lab.locator('.lab-value');
    await value.filter({ hasText: /loss \S+ · step 0/ }).waitFor();
    const before = Number(/loss (\S+)/.exec(await value.innerText())![1]);
    await lab.getByRole('button', { name: 'Step' }).click();
    await value.filter({ hasText: 'step 1' }).waitFor();
    expect(Number(/loss (\S+)/.exec(await value.innerText())![1])).toBeLessThan(before);
    await screenshot(page, 'plugin');
  }));

test.each([
  ["export default { spec: 2, name: 'mine' };", 'plugin mine: spec must be 1, but got 2'],
  [
    "import { definePlugin } from '@simile/core';\nexport default definePlugin({ spec: 1, name: 'mine' });",
    'The plugin has no losses',
  ],
  ['export default {', 'The plugin could not be loaded'],
])('a module that is no plugin is said to be none (%#)', (code, sentence) =>
  onJudge(
    async (page) => {
      await page.getByRole('button', { name: 'Load into the lab' }).click();
      await page.locator('.judge-status', { hasText: sentence }).waitFor();
      expect(await page.locator('.judge-lab .loss-lab').count()).toBe(0);
    },
    linkTo('plugin.ts', code),
  ),
);
