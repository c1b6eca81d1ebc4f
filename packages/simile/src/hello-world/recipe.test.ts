import { mnist } from '@simile/datasets';
import { memory } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { first } from './classes.ts';
import { simileRecipe, tensorFlowSimilarityRecipe } from './recipe.ts';

test("the reference's model has its 327,200 parameters, ours batch norm besides", () => {
  const count = (recipe: typeof simileRecipe): number => {
    const model = recipe.model(1);
    const parameters = model.layers!.countParams();
    model.dispose();
    return parameters;
  };
  expect(count(tensorFlowSimilarityRecipe)).toBe(327_200);
  // Four batch norms of 32, 32, 64 and 64 channels, four numbers a channel.
  expect(count(simileRecipe)).toBe(327_200 + 4 * (32 + 32 + 64 + 64));
});

test('batches hold trained digits only; ours six flipped ones as classes of their own', async () => {
  const train = first(await mnist({ split: 'train' }), 3000);
  const before = memory().numTensors;
  const firstBatch = async (recipe: typeof simileRecipe): Promise<Map<number, number>> => {
    for await (const { x, labels } of recipe.sampler(train, { seed: 1, stepsPerEpoch: 1 })) {
      const counts = new Map<number, number>();
      for (const label of labels.dataSync()) counts.set(label, (counts.get(label) ?? 0) + 1);
      expect(x.shape.slice(1)).toEqual([28, 28, 1]);
      x.dispose();
      labels.dispose();
      return counts;
    }
    throw new Error('no batch');
  };
  const theirs = await firstBatch(tensorFlowSimilarityRecipe);
  expect([...theirs.keys()].toSorted()).toEqual([1, 2, 3, 6, 7, 9]);
  expect(new Set(theirs.values())).toEqual(new Set([10]));
  const ours = await firstBatch(simileRecipe);
  // Flipped classes are numbered after the largest digit.
  expect([...ours.keys()].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 6, 7, 9, 10, 11, 12, 13, 14, 15]);
  expect(new Set(ours.values())).toEqual(new Set([7]));
  expect(memory().numTensors).toBe(before);
});

test('our rate warms up, peaks and falls to nothing', () => {
  const rate = simileRecipe.learningRate(1000);
  expect(rate(0)).toBe(0);
  expect(rate(30)).toBeCloseTo(2e-3, 10);
  expect(rate(1000)).toBeCloseTo(0, 10);
  expect(tensorFlowSimilarityRecipe.learningRate(1000)(500)).toBe(1e-3);
});
