import { multiSimilarity } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { clusters, network } from '../test/clusters.ts';
import { evaluationCallback } from './evaluation-callback.ts';
import { similarityModel } from './similarity-model.ts';

beforeAll(() => setBackend('cpu'));

test('adds figures to the logs of every second epoch, and leaves the index of the model alone', async () => {
  const model = similarityModel({ ...network(), seed: 2 });
  model.compile({ loss: multiSimilarity() });
  const records = clusters({ seed: 1 });
  const queries = clusters({ seed: 2, perClass: 10 });
  await model.index(records.x, { labels: records.labels });
  await model.calibrate(queries.x, queries.labels);
  const before = [...model.vectorIndex];
  const { calibration } = model.vectorIndex;
  const watch = evaluationCallback(model, { records, queries, k: [1, 5], every: 2 });
  const { epochs } = await model.fit(records, { epochs: 4, callbacks: watch });
  expect(epochs.map((logs) => Object.keys(logs).join(' '))).toEqual([
    'loss',
    'loss recall@1 recall@5 map@r',
    'loss',
    'loss recall@1 recall@5 map@r',
  ]);
  expect([...model.vectorIndex]).toEqual(before);
  expect(model.vectorIndex.calibration).toEqual(calibration);
  const tensors = memory().numTensors;

  // What the model itself says when it indexes the same.
  await model.resetIndex();
  await model.index(records.x, { labels: records.labels });
  const { recallAtK, mapAtR } = await model.evaluate(queries.x, queries.labels, { k: [1, 5] });
  expect(epochs[3]).toMatchObject({ 'recall@1': recallAtK[1], 'recall@5': recallAtK[5], 'map@r': mapAtR });
  expect(memory().numTensors).toBe(tensors);
});

test('known and unknown classes are measured apart', async () => {
  const model = similarityModel({ ...network(), seed: 2 });
  model.compile({ loss: multiSimilarity() });
  const all = clusters({ classes: 4 });
  const watch = evaluationCallback(model, {
    records: all,
    queries: clusters({ classes: 4, seed: 5 }),
    knownClasses: [0, 1, 2],
  });
  const { epochs } = await model.fit(clusters({ classes: 3 }), { callbacks: [watch] });
  expect(Object.keys(epochs[0]!)).toEqual([
    'loss',
    'recall@1_known',
    'map@r_known',
    'recall@1_unknown',
    'map@r_unknown',
  ]);
  for (const value of Object.values(epochs[0]!)) expect(value).toBeGreaterThan(0);
});

test('every must be a whole number', () => {
  const model = similarityModel(network());
  const { x, labels } = clusters();
  const part = { x, labels };
  expect(() =>
    evaluationCallback(model, { records: part, queries: part, every: 0 }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: evaluation-callback: every must be a whole number of at least 1, but got 0. Leave every out to use the default. [ERR_OPTION]]`,
  );
});
