import type { LabelledItems } from '@simile/core/items';
import { expect, test } from 'vitest';
import { digits, gain } from '../../test/gain.ts';
import { augment, dimension } from '../../test/train-recipe.ts';
import { simClrRecipe } from './sim-clr.ts';

const make = (data: LabelledItems): ReturnType<typeof simClrRecipe> => simClrRecipe(data.x, { dimension, augment });

test('has the settings of the paper', async () => {
  const recipe = make((await digits()).gallery);
  const { loss } = recipe.compile;
  expect(recipe.name).toBe('sim-clr');
  expect(loss.options).toMatchObject({ loss: 'nt-xent' });
  expect(loss.variables?.map(({ shape }) => shape)).toEqual([[32, 32], [32], [32, 32], [32]]); // the head
  recipe.dispose();
});

test('learns from 500 digits', async () => {
  expect(await gain(make)).toBeGreaterThan(0.1); // 0.2 was seen
});
