import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

const onLab = (act: (page: Page) => Promise<void>, path = 'loss-lab.html', options: object = {}): Promise<void> =>
  onPage(
    browser,
    site,
    path,
    async (page) => {
      await page.locator('.loss-lab[data-ready]').waitFor();
      await act(page);
    },
    options,
  );

const valueOf = async (page: Page, panel = 0): Promise<{ loss: number; step: number }> => {
  const text = (await page.locator('.lab-value').nth(panel).textContent())!;
  const [, loss, step] = /loss (\S+) · step (\d+)/.exec(text)!;
  return { loss: Number(loss), step: Number(step) };
};

test('points go down the slope, step by step and in a run that can be paused', () =>
  onLab(async (page) => {
    await page.getByLabel('loss', { exact: true }).selectOption('contrastive');
    const begun = await valueOf(page);
    expect(begun.step).toBe(0);
    expect(await page.locator('.lab-plane line').count()).toBeGreaterThan(0); // the pairs that count
    await page.getByRole('button', { name: 'Step' }).click();
    await page.locator('.lab-value', { hasText: 'step 1' }).waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.locator('.lab-value', { hasText: /step \d\d/ }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const after = await valueOf(page);
    expect(after.loss).toBeLessThan(begun.loss);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.locator('.lab-value', { hasText: 'step 0' }).waitFor();
    expect((await valueOf(page)).loss).toBe(begun.loss);
  }));

test('a point follows the pointer and the arrow keys, and the link holds where it is', () =>
  onLab(async (page) => {
    const point = page.locator('.lab-point').first();
    const before = (await valueOf(page)).loss;
    await point.scrollIntoViewIfNeeded();
    const box = (await point.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 70, { steps: 4 });
    await page.mouse.up();
    const dragged = await point.getAttribute('aria-label');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => point.getAttribute('aria-label')).not.toBe(dragged);
    await page.keyboard.press('PageDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^Point 2 of class 2/,
    );
    const moved = (await valueOf(page)).loss;
    expect(moved).not.toBe(before);
    const address = page.url();
    await page.goto('about:blank');
    await page.goto(address);
    await page.locator('.loss-lab[data-ready]').waitFor();
    expect((await valueOf(page)).loss).toBeCloseTo(moved, 2);
  }));

test('two losses stand side by side on the same points; one over two views pairs them up', () =>
  onLab(async (page) => {
    await page.getByLabel('compare two').check();
    await page.locator('.lab-plane').nth(1).waitFor();
    await page.getByLabel('loss', { exact: true }).nth(1).selectOption('nt-xent');
    await expect.poll(() => page.locator('.lab-plane').first().locator('.lab-point').count()).toBe(6);
    await page.getByLabel('space').selectOption('sphere');
    await page.locator('.lab-value', { hasText: 'step 0' }).nth(1).waitFor();
    await page.getByRole('button', { name: 'Step' }).click();
    await page.locator('.lab-value', { hasText: 'step 1' }).nth(1).waitFor();
  }));

test('an option out of its range is said in the words of the loss, and the page goes on', () =>
  onLab(async (page) => {
    await page.getByLabel('miner').selectOption('distance-weighted');
    await page.getByLabel('distance', { exact: true }).selectOption('manhattan');
    await page.locator('.lab-error:visible').waitFor();
    await page.getByLabel('distance', { exact: true }).selectOption('euclidean');
    await page.locator('.lab-error').waitFor({ state: 'hidden' });
  }));

test('a picture is saved as SVG and as PNG', () =>
  onLab(async (page) => {
    for (const [kind, begin] of [
      ['SVG', '<svg'],
      ['PNG', '\u0089PNG'],
    ] as const) {
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: kind }).click(),
      ]);
      const chunks: Buffer[] = [];
      for await (const chunk of await saved.createReadStream()) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      expect(bytes.length).toBeGreaterThan(2000);
      expect(bytes.toString('latin1', 0, 4)).toBe(begin.slice(0, 4));
    }
  }));

test('a damaged link is said to be one, and the lab begins', () =>
  onLab(async (page) => {
    await page.getByText('This link to the lab is damaged').waitFor();
    expect((await valueOf(page)).step).toBe(0);
  }, 'loss-lab.html#lab=%7B'));

test.each(['light', 'dark'] as const)('axe finds nothing to say of it, %s, on a phone', (colorScheme) =>
  onLab(
    async (page) => {
      const { violations } = await new AxeBuilder({ page }).include('.loss-lab').analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      if (process.env['DOCS_SCREENSHOTS']) {
        await page.screenshot({
          path: `${process.env['DOCS_SCREENSHOTS']}/loss-lab-${colorScheme}.png`,
          fullPage: true,
        });
      }
    },
    'loss-lab.html',
    { viewport: { width: 360, height: 800 }, colorScheme },
  ),
);
