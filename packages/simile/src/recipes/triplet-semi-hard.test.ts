import type { LabelledItems } from '@simile/core/items';
import { expect, test } from 'vitest';
import { digits, gain } from '../../test/gain.ts';
import { tripletSemiHardRecipe } from './triplet-semi-hard.ts';

const make = (data: LabelledItems): ReturnType<typeof tripletSemiHardRecipe> => tripletSemiHardRecipe(data);

test('has the settings of the paper', async () => {
  const recipe = make((await digits()).gallery);
  const { loss } = recipe.compile;
  expect(recipe.name).toBe('triplet-semi-hard');
  expect(loss.options).toMatchObject({ margin: 0.2, positives: 'all', negatives: 'semi-hard' });
  expect(loss.distance?.name).toBe('squared-euclidean');
  recipe.dispose();
});

test('learns from 500 digits', async () => {
  expect(await gain(make)).toBeGreaterThan(0.3); // 0.56 was seen
});
