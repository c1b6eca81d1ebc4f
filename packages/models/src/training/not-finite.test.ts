import { defineLoss, type Loss } from '@simile/core';
import '@tensorflow/tfjs-backend-cpu';
import { add, mean, memory, mul, setBackend, sum, tensor2d, type Scalar } from '@tensorflow/tfjs-core';
import { input, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeEach, expect, test } from 'vitest';
import { registerQueuedBackend } from '../../test/queued-backend.ts';
import type { SimilarityModel } from '../contract.ts';
import { similarityModel } from '../similarity-model.ts';

beforeEach(() => setBackend('cpu'));

const average = defineLoss('average', {}, (_, embeddings) => mean(embeddings) as Scalar);

/** `w · x`, then batch norm where it is asked for. */
function linear(w: number, normed = false): SimilarityModel {
  const inputs = input({ shape: [1] });
  let outputs = layers.dense({ name: 'first', units: 1, useBias: false }).apply(inputs);
  if (normed) outputs = layers.batchNormalization({ name: 'norm' }).apply(outputs);
  const model = similarityModel({ inputs, outputs: outputs as SymbolicTensor });
  const start = tensor2d([[w]]);
  model.layers!.layers[1]!.setWeights([start]);
  start.dispose();
  return model;
}

async function said(model: SimilarityModel, loss: Loss, values: number[]): Promise<string> {
  model.compile({ loss, optimizer: 'sgd' });
  const items = {
    x: { data: Float32Array.from(values), shape: [values.length, 1] },
    labels: Int32Array.from(values.keys()),
  };
  const tensors = memory().numTensors;
  const message = await model.fit(items).then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  );
  expect(memory().numTensors).toBe(tensors);
  return message;
}

test.each(['cpu', registerQueuedBackend()])(
  'on %s a weight that is not finite is told from what it does',
  async (backend) => {
    await setBackend(backend);
    expect(await said(linear(Number.NaN), average, [1, 2])).toBe(
      "model.fit, step 0: weights must be finite, but got 'first/kernel (1 of 1)'. They were not before this step either: load or make the model again. The weights are as before this step. [ERR_NAN]",
    );
  },
);

test('an embedding that overflows is told by its row, and moving averages stay', async () => {
  const model = linear(3e38, true);
  const before = model.layers!.nonTrainableWeights.map((weight) => [...weight.read().dataSync()]);
  // 3e38 · 9 is beyond float32, and so is then the mean over the batch: every row is spoilt.
  expect(await said(model, average, [0.1, 9])).toMatch(
    /^model.fit, step 0: the loss must be finite, but got NaN. The embedding of row 0 is not finite: try/,
  );
  expect(model.layers!.nonTrainableWeights.map((weight) => [...weight.read().dataSync()])).toEqual(before);
  expect(await said(linear(3e38), average, [0.1, 9])).toMatch(
    /but got Infinity. The embedding of row 1 is not finite: try/,
  );
});

test('gradients that are finite one by one and not in sum', async () => {
  // Two weights with a gradient of 3e38 each.
  const inputs = input({ shape: [1] });
  const outputs = layers
    .dense({ units: 2, useBias: false, kernelInitializer: 'zeros' })
    .apply(inputs) as SymbolicTensor;
  const steep = defineLoss('steep', {}, (_, embeddings) => sum(mul(add(embeddings, 0), 3e38)) as Scalar);
  expect(await said(similarityModel({ inputs, outputs }), steep, [0.5, 0.5])).toMatch(
    /the gradients must be finite, but got Infinity. Each is finite and their sum is not: they are too large./,
  );
});
