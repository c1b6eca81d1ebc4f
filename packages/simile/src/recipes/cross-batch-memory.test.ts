import type { LabelledItems } from '@simile/core/items';
import { expect, test } from 'vitest';
import { digits, gain } from '../../test/gain.ts';
import { crossBatchMemoryRecipe } from './cross-batch-memory.ts';

const make = (data: LabelledItems): ReturnType<typeof crossBatchMemoryRecipe> =>
  crossBatchMemoryRecipe(data, { warmupSteps: 20 });

test('has the settings of the paper', async () => {
  const recipe = make((await digits()).gallery);
  const { loss } = recipe.compile;
  expect(recipe.name).toBe('cross-batch-memory');
  expect(loss.options).toMatchObject({ memorySize: 640, warmupSteps: 20 }); // 16 batches of 40
  expect(loss.distance?.name).toBe('cosine');
  recipe.dispose();
});

test('learns from 500 digits', async () => {
  expect(await gain(make)).toBeGreaterThan(0.25); // 0.47 was seen
});
