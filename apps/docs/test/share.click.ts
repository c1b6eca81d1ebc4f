import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toLink } from '../src/share/link.ts';
import { launch, onPage, serveSite, type Site } from './site-server.ts';

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

const link = toLink({
  page: 'judge',
  files: { 'loss.ts': "console.log('it ran');\nexport const loss = 1;\n" },
  entry: 'loss.ts',
  options: { backends: 'cpu', verdict: 'cpu 66/66' },
});
const status = (page: Page) => page.locator('.judge-status').first();

test('a link shows its program and does not run it', () =>
  onPage(browser, site, `judge.html#${link}`, async (page) => {
    await page.locator('.cm-line', { hasText: "console.log('it ran');" }).waitFor();
    expect(await status(page).innerText()).toBe(
      'This loss came with a link and has not been run. Whoever made it saw: cpu 66/66. Read it, then press Judge my loss.',
    );
    expect(await page.getByLabel('cpu').isChecked()).toBe(true);
    expect(await page.getByLabel('webgl').isChecked()).toBe(false);
    await page.waitForTimeout(1500); // longer than a sandbox takes to start
    expect(await page.locator('iframe').count()).toBe(0);
    // Pressed, it runs; and what is wrong with it is said.
    await page.getByRole('button', { name: 'Judge my loss' }).click();
    await page.locator('.judge-printed', { hasText: 'it ran' }).waitFor();
    await page.getByText('The loss could not be judged: The file must export a function `loss`').waitFor();
  }));

test.each([
  [link.slice(0, -3), 'This link is damaged: a part of it is missing or was changed.'],
  [`${link.slice(0, 40)}x${link.slice(41)}`, 'This link is damaged: a part of it is missing or was changed.'],
  ['program=7.AAAA', 'This link was made by a later version of this site (format 7).'],
  [
    `program=1.${'A'.repeat(150_000)}`,
    'This link is too long to be read: 150,010 characters, where 100,000 are the most.',
  ],
])('a link that cannot be read gets a sentence, and the page works (%#)', (hash, sentence) =>
  onPage(browser, site, `judge.html#${hash}`, async (page) => {
    await page.getByText(sentence).waitFor();
    await page.locator('.cm-line', { hasText: 'export function loss' }).waitFor();
  }),
);

test('a link that is copied opens as what it was copied from', () =>
  onPage(
    browser,
    site,
    'judge.html',
    async (page) => {
      await page.getByLabel('Begin from').selectOption('mistake');
      await page.getByRole('button', { name: 'Copy link' }).first().click();
      await page.getByText('The link is on the clipboard').waitFor();
      const address = await page.evaluate(() => navigator.clipboard.readText());
      expect(page.url()).toBe(address);
      await page.goto('about:blank');
      await page.goto(address);
      await page.locator('.cm-line', { hasText: 'do you see it before the judge does?' }).waitFor();
    },
    { permissions: ['clipboard-read', 'clipboard-write'] },
  ));
