import { randomWarp } from '@simile/augmenters';
import type { Loss } from '@simile/core';
import { selectBackend } from '@simile/core/backend';
import { takeItems, type Items, type LabelledItems } from '@simile/core/items';
import { mnist } from '@simile/datasets';
import { metricEmbedding } from '@simile/layers';
import { byol, dino, multipleNegativesRanking, ntXent, simSiam, twoViews, vicReg } from '@simile/losses';
import { similarityModel, type SimilarityModel } from '@simile/models';
import { twoViewSampler } from '@simile/samplers';
import { zeros, type Tensor2D, type Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';

let gallery: LabelledItems;
let queries: LabelledItems;

beforeAll(async () => {
  await selectBackend();
  const { x, labels } = await mnist({ split: 'test' });
  const part = (begin: number, end: number): LabelledItems => ({
    x: takeItems(
      x,
      Int32Array.from({ length: end - begin }, (_, i) => begin + i),
    ),
    labels: labels.slice(begin, end),
  });
  [gallery, queries] = [part(0, 400), part(400, 800)];
});

const augment = randomWarp({
  rotation: 15,
  shift: 2,
  logScale: 0.15,
  shear: 0.2,
  elastic: { grid: 5, deviation: 0.8 },
});
const views = (seed = 1) => twoViewSampler(gallery.x, { itemsPerBatch: 64, augment, seed });

/** A perceptron; those without negatives need what batch norm does for them. */
function network({ normalized = true, batchNorm = false } = {}): {
  inputs: tf.SymbolicTensor;
  outputs: tf.SymbolicTensor;
} {
  const inputs = tf.input({ shape: [28, 28, 1] });
  let x = tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs);
  x = tf.layers.flatten().apply(x);
  x = tf.layers.dense({ units: 64 }).apply(x);
  if (batchNorm) x = tf.layers.batchNormalization().apply(x);
  x = tf.layers.activation({ activation: 'relu' }).apply(x);
  const last = normalized ? metricEmbedding({ units: 16 }) : tf.layers.dense({ units: 16 });
  return { inputs, outputs: last.apply(x) as tf.SymbolicTensor };
}

const variablesOf = (weights: tf.LayersModel['weights']): Variable[] => weights.map((one) => one.read() as Variable);

/** What SimSiam and BYOL predict with. */
function predictorNetwork(): tf.LayersModel {
  const seeded = (seed: number): ReturnType<typeof tf.initializers.glorotUniform> =>
    tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, inputShape: [16], kernelInitializer: seeded(5) }),
      tf.layers.batchNormalization(),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.dense({ units: 16, kernelInitializer: seeded(6) }),
    ],
  });
}

/** Share of the queries whose nearest image of the gallery, by the cosine, is of their class. */
async function recallAt1(model: { predict(x: Items): Promise<Items> }): Promise<number> {
  const [known, asked] = await Promise.all([model.predict(gallery.x), model.predict(queries.x)]);
  const d = known.shape[1]!;
  const length = (j: number): number => Math.hypot(...known.data.subarray(j * d, j * d + d));
  const lengths = Array.from(gallery.labels, (_, j) => length(j));
  let right = 0;
  queries.labels.forEach((label, i) => {
    let [best, at] = [-Infinity, 0];
    gallery.labels.forEach((_, j) => {
      let product = 0;
      for (let k = 0; k < d; k++) product += asked.data[i * d + k]! * known.data[j * d + k]!;
      if (product / lengths[j]! > best) [best, at] = [product / lengths[j]!, j];
    });
    if (gallery.labels[at] === label) right++;
  });
  return right / queries.labels.length;
}

/** Recall before and after training without labels. */
async function trained(loss: Loss, model: SimilarityModel): Promise<[before: number, after: number]> {
  const before = await recallAt1(model);
  model.compile({ optimizer: 'adam', learningRate: 0.003, loss });
  await model.fit(views(), { epochs: 20 });
  return [before, await recallAt1(model)];
}

