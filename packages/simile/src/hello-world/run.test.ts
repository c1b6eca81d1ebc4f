import type { LabelledItems } from '@simile/core/items';
import { mnist } from '@simile/datasets';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { first } from './classes.ts';
import { tensorFlowSimilarityRecipe } from './recipe.ts';
import { helloWorld, type HelloWorldResult, type Progress } from './run.ts';

// The real job on a part of the real data: 2,000 training images and 150 test images, four steps.
let train: LabelledItems<Uint8Array>;
let testing: LabelledItems<Uint8Array>;
let result: HelloWorldResult;
const stages: Progress[] = [];

beforeAll(async () => {
  train = first(await mnist({ split: 'train' }), 2000);
  testing = first(await mnist({ split: 'test' }), 150);
  result = await helloWorld({
    train,
    test: testing,
    steps: 4,
    seed: 5,
    onProgress: (progress) => stages.push(progress),
  });
}, 240_000);

test('tells what it does: backend, every step, index, evaluation', () => {
  expect(stages.map(({ stage }) => stage)).toEqual([
    'backend',
    'train',
    'train',
    'train',
    'train',
    'index',
    'evaluate',
  ]);
  expect(result.history.losses).toHaveLength(4);
  expect(result.steps).toBe(4);
});

test('the index holds the last twenty images of each digit', () => {
  expect(result.model.indexSize).toBe(200);
});

test('one seed makes a run repeatable, a signal ends the training, and nothing stays behind', async () => {
  const run = async (seed: number, signal?: AbortSignal): Promise<HelloWorldResult> =>
    helloWorld({
      train,
      test: testing,
      steps: 2,
      seed,
      recipe: tensorFlowSimilarityRecipe,
      ...(signal ? { signal } : {}),
    });
  const [once, again, other] = [await run(3), await run(3), await run(4)];
  expect(again.history.losses).toEqual(once.history.losses);
  expect(again.figures).toEqual(once.figures);
  expect(other.history.losses).not.toEqual(once.history.losses);

  const stopped = await run(3, AbortSignal.abort());
  expect(stopped.history.cancelled).toBe(true);
  expect(stopped.model.indexSize).toBe(200);

  const before = memory().numTensors;
  (await run(3)).model.dispose();
  expect(memory().numTensors).toBe(before);
}, 240_000);
