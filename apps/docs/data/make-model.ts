// Trains data/digits.simile on the digits 0 to 7 of the whole of MNIST: node --conditions=source data/make-model.ts
import { join } from 'node:path';
import {
  metricEmbedding,
  mnist,
  multiShotSampler,
  multiSimilarity,
  randomWarp,
  selectBackend,
  similarityModel,
  warmupCosineDecay,
} from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

const STEPS = 3000;

await selectBackend({ prefer: 'wasm' });
const sampler = multiShotSampler(await mnist(), {
  classes: [0, 1, 2, 3, 4, 5, 6, 7],
  flippedClasses: [2, 3, 4, 6, 7].flatMap((from) => [
    { from, flip: 'horizontal' },
    { from, flip: 'vertical' },
  ]),
  classesPerBatch: 14,
  examplesPerClass: 6,
  stepsPerEpoch: STEPS,
  seed: 1,
  augment: randomWarp({ rotation: 15, logScale: 0.15, shear: 0.2, shift: 2, elastic: { grid: 5, deviation: 0.8 } }),
});

const inputs = tf.input({ shape: [28, 28, 1] });
let x = tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs);
for (const filters of [16, 32, 64]) {
  x = tf.layers.conv2d({ filters, kernelSize: 3, strides: 2, padding: 'same', useBias: false }).apply(x);
  x = tf.layers.batchNormalization({ momentum: 0.95 }).apply(x);
  x = tf.layers.reLU().apply(x);
}
const outputs = metricEmbedding({ units: 32 }).apply(tf.layers.flatten().apply(x));
const model = similarityModel({ inputs, outputs: outputs as tf.SymbolicTensor, seed: 1, name: 'digits' });

model.compile({ loss: multiSimilarity() });
const learningRateSchedule = warmupCosineDecay({ maxLearningRate: 2e-3, totalSteps: STEPS, warmupSteps: 30 });
await model.fit(sampler, {
  learningRateSchedule,
  onStep: ({ step, loss }) => step % 250 === 0 && console.log(step, loss.toFixed(3)),
});

// How well digits that it has never seen are found, those of classes it was not trained on among them.
const test = await mnist({ split: 'test' });
await model.index(test.x, { labels: test.labels });
const evaluation = await model.evaluate(test.x, test.labels, { k: [1], indexed: true });
console.log(evaluation);
await model.resetIndex();
await model.save(join(import.meta.dirname, 'digits.simile'));
