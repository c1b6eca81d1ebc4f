import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { selectBackend } from '@simile/core/backend';
import { takeItems, type LabelledItems } from '@simile/core/items';
import { mnist } from '@simile/datasets';
import {
  arcFaceRecipe,
  crossBatchMemoryRecipe,
  multiSimilarityRecipe,
  proxyAnchorRecipe,
  simClrRecipe,
  supConRecipe,
  tripletSemiHardRecipe,
  type Recipe,
} from '../src/recipes/index.ts';
import { augment, dimension, trainRecipe } from '../test/train-recipe.ts';

// Trains each recipe for some seeds on the digits 0 to 5, shows each the same number of images, and measures MAP@R of the digits 6 to
// 9, which nothing was trained on. Every setting is the recipe's default: none was chosen by these figures.
const { values } = parseArgs({
  options: { images: { type: 'string', default: '12800' }, seeds: { type: 'string', default: '3' } },
});
const [images, seeds] = [Number(values.images), Number(values.seeds)];

/** Up to `count` items whose digit is from `least` to `most`. */
function digitsOf({ x, labels }: LabelledItems, [least, most]: [number, number], count: number): LabelledItems {
  const rows = [...labels.keys()].filter((row) => labels[row]! >= least && labels[row]! <= most).slice(0, count);
  return { x: takeItems(x, rows), labels: Int32Array.from(rows, (row) => labels[row]!) };
}

const report = await selectBackend();
const [train, testing] = [await mnist(), await mnist({ split: 'test' })];
const data = digitsOf(train, [0, 5], 5000);
const known = digitsOf(testing, [0, 5], 1200);
const unseen = digitsOf(testing, [6, 9], 1200);
const half = (all: LabelledItems, begin: number, end: number): LabelledItems => ({
  x: takeItems(
    all.x,
    Array.from({ length: end - begin }, (_, i) => begin + i),
  ),
  labels: all.labels.slice(begin, end),
});

/** Rows of a batch, and how the recipe is made. */
const recipes: [rows: number, make: (seed: number) => Recipe][] = [
  [48, (seed) => tripletSemiHardRecipe(data, { seed })],
  [30, (seed) => multiSimilarityRecipe(data, { seed })],
  [64, (seed) => arcFaceRecipe(data, { dimension, seed })],
  [64, (seed) => proxyAnchorRecipe(data, { dimension, seed })],
  [24, (seed) => crossBatchMemoryRecipe(data, { seed })],
  [128, (seed) => supConRecipe(data, { augment, seed })],
  [128, (seed) => simClrRecipe(data.x, { dimension, augment, seed })],
];

const spread = (numbers: number[]): string => {
  const mean = numbers.reduce((total, number) => total + number, 0) / numbers.length;
  return `${mean.toFixed(3)} (${Math.min(...numbers).toFixed(3)}–${Math.max(...numbers).toFixed(3)})`;
};
const lines: string[] = [];
const untrained: number[][] = [[], []];
for (const [rows, make] of recipes) {
  const steps = Math.round(images / rows);
  const scores: number[][] = [[], []];
  let name = '';
  for (let seed = 1; seed <= seeds; seed++) {
    const sides = [known, unseen].map((all) => ({ gallery: half(all, 0, 600), queries: half(all, 600, 1200) }));
    const recipe = make(seed);
    ({ name } = recipe);
    const results = await trainRecipe(recipe, { sides, steps, seed });
    results.forEach(({ before, after }, side) => {
      scores[side]!.push(after.mapAtR);
      if (lines.length === 0) untrained[side]!.push(before.mapAtR);
    });
    console.log(name, seed, results.map(({ after }) => after.mapAtR.toFixed(3)).join(' '));
  }
  lines.push(`| \`${name}\` | ${steps} × ${rows} | ${scores.map(spread).join(' | ')} |`);
}
const table = [
  '| recipe | steps × rows | digits trained on | digits never seen |',
  '| --- | --- | --- | --- |',
  `| untrained | 0 | ${untrained.map(spread).join(' | ')} |`,
  ...lines,
].join('\n');
const file = new URL('../../../docs/recipes.md', import.meta.url);
const said = `MAP@R, mean of ${seeds} seeds (least–greatest); ${images.toLocaleString('en')} images shown to each, backend ${report.chosen}.`;
const page = await readFile(file, 'utf8');
await writeFile(
  file,
  page.replace(
    /(<!-- recipes-table -->)[\s\S]*(<!-- \/recipes-table -->)/,
    (_, begin: string, end: string) => `${begin}\n\n${said}\n\n${table}\n\n${end}`,
  ),
);
