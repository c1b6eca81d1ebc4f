import type { LabelledItems } from '@simile/core/items';
import { expect, test } from 'vitest';
import { digits, gain } from '../../test/gain.ts';
import { dimension } from '../../test/train-recipe.ts';
import { arcFaceRecipe } from './arc-face.ts';

const make = (data: LabelledItems): ReturnType<typeof arcFaceRecipe> => arcFaceRecipe(data, { dimension });

test('has the settings of the paper', async () => {
  const recipe = make((await digits()).gallery);
  const { loss } = recipe.compile;
  expect(recipe.name).toBe('arc-face');
  expect(loss.options).toMatchObject({ margin: 0.5, scale: 64, classes: 10, dimension: 32 });
  recipe.dispose();
});

test('learns from 500 digits', async () => {
  expect(await gain(make)).toBeGreaterThan(0.1); // 0.2 was seen
});
