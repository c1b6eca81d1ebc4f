import { sliceItems, takeItems } from '@simile/core/items';
import { multiSimilarity } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { clusters, network } from '../test/clusters.ts';
import { similarityModel } from './similarity-model.ts';

beforeAll(() => setBackend('cpu'));

test('trains, indexes, looks up, calibrates and matches, and a new class joins without training', async () => {
  const data = clusters({ classes: 4, perClass: 24 });
  const model = similarityModel({ ...network(), seed: 3 });
  model.compile({ loss: multiSimilarity(), learningRate: 0.01 });
  const known = clusters({ classes: 3, perClass: 24 });
  const { losses } = await model.fit(known, { epochs: 12, batchSize: 24 });
  expect(losses.length).toBe(36);
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  expect(mean(losses.slice(-6))).toBeLessThan(0.6 * mean(losses.slice(0, 6)));

  await model.index(sliceItems(known.x, 0, 30), { labels: known.labels.subarray(0, 30) });
  const neighbors = await model.lookup(sliceItems(known.x, 30, 72), { k: 3 });
  const right = neighbors.filter(([first], i) => first!.label === known.labels[30 + i]).length;
  expect(right / 42).toBeGreaterThan(0.9);

  const fourth = takeItems(
    data.x,
    [...data.labels.keys()].filter((i) => data.labels[i] === 3),
  );
  await model.index(sliceItems(fourth, 0, 8), { labels: Array.from({ length: 8 }, () => 3) });
  const found = await model.lookup(sliceItems(fourth, 8, 24), { k: 1 });
  expect(found.filter(([first]) => first!.label === 3).length).toBeGreaterThanOrEqual(14);

  const calibration = await model.calibrate(sliceItems(known.x, 30, 72), known.labels.subarray(30, 72));
  expect(calibration.cutpoints.optimal.value).toBeGreaterThan(0.9);
  const matches = await model.match(sliceItems(known.x, 30, 72));
  expect(matches.filter(({ label }, i) => label === known.labels[30 + i]).length).toBeGreaterThan(36);
  expect(await model.match(sliceItems(known.x, 0, 3), { cutpoint: -1 })).toMatchObject([
    { label: null, known: false },
    { label: null, known: false },
    { label: null, known: false },
  ]);
  model.dispose();
});
