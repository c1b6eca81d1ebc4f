import { selectBackend } from '@simile/core/backend';
import { removeBytes } from '@simile/core/storage';
import { multiSimilarity } from '@simile/losses';
import { memory, tensor1d, tensor2d, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { clusters, network } from '../test/clusters.ts';
import { loadSimilarityModel } from './load-similarity-model.ts';
import { similarityModel } from './similarity-model.ts';

test.each(['webgl', 'cpu'] as const)(
  'in a page, on %s: trains, is saved in IndexedDB and found again',
  async (name) => {
    const { chosen } = await selectBackend({ prefer: name });
    expect(chosen).toBe(name);
    const model = similarityModel({ ...network(), seed: 4 });
    model.compile({ loss: multiSimilarity(), learningRate: 0.01 });
    const data = clusters();
    let frames = 0;
    const frame = (): void => {
      frames++;
      requestAnimationFrame(frame);
    };
    frame();
    const { losses } = await model.fit(data, { epochs: 4, batchSize: 20 });
    expect(losses.length).toBe(12);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(frames).toBeGreaterThan(1);

    const before = memory().numTensors;
    await model.fit(data, { epochs: 2, batchSize: 20 });
    await model.index(data.x, { labels: data.labels });
    await model.calibrate(data.x, data.labels);
    await model.save('indexeddb://test-model');
    const loaded = await loadSimilarityModel('indexeddb://test-model');
    expect(await loaded.predict(data.x)).toEqual(await model.predict(data.x));
    expect(await loaded.match(data.x)).toEqual(await model.match(data.x));
    expect(loaded.vectorIndex.calibration).toEqual(model.vectorIndex.calibration);
    loaded.dispose();
    expect(memory().numTensors).toBe(before);
    await removeBytes('indexeddb://test-model');
    await expect(loadSimilarityModel('indexeddb://test-model')).rejects.toMatchObject({ code: 'ERR_FILE' });
  },
);

test('NaN on a GPU: the weights are those of before the step', async () => {
  await selectBackend({ prefer: 'webgl' });
  const model = similarityModel({ ...network(), seed: 4 });
  model.compile({ loss: multiSimilarity() });
  const good = clusters();
  await model.fit(good, { stepsPerEpoch: 1 });
  const before = await model.predict(good.x);
  const bytes = await model.toBytes();
  const { x, labels } = clusters();
  x.data[7] = Number.NaN;
  const stream = async function* (): AsyncGenerator<{ x: Tensor; labels: Tensor1D }> {
    yield { x: tensor2d(x.data, [60, 4]), labels: tensor1d(labels, 'int32') };
  };
  const sampler = { stepsPerEpoch: 1, seed: 0, [Symbol.asyncIterator]: stream };
  await expect(model.fit(sampler)).rejects.toMatchObject({ code: 'ERR_NAN' });
  expect(await model.predict(good.x)).toEqual(before);
  expect(await model.toBytes()).toEqual(bytes);
});
