import { expect, test } from 'vitest';
import { figureNames, figureRows, figureTable } from './figure-table.ts';
import type { Figures } from './figures.ts';
import { recipes } from './recipe.ts';
import type { HelloWorldResult } from './run.ts';

const figures = Object.fromEntries(
  figureNames.map(([name], i) => [name, i === 5 ? 9 : 0.5 + i / 100]),
) as unknown as Figures;
const result = (name: string): HelloWorldResult =>
  ({
    figures,
    seed: 4,
    steps: 10,
    trainSeconds: 2.5,
    recipe: recipes.find((recipe) => recipe.name === name),
  }) as HelloWorldResult;

test('every figure has a row beside the reference at 300 and 1,000 steps', () => {
  const rows = figureRows(result('simile'));
  expect(rows).toHaveLength(15);
  expect(rows[0]).toEqual({
    name: 'f1 on 1,000 calibration images',
    ours: '.500',
    reference300: '.942 (.937–.948)',
    reference1000: '.955 (.947–.961)',
  });
  expect(rows[5]).toEqual({
    name: 'first ten test images right',
    ours: '9',
    reference300: '6.7 (5–8)',
    reference1000: '7.3 (7–8)',
  });
});

test('the text tells seed, steps and pace, and what a fair reader must know', () => {
  const ours = figureTable(result('simile'));
  expect(ours).toMatch(/seed 4 +10 +300 steps +1,000 steps/);
  expect(ours).toContain('0.250 s a step');
  expect(ours).toContain('elastic augmentation, cosine decay), loss multi-similarity, ');
  expect(ours).toContain("The gain is the recipe's, not a library's");
  const race = result('tensorflow-similarity');
  expect(figureTable(race)).toContain('the same loss, batches and rate');
  expect(figureTable({ ...race, recipe: { ...race.recipe, name: 'mine' } })).not.toContain('the same loss');
});
