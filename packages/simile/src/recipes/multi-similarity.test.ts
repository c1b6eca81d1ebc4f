import type { LabelledItems } from '@simile/core/items';
import { expect, test } from 'vitest';
import { digits, gain } from '../../test/gain.ts';
import { multiSimilarityRecipe } from './multi-similarity.ts';

const make = (data: LabelledItems): ReturnType<typeof multiSimilarityRecipe> => multiSimilarityRecipe(data);

test('has the settings of the paper', async () => {
  const recipe = make((await digits()).gallery);
  const { loss } = recipe.compile;
  expect(recipe.name).toBe('multi-similarity');
  expect(loss.options).toMatchObject({ alpha: 2, beta: 50, lambda: 1 });
  expect(recipe.data).toMatchObject({ batchSize: 50, stepsPerEpoch: 10 }); // ten classes, five of each
  recipe.dispose();
});

test('learns from 500 digits', async () => {
  expect(await gain(make)).toBeGreaterThan(0.15); // 0.32 was seen
});
