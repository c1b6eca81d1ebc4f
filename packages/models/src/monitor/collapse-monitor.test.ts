import { defineLoss, meanOfValid, type Loss } from '@simile/core';
import type { SimileError } from '@simile/core/errors';
import { contrastive, multiSimilarity, tripletMargin } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import { add, mean, memory, mul, setBackend, square, sub, type Scalar } from '@tensorflow/tfjs-core';
import { input, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeEach, describe, expect, test } from 'vitest';
import { clusters, network } from '../../test/clusters.ts';
import type { SimilarityModel } from '../contract.ts';
import { similarityModel } from '../similarity-model.ts';
import { collapseMonitor, type CollapseMonitorOptions } from './collapse-monitor.ts';

beforeEach(() => setBackend('cpu'));

const numbers = (error: SimileError): string =>
  error.message.replace(/got \d[\d.e-]*|or (above|below)|at [\d.e-]+/g, (seen) => seen.replace(/[\d.e-]*\d/, 'N'));

/** Pulls all rows to their mean. */
const pullTogether = defineLoss('pull', {}, (_, rows) => mean(square(sub(rows, mean(rows, 0)))) as Scalar);
/** Draws all rows to zero, so that they keep their directions. */
const shrink = defineLoss('shrink', {}, (_, rows) => mul(mean(square(rows)), 1e3) as Scalar);

function flat(): SimilarityModel {
  const inputs = input({ shape: [4] });
  const outputs = layers.dense({ units: 3, useBias: false }).apply(inputs) as SymbolicTensor;
  return similarityModel({ inputs, outputs, seed: 3 });
}

async function warnings(
  model: SimilarityModel,
  loss: Loss,
  options: CollapseMonitorOptions & { epochs?: number; learningRate?: number } = {},
): Promise<SimileError[]> {
  const { epochs = 40, learningRate = 0.05, ...rest } = options;
  const found: SimileError[] = [];
  model.compile({ loss, learningRate });
  await model.fit(clusters(), {
    epochs,
    callbacks: collapseMonitor({ patience: 3, onWarning: (one) => found.push(one), ...rest }),
  });
  return found;
}

test('a healthy training has its figures in the history and no warning', async () => {
  const monitor = collapseMonitor();
  const loss = multiSimilarity({ reduce: monitor.watchCosts(meanOfValid) });
  const model = similarityModel({ ...network(), seed: 1 });
  model.compile({ loss, learningRate: 0.01 });
  const { epochs } = await model.fit(clusters(), {
    epochs: 3,
    validationData: clusters({ seed: 2 }),
    callbacks: monitor,
  });
  expect(Object.keys(epochs[2]!)).toEqual([
    'loss',
    'spread',
    'rms_distance',
    'flat_dimensions',
    'active_costs',
    'val_loss',
  ]);
  expect(epochs[2]!['active_costs']).toBeGreaterThan(0.9);
  const tensors = memory().numTensors;
  await model.fit(clusters(), { callbacks: [monitor] });
  expect(memory().numTensors).toBe(tensors);
});

