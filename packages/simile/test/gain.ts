import { selectBackend } from '@simile/core/backend';
import type { LabelledItems } from '@simile/core/items';
import { memory } from '@simile/core/ops';
import { mnist } from '@simile/datasets';
import { expect } from 'vitest';
import type { Recipe } from '../src/recipes/index.ts';
import { part, trainRecipe } from './train-recipe.ts';

/** Five hundred digits to train on, and what `gain` gives. */
export async function digits(): Promise<{ gallery: LabelledItems; queries: LabelledItems }> {
  await selectBackend();
  const all = await mnist({ split: 'test' });
  return { gallery: part(all, 0, 500), queries: part(all, 500, 1000) };
}

/** By how much MAP@R of 500 other digits rises in some steps; untrained it is 0.20. Nothing may be left in memory. */
export async function gain(make: (data: LabelledItems) => Recipe, steps = 60): Promise<number> {
  const { gallery, queries } = await digits();
  const tensors = memory().numTensors;
  const [scores] = await trainRecipe(make(gallery), { sides: [{ gallery, queries }], steps });
  const { before, after } = scores!;
  expect(before.mapAtR).toBeLessThan(0.25);
  expect(memory().numTensors).toBeLessThanOrEqual(tensors + 1); // one constant that tfjs keeps
  return after.mapAtR - before.mapAtR;
}
