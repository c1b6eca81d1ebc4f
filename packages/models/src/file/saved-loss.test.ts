import { defineLoss, type Loss } from '@simile/core';
import { packSections, unpackSections } from '@simile/core/container';
import {
  arcFace,
  byol,
  contrastive,
  crossBatchMemory,
  dynamicSoftMargin,
  multipleLosses,
  multiSimilarity,
  proxyAnchor,
  twoViews,
} from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import { add, mean, memory, scalar, setBackend, variable, type Scalar } from '@tensorflow/tfjs-core';
import { beforeEach, expect, test } from 'vitest';
import { clusters, network } from '../../test/clusters.ts';
import type { SimilarityModel } from '../contract.ts';
import { loadSimilarityModel } from '../load-similarity-model.ts';
import { similarityModel } from '../similarity-model.ts';

beforeEach(() => setBackend('cpu'));

const numbersOf = (loss: Loss): number[][] =>
  [...(loss.variables ?? []), ...(loss.state ?? [])].map((variable) => [...variable.dataSync()]);
const faces = (options: { classes?: number; dimension?: number; seed?: number } = {}): Loss =>
  arcFace({ classes: 3, dimension: 3, scale: 8, ...options });

async function trained(
  loss: Loss,
  rates: { lossLearningRate?: number } = { lossLearningRate: 0.05 },
): Promise<SimilarityModel> {
  const model = similarityModel({ ...network(), seed: 1 });
  model.compile({ loss, learningRate: 0.01, ...rates });
  await model.fit(clusters(), { epochs: 2 });
  return model;
}

test('a loaded model goes on with the weights that its loss had, to the same numbers', async () => {
  const loss = faces();
  const model = await trained(loss);
  const bytes = await model.toBytes();
  const learnt = numbersOf(loss);
  const next = faces({ seed: 9 });
  expect(numbersOf(next)).not.toEqual(learnt);
  const loaded = await loadSimilarityModel(bytes);
  const tensors = memory().numTensors;
  loaded.compile({ loss: next, optimizer: 'sgd', learningRate: 0.01 });
  expect(memory().numTensors).toBe(tensors);
  expect(numbersOf(next)).toEqual(learnt);

  model.compile({ loss, optimizer: 'sgd', learningRate: 0.01 });
  const [here, there] = [await model.fit(clusters()), await loaded.fit(clusters())];
  expect(there.losses).toEqual(here.losses);
  expect(numbersOf(next)).toEqual(numbersOf(loss));
  expect(numbersOf(next)).not.toEqual(learnt);
});

test('state is kept beside weights, also by a model that is saved again before it is compiled', async () => {
  const make = (): Loss => {
    const [weight, calls] = [variable(scalar(2)), variable(scalar(0), false)];
    const formula: Parameters<typeof defineLoss>[2] = (_, embeddings) => {
      calls.assign(add(calls, 1));
      return add(mean(embeddings), weight) as Scalar;
    };
    return defineLoss('counting', {}, formula, { variables: [weight], state: [calls] });
  };
  const loss = make();
  const model = await trained(loss);
  expect(numbersOf(loss)[1]).toEqual([2]); // 60 items are one step an epoch
  const again = await (await loadSimilarityModel(await model.toBytes())).toBytes();
  expect(again).toEqual(await model.toBytes());
  const next = make();
  (await loadSimilarityModel(again)).compile({ loss: next });
  expect(numbersOf(next)).toEqual(numbersOf(loss));
  expect(multipleLosses({ losses: [next, multiSimilarity()] }).state).toEqual(next.state);
});

test.each([
  ['rows of batches before', () => crossBatchMemory({ loss: contrastive(), memorySize: 90 })],
  ['a histogram', () => dynamicSoftMargin()],
  ['a slower network', () => twoViews({ loss: byol(), head: (rows) => rows, momentum: 0.5 })],
])('%s is saved with the model, and a loaded one goes on with it', async (_, make) => {
  const [loss, next] = [make(), make()];
  const model = await trained(loss, {});
  const loaded = await loadSimilarityModel(await model.toBytes());
  model.compile({ loss, optimizer: 'sgd', learningRate: 0.01 });
  loaded.compile({ loss: next, optimizer: 'sgd', learningRate: 0.01 });
  expect(numbersOf(next)).toEqual(numbersOf(loss));
  expect(
    numbersOf(next)
      .flat()
      .some((number) => number !== 0),
  ).toBe(true);
  const [here, there] = [await model.fit(clusters()), await loaded.fit(clusters())];
  expect(there.losses).toEqual(here.losses);
  expect(numbersOf(next)).toEqual(numbersOf(loss));
});

test('a loss with other weights is refused before anything changes, unless it is to start anew', async () => {
  const bytes = await (await trained(faces())).toBytes();
  const loaded = await loadSimilarityModel(bytes);
  const wider = faces({ classes: 4 });
  const before = numbersOf(wider);
  expect(() => loaded.compile({ loss: wider })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: model.compile: arc-face must own float32[3,3], as it did when the model was saved, but got 'float32[4,3]'. Make it with the options it had then, or pass restoreLoss: false to start it anew. [ERR_SHAPE]]`,
  );
  await expect(loaded.fit(clusters())).rejects.toMatchObject({ code: 'ERR_STATE' });
  loaded.compile({ loss: wider, restoreLoss: false });
  expect(numbersOf(wider)).toEqual(before);
  await loaded.fit(clusters());
});

test('a loss of another id starts as it was made', async () => {
  const bytes = await (await trained(faces())).toBytes();
  const [other, bare] = [proxyAnchor({ classes: 3, dimension: 3 }), multiSimilarity()];
  const before = numbersOf(other);
  const loaded = await loadSimilarityModel(bytes);
  loaded.compile({ loss: other });
  expect(numbersOf(other)).toEqual(before);
  loaded.compile({ loss: bare });
  expect(unpackSections(await loaded.toBytes(), { kind: 'similarity-model', version: 1 }).sections.has('loss')).toBe(
    false,
  );
});

test('of a loss that was disposed of nothing is kept', async () => {
  const loss = faces();
  const model = await trained(loss);
  loss.dispose!();
  const loaded = await loadSimilarityModel(await model.toBytes());
  const next = faces();
  const before = numbersOf(next);
  loaded.compile({ loss: next });
  expect(numbersOf(next)).toEqual(before);
});

test('a damaged section is named', async () => {
  const { kind, version, sections } = unpackSections(await (await trained(faces())).toBytes(), {
    kind: 'similarity-model',
    version: 1,
  });
  const opened = (name: string, bytes: Uint8Array): Promise<unknown> =>
    loadSimilarityModel(packSections({ kind, version, sections: new Map([...sections, [name, bytes]]) }));
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  await expect(opened('loss', json({ id: 'arc-face' }))).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: load-similarity-model: section loss must name a loss and its weights, but got '{"id":"arc-face"}'. Save the model again. [ERR_FILE]]`,
  );
  await expect(opened('loss', json(null))).rejects.toMatchObject({ code: 'ERR_FILE' });
  await expect(
    opened('loss', json({ id: 'arc-face', weights: [{ name: 'a', shape: [-1], dtype: 'float32' }] })),
  ).rejects.toMatchObject({ code: 'ERR_FILE' });
  await expect(opened('loss-weights', new Uint8Array(5))).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: load-similarity-model: loss-weights must have 36 bytes, but got 5. Save the model again. [ERR_FILE]]`,
  );
});
