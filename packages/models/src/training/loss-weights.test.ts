import { defineLoss, type Loss } from '@simile/core';
import { selectBackend } from '@simile/core/backend';
import { proxyAnchor } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  mean,
  scalar,
  sqrt,
  square,
  sub,
  train,
  variable,
  type Scalar,
  type Variable,
} from '@tensorflow/tfjs-core';
import { input, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { clusters, network } from '../../test/clusters.ts';
import type { SimilarityModel } from '../contract.ts';
import type { CompileOptions } from '../options.ts';
import { similarityModel } from '../similarity-model.ts';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

test('fit trains the proxies of a loss together with the network, and the proxies come to their classes', async () => {
  const data = clusters();
  const loss = proxyAnchor({ classes: 3, dimension: 3, seed: 2 });
  const [proxies] = loss.variables!;
  const before = [...proxies!.dataSync()];
  const model = similarityModel({ ...network(), seed: 1 });
  model.compile({ optimizer: 'adam', learningRate: 0.02, loss });
  const { losses } = await model.fit(data, { epochs: 30, stepsPerEpoch: 4 });
  const after = [...proxies!.dataSync()];
  expect(after.every((x, i) => Number.isFinite(x) && x !== before[i])).toBe(true);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);

  const { data: vectors } = await model.predict(data.x);
  const length = (row: number[]): number => Math.hypot(...row);
  const right = [...data.labels].filter((label, i) => {
    const row = [...vectors.subarray(3 * i, 3 * i + 3)];
    const cosines = [0, 1, 2].map((c) => {
      const proxy = after.slice(3 * c, 3 * c + 3);
      return proxy.reduce((total, x, k) => total + x * row[k]!, 0) / length(proxy);
    });
    return cosines.indexOf(Math.max(...cosines)) === label;
  });
  expect(right.length).toBeGreaterThan(55); // of 60
  loss.dispose!();
});