describe('what it finds', () => {
  test('embeddings that fall together', async () => {
    const found = await warnings(similarityModel({ ...network(), seed: 1 }), pullTogether, { leastSpread: 0.05 });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ code: 'ERR_COLLAPSE' });
    expect(numbers(found[0]!)).toMatchInlineSnapshot(
      `"collapse-monitor, step 20: spread must stay at N or above, but got N. Nearly every item has the same embedding. Try a smaller learningRate, all or semi-hard triplets in place of hard ones, or larger batches; without labels, a loss with negatives, or batch normalization and a predictor. [ERR_COLLAPSE]"`,
    );
  });

  test('embeddings that shrink to nothing and keep their directions', async () => {
    const found = await warnings(flat(), shrink, { epochs: 150 });
    expect(numbers(found[0]!)).toMatchInlineSnapshot(
      `"collapse-monitor, step 85: rms_distance must stay at N or above, but got N. Nearly every item has the same embedding. Try a smaller learningRate, all or semi-hard triplets in place of hard ones, or larger batches; without labels, a loss with negatives, or batch normalization and a predictor. [ERR_COLLAPSE]"`,
    );
  });

  test('dimensions that nothing uses', async () => {
    const model = flat();
    const [kernel] = model.layers!.weights.map((weight) => weight.read());
    const one = mul(kernel!, [1, 1e-4, 1e-4]);
    model.layers!.setWeights([one]);
    const found = await warnings(model, shrink, { epochs: 4, learningRate: 1e-6, mostFlat: 0.5 });
    expect(numbers(found[0]!)).toMatchInlineSnapshot(
      `"collapse-monitor, step 2: flat_dimensions must stay at N or below, but got N. The embedding uses a few of its dimensions only. Try fewer units, no activation before the last layer, a smaller learningRate, or for a loss over views a projection head. [ERR_COLLAPSE]"`,
    );
  });

  test('a loss of 0', async () => {
    const loss = contrastive({ positiveMargin: 9, negativeMargin: 0 });
    const found = await warnings(flat(), loss, { epochs: 5 });
    expect(numbers(found[0]!)).toMatchInlineSnapshot(
      `"collapse-monitor, step 2: the loss must be above 0, but got N. Nothing is left to learn from such batches. Try a larger margin, harder negatives (a miner), more classes in a batch, or stop here. [ERR_COLLAPSE]"`,
    );
  });

  test('few costs above 0 beside a price that is not', async () => {
    const monitor = collapseMonitor({ patience: 2, leastActive: 0.05 });
    // Positives cost nothing up to 9, and no negative is nearer than 0.
    const idle = contrastive({ positiveMargin: 9, negativeMargin: 0, reduce: monitor.watchCosts(meanOfValid) });
    const loss = defineLoss('priced', {}, (labels, rows) => add(idle(labels, rows), mean(square(rows))) as Scalar);
    const model = flat();
    model.compile({ loss });
    await expect(model.fit(clusters(), { epochs: 5, callbacks: monitor })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: collapse-monitor, step 1: active_costs must stay at 0.05 or above, but got 0. Nothing is left to learn from such batches. Try a larger margin, harder negatives (a miner), more classes in a batch, or stop here. [ERR_COLLAPSE]]`,
    );
  });

  test('dead units', async () => {
    const inputs = input({ shape: [4] });
    // A bias of −99: no item reaches 0.
    const dead = layers.dense({
      name: 'dead',
      units: 5,
      activation: 'relu',
      biasInitializer: { className: 'Constant', config: { value: -99 } } as never,
    });
    const joined = layers.concatenate().apply([dead.apply(inputs) as SymbolicTensor, inputs]);
    const model = similarityModel({
      inputs,
      outputs: layers.dense({ units: 2 }).apply(joined) as SymbolicTensor,
      seed: 1,
    });
    const found = await warnings(model, tripletMargin(), { epochs: 3, probe: clusters().x });
    expect(found.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "collapse-monitor, step 0: at most a share of 0.9 of the units of a layer may be 0 for every item of the probe, but got 'dead: 5 of 5'. Try a smaller learningRate, batch normalization before the activation, or leakyReLU. [ERR_COLLAPSE]",
      ]
    `);
  });
});

test('without onWarning training ends at the step, with the weights of then', async () => {
  const model = similarityModel({ ...network(), seed: 1 });
  model.compile({ loss: pullTogether, learningRate: 0.05 });
  const losses: number[] = [];
  const training = model.fit(clusters(), {
    epochs: 100,
    callbacks: collapseMonitor({ patience: 1, leastSpread: 0.05 }),
    onStep: ({ loss }) => losses.push(loss),
  });
  await expect(training).rejects.toMatchObject({ code: 'ERR_COLLAPSE' });
  expect(losses.length).toBeLessThan(99);
  const { data } = await model.predict(clusters().x);
  expect(Math.hypot(...Array.from(data.slice(3), (x, i) => x - data[i % 3]!))).toBeLessThan(1); // 8 of embeddings all over the sphere
});

test('it warns again when the same comes back, and starts anew with each fit', async () => {
  const found: SimileError[] = [];
  const monitor = collapseMonitor({ patience: 2, onWarning: (one) => found.push(one) });
  let step = 0;
  const turns = defineLoss('turns', {}, (_, rows) => mul(mean(square(rows)), step++ % 6 < 3 ? 0 : 1) as Scalar);
  const model = flat();
  model.compile({ loss: turns, optimizer: 'sgd', learningRate: 1e-4 });
  await model.fit(clusters(), { epochs: 12, callbacks: monitor });
  expect(found.map(({ where }) => where)).toEqual(['collapse-monitor, step 1', 'collapse-monitor, step 7']);
  step = 0;
  await model.fit(clusters(), { epochs: 2, callbacks: monitor });
  expect(found).toHaveLength(3);
});

test('limits are shares, and patience at least 1', () => {
  expect(() => collapseMonitor({ leastSpread: 2 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: collapse-monitor: leastSpread must be a number from 0 to 1, but got 2. Leave leastSpread out to use the default. [ERR_OPTION]]`,
  );
  expect(() => collapseMonitor({ patience: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: collapse-monitor: patience must be a whole number of at least 1, but got 0. Leave patience out to use the default. [ERR_OPTION]]`,
  );
});
