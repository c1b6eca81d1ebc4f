import type { LabelledItems } from '@simile/core/items';
import { expect, test } from 'vitest';
import { digits, gain } from '../../test/gain.ts';
import { dimension } from '../../test/train-recipe.ts';
import { proxyAnchorRecipe } from './proxy-anchor.ts';

const make = (data: LabelledItems): ReturnType<typeof proxyAnchorRecipe> => proxyAnchorRecipe(data, { dimension });

test('has the settings of the paper', async () => {
  const recipe = make((await digits()).gallery);
  const { loss } = recipe.compile;
  expect(recipe.name).toBe('proxy-anchor');
  expect(loss.options).toMatchObject({ margin: 0.1, alpha: 32, classes: 10 });
  expect(recipe.compile.lossLearningRate! / recipe.compile.learningRate!).toBeCloseTo(100, 9);
  recipe.dispose();
});

test('learns from 500 digits', async () => {
  expect(await gain(make)).toBeGreaterThan(0.25); // 0.44 was seen
});