describe('a model learns from 400 images of MNIST without their labels', () => {
  // Untrained about 0.53. What is asked is well under what was seen, so that another order of sums does not matter.
  test('by SimCLR', async () => {
    const loss = twoViews({ loss: ntXent({ temperature: 0.2 }) });
    const [before, after] = await trained(loss, similarityModel({ ...network(), seed: 1 }));
    expect(before).toBeLessThan(0.6);
    expect(after).toBeGreaterThan(0.75); // 0.85 was seen
  });

  test('by a loss over labels, since two views of an item have the label of the item', async () => {
    const [, after] = await trained(multipleNegativesRanking({ scale: 5 }), similarityModel({ ...network(), seed: 1 }));
    expect(after).toBeGreaterThan(0.75); // 0.85 was seen
  });

  test('by VICReg', async () => {
    const model = similarityModel({ ...network({ normalized: false }), seed: 1 });
    const [, after] = await trained(twoViews({ loss: vicReg() }), model);
    expect(after).toBeGreaterThan(0.6); // 0.68 was seen
  });

  test('by SimSiam, whose predictor is trained along', async () => {
    const predictor = predictorNetwork();
    const headVariables = variablesOf(predictor.trainableWeights);
    const start = headVariables.map((variable) => [...variable.dataSync()]);
    const head = (rows: Tensor2D): Tensor2D => predictor.apply(rows, { training: true }) as Tensor2D;
    const loss = twoViews({ loss: simSiam(), head, headVariables });
    const [before, after] = await trained(loss, similarityModel({ ...network({ batchNorm: true }), seed: 1 }));
    headVariables.forEach((variable, i) => expect([...variable.dataSync()]).not.toEqual(start[i]));
    expect(before).toBeLessThan(0.55);
    expect(after).toBeGreaterThan(0.56); // 0.6 was seen: without negatives it takes longer
  });

  test('by BYOL, against a slower copy of itself', async () => {
    const predictor = predictorNetwork();
    const headVariables = variablesOf(predictor.trainableWeights);
    const head = (rows: Tensor2D): Tensor2D => predictor.apply(rows, { training: true }) as Tensor2D;
    const loss = twoViews({ loss: byol(), head, headVariables, momentum: 0.95 });
    const model = similarityModel({ ...network({ batchNorm: true }), seed: 1 });
    const [before, after] = await trained(loss, model);
    expect(before).toBeLessThan(0.55);
    expect(after).toBeGreaterThan(0.56); // 0.6 was seen
    // What follows is near what it follows, and lags behind.
    const online = variablesOf(model.layers!.weights);
    const apart = online.map((each, i) => greatestDifference(each, loss.state![i]!));
    expect(apart.every((difference) => difference > 0 && difference < 2)).toBe(true);
    loss.dispose!();
  });

  test('by DINO, whose teacher is a slower copy of network and head', async () => {
    const prototypes = tf.layers.dense({
      units: 64,
      inputShape: [16],
      useBias: false,
      kernelInitializer: tf.initializers.glorotUniform({ seed: 7 }),
    });
    const head = (rows: Tensor2D): Tensor2D => prototypes.apply(rows) as Tensor2D;
    head(zeros([1, 16])).dispose(); // builds it
    const headVariables = variablesOf(prototypes.trainableWeights);
    const loss = twoViews({ loss: dino({ dimension: 64 }), head, headVariables, targetHead: head, momentum: 0.95 });
    const [before, after] = await trained(loss, similarityModel({ ...network(), seed: 1 }));
    expect(before).toBeLessThan(0.6);
    expect(after).toBeGreaterThan(0.6); // 0.67 was seen
    expect(loss.state!.map(({ shape }) => shape)).toEqual([[64], [784, 64], [64], [64, 16], [16], [16, 64]]);
    loss.dispose!();
  });
});

const greatestDifference = (a: Variable, b: Variable): number => {
  const [left, right] = [a, b].map((each) => [...each.dataSync()]) as [number[], number[]];
  return left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i]!)), 0);
};