describe('weights of a loss with a rate of their own', () => {
  /** One value a row, `w · x`, and a loss with one weight `v`: (w x − v)². */
  const line = (v: Variable): Loss =>
    defineLoss('line', {}, (_, embeddings) => mean(square(sub(embeddings, v))) as Scalar, { variables: [v] });
  const model = (): SimilarityModel => {
    const inputs = input({ shape: [1] });
    const dense = layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' });
    return similarityModel({ inputs, outputs: dense.apply(inputs) as SymbolicTensor });
  };
  const batch = { x: { data: Float32Array.of(2, 2), shape: [2, 1] }, labels: Int32Array.of(0, 1) };
  const step = async (options: Partial<CompileOptions>): Promise<[w: number, v: number]> => {
    const v = variable(scalar(1));
    const made = model();
    made.compile({ optimizer: 'sgd', ...(options.optimizer ? {} : { learningRate: 0.01 }), loss: line(v), ...options });
    await made.fit(batch, { stepsPerEpoch: 1, batchSize: 2 });
    return [made.layers!.weights[0]!.read().dataSync()[0]!, v.dataSync()[0]!];
  };

  // w = 1, x = 2, v = 1: d/dw (2w − v)² = 2 · 1 · 2 = 4, d/dv = −2.
  test('moves them by it, and the network by its own', async () => {
    const [w, v] = await step({ lossLearningRate: 0.25 });
    expect(w).toBeCloseTo(1 - 0.01 * 4, 6);
    expect(v).toBeCloseTo(1 + 0.25 * 2, 6);
  });

  test('is that of the network by default', async () => {
    const [w, v] = await step({});
    expect(w).toBeCloseTo(1 - 0.01 * 4, 6);
    expect(v).toBeCloseTo(1 + 0.01 * 2, 6);
  });

  test('may go with another kind of optimizer, named or made', async () => {
    // The first step of adam is the rate in the direction of descent.
    expect((await step({ lossOptimizer: 'adam', lossLearningRate: 0.125 }))[1]).toBeCloseTo(1.125, 5);
    expect((await step({ lossOptimizer: 'adam' }))[1]).toBeCloseTo(1.001, 5);
    const optimizer = train.sgd(0.5);
    expect((await step({ lossOptimizer: optimizer }))[1]).toBeCloseTo(2, 6);
    optimizer.dispose();
    const network = train.sgd(0.01);
    expect((await step({ optimizer: network, lossLearningRate: 0.125 }))[1]).toBeCloseTo(1.125, 5);
    network.dispose();
  });

  test('is left alone by a schedule', async () => {
    const v = variable(scalar(1));
    const made = model();
    made.compile({ optimizer: 'sgd', loss: line(v), lossLearningRate: 0.25 });
    await made.fit(batch, { stepsPerEpoch: 1, batchSize: 2, learningRateSchedule: () => 0.02 });
    expect(made.layers!.weights[0]!.read().dataSync()[0]!).toBeCloseTo(1 - 0.02 * 4, 6);
    expect(v.dataSync()[0]!).toBeCloseTo(1.5, 6);
  });

  test('must fit the loss', () => {
    const made = model();
    const compile = (options: Partial<CompileOptions>) => () =>
      made.compile({ loss: line(variable(scalar(1))), ...options });
    const bare = defineLoss('bare', {}, (_, embeddings) => mean(embeddings) as Scalar);
    expect(compile({ loss: bare, lossLearningRate: 0.1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: model.compile: lossLearningRate is for the weights of a loss, of which bare has none. Leave lossLearningRate out. [ERR_OPTION]]`,
    );
    expect(compile({ loss: bare, lossOptimizer: 'adam' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: model.compile: lossOptimizer is for the weights of a loss, of which bare has none. Leave lossOptimizer out. [ERR_OPTION]]`,
    );
    expect(compile({ lossLearningRate: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: model.compile: lossLearningRate must be a finite number above 0, but got 0. Leave lossLearningRate out to use the default. [ERR_OPTION]]`,
    );
    expect(compile({ lossOptimizer: 'best' as never })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: model.compile: lossOptimizer must be 'adam', 'sgd' or an optimizer of tfjs, but got 'best'. Leave lossOptimizer out to use the default. [ERR_OPTION]]`,
    );
    const one = train.sgd(0.1);
    expect(compile({ optimizer: one, lossOptimizer: one })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: model.compile: lossOptimizer must be another object than optimizer, for it has moments of its own. Leave lossOptimizer out, or make a second optimizer. [ERR_OPTION]]`,
    );
    expect(compile({ lossOptimizer: one, lossLearningRate: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: model.compile: lossLearningRate goes with an optimizer given by name, but got 1. Give the rate to the optimizer itself. [ERR_OPTION]]`,
    );
  });

  test('learns the proxies of Proxy-Anchor sooner than one rate for all', async () => {
    const lossAfter = async (options: Partial<CompileOptions>): Promise<number> => {
      const loss = proxyAnchor({ classes: 3, dimension: 3, seed: 2 });
      const made = similarityModel({ ...network(), seed: 1 });
      made.compile({ learningRate: 0.002, loss, ...options });
      const { losses } = await made.fit(clusters(), { epochs: 20 });
      loss.dispose!();
      return losses.at(-1)!;
    };
    expect(await lossAfter({ lossLearningRate: 0.2 })).toBeLessThan(0.7 * (await lossAfter({}))); // 0.54 was seen
  });
});

test('gradients of a loss that are not finite are named, and neither weights nor state of the loss change', async () => {
  const [v, calls] = [variable(scalar(0)), variable(scalar(0), false)];
  const loss = defineLoss(
    'steep',
    {},
    (_, embeddings) => {
      calls.assign(add(calls, 1));
      return add(mean(embeddings), sqrt(v)) as Scalar; // d √v / dv at 0 is infinite
    },
    { variables: [v], state: [calls] },
  );
  const made = similarityModel({ ...network(), seed: 1 });
  made.compile({ loss, lossLearningRate: 0.1 });
  await expect(made.fit(clusters())).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: model.fit, step 0: the gradients must be finite, but got Infinity. They are those of variables[0] of steep (1 of 1). Try a smaller learningRate, or end the model with metricEmbedding. The weights are as before this step. [ERR_NAN]]`,
  );
  expect(v.dataSync()[0]).toBe(0);
  expect(calls.dataSync()[0]).toBe(0);
});
