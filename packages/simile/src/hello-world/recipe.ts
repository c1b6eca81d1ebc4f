import { randomWarp } from '@simile/augmenters';
import { meanOfAll, type Loss, type Sampler } from '@simile/core';
import type { LabelledItems } from '@simile/core/items';
import { metricEmbedding } from '@simile/layers';
import { multiSimilarity } from '@simile/losses';
import { similarityModel, warmupCosineDecay, type LearningRateSchedule, type SimilarityModel } from '@simile/models';
import { multiShotSampler, type FlippedClass } from '@simile/samplers';
import { input, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { trainedDigits } from './classes.ts';

/**
 * A way to train the hello world: everything but data and seed. One of your own is best made of ours:
 * `{ ...simileRecipe, name: 'mine', about: 'with my loss', loss: myLoss() }`.
 */
export interface Recipe {
  /** Kebab-case; those of Simile's own are `simile` and `tensorflow-similarity`. */
  readonly name: string;
  /** One sentence for the report. */
  readonly about: string;
  readonly steps: number;
  /** Not yet compiled; the seed decides the weights. */
  model(seed: number): SimilarityModel;
  readonly loss: Loss;
  learningRate(steps: number): LearningRateSchedule;
  sampler(train: LabelledItems<Uint8Array>, options: { seed: number; stepsPerEpoch: number }): Sampler;
}

const seenAs = (digit: number): FlippedClass[] => [
  { from: digit, flip: 'horizontal' },
  { from: digit, flip: 'vertical' },
];

/**
 * Our recipe, found on an inner split of the six trained digits (docs/decisions): batch norm, mirrored and flipped
 * digits as classes of their own (left out where the result is another digit), affine and elastic augmentation, and a
 * cosine-decayed rate.
 */
export const simileRecipe: Recipe = {
  name: 'simile',
  about: 'batch norm, mirror and flip classes, affine and elastic augmentation, cosine decay',
  steps: 1500,
  model: (seed) => convolutionalModel(seed, true),
  loss: multiSimilarity({ reduce: meanOfAll }),
  learningRate: (steps) =>
    warmupCosineDecay({ maxLearningRate: 2e-3, totalSteps: steps, warmupSteps: Math.min(30, steps >> 1) }),
  sampler: (train, options) =>
    multiShotSampler(train, {
      ...options,
      classes: trainedDigits,
      flippedClasses: [2, 7, 6].flatMap(seenAs),
      classesPerBatch: 12,
      examplesPerClass: 7,
      augment: randomWarp({ rotation: 15, logScale: 0.15, shear: 0.2, shift: 2, elastic: { grid: 5, deviation: 0.8 } }),
    }),
};

/** TensorFlow Similarity's own model, loss, rate and batches, for an equal race. */
export const tensorFlowSimilarityRecipe: Recipe = {
  name: 'tensorflow-similarity',
  about: "TensorFlow Similarity's own model, loss, batches and rate",
  steps: 1000,
  model: (seed) => convolutionalModel(seed, false),
  loss: multiSimilarity({ reduce: meanOfAll }),
  learningRate: () => () => 1e-3,
  sampler: (train, options) =>
    multiShotSampler(train, {
      ...options,
      classes: trainedDigits,
      classesPerBatch: 6,
      examplesPerClass: 10,
      shuffle: false, // its sampler walks each class in file order
    }),
};

/** Every recipe, the default first. */
export const recipes: readonly Recipe[] = [simileRecipe, tensorFlowSimilarityRecipe];

/** conv 32, conv 32, max pool, conv 64, conv 64 (3×3, ReLU), flatten, embedding 64; batch norm before each ReLU if asked. */
function convolutionalModel(seed: number, normalize: boolean): SimilarityModel {
  const inputs = input({ shape: [28, 28, 1] });
  let x = layers.rescaling({ scale: 1 / 255 }).apply(inputs);
  const convolution = (filters: number): void => {
    x = layers.conv2d({ filters, kernelSize: 3 }).apply(x);
    if (normalize) x = layers.batchNormalization({ momentum: 0.95, epsilon: 1e-3 }).apply(x);
    x = layers.reLU().apply(x);
  };
  convolution(32);
  convolution(32);
  x = layers.maxPooling2d({ poolSize: 2 }).apply(x);
  convolution(64);
  convolution(64);
  x = metricEmbedding({ units: 64 }).apply(layers.flatten().apply(x));
  return similarityModel({ inputs, outputs: x as SymbolicTensor, seed });
}
