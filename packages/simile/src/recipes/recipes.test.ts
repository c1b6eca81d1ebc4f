import { selectBackend } from '@simile/core/backend';
import type { LabelledItems } from '@simile/core/items';
import { mnist } from '@simile/datasets';
import { memory } from '@simile/core/ops';
import { beforeAll, expect, test } from 'vitest';
import { augment, dimension, part, trainRecipe } from '../../test/train-recipe.ts';
import {
  arcFaceRecipe,
  crossBatchMemoryRecipe,
  multiSimilarityRecipe,
  proxyAnchorRecipe,
  simClrRecipe,
  supConRecipe,
  tripletSemiHardRecipe,
  type Recipe,
} from './index.ts';

let gallery: LabelledItems;
let queries: LabelledItems;

beforeAll(async () => {
  await selectBackend();
  const digits = await mnist({ split: 'test' });
  [gallery, queries] = [part(digits, 0, 500), part(digits, 500, 1000)];
});

// MAP@R of 500 digits among 500 others, untrained 0.20: the gains asked for are about half of those that were seen.
test.each<[name: string, make: () => Recipe, gain: number]>([
  ['triplet-semi-hard', () => tripletSemiHardRecipe(gallery), 0.3],
  ['multi-similarity', () => multiSimilarityRecipe(gallery), 0.15],
  ['arc-face', () => arcFaceRecipe(gallery, { dimension }), 0.1],
  ['proxy-anchor', () => proxyAnchorRecipe(gallery, { dimension }), 0.25],
  ['cross-batch-memory', () => crossBatchMemoryRecipe(gallery, { warmupSteps: 20 }), 0.25],
  ['sup-con', () => supConRecipe(gallery, { augment }), 0.2],
  ['sim-clr', () => simClrRecipe(gallery.x, { dimension, augment }), 0.1],
])('%s learns from 500 digits in 60 steps', async (name, make, gain) => {
  const tensors = memory().numTensors;
  const recipe = make();
  expect(recipe.name).toBe(name);
  const { before, after } = await trainRecipe(recipe, { gallery, queries, steps: 60 });
  expect(before.mapAtR).toBeLessThan(0.25);
  expect(after.mapAtR).toBeGreaterThan(before.mapAtR + gain);
  expect(memory().numTensors).toBeLessThanOrEqual(tensors + 1);
});
