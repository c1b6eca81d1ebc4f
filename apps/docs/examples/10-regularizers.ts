// Regularisers: a price on embeddings
// The same training twice, once with a price on the length of embeddings that are not normalised.
import { contrastive, lp, mnist, multiShotSampler, regularized, selectBackend, similarityModel } from 'simile';
import type { Loss } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const train = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

async function learn(loss: Loss): Promise<{ length: number; recall: number }> {
  const inputs = tf.input({ shape: [28, 28, 1] });
  const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
  const hidden = tf.layers.dense({ units: 64, activation: 'relu' }).apply(flat);
  const model = similarityModel({ inputs, outputs: tf.layers.dense({ units: 16 }).apply(hidden), seed: 1 });
  model.compile({ loss });
  await model.fit(multiShotSampler(train, { classesPerBatch: 10, examplesPerClass: 4, stepsPerEpoch: 80 }));

  const { data } = await model.predict(test.x);
  const lengths = Array.from({ length: 500 }, (_, row) => Math.hypot(...data.subarray(16 * row, 16 * row + 16)));
  await model.index(train.x, { labels: train.labels });
  const { recallAtK } = await model.evaluate(test.x, test.labels);
  model.dispose();
  return { length: lengths.reduce((sum, length) => sum + length / 500, 0), recall: recallAtK[1]! };
}

const pairs = contrastive({ negativeMargin: 2 });
const free = await learn(pairs);
const priced = await learn(regularized({ loss: pairs, regularizer: lp(), weight: 0.1 }));
console.log(`free: length ${free.length.toFixed(2)}, recall@1 ${free.recall.toFixed(2)}`); // → free: …
console.log(`priced: length ${priced.length.toFixed(2)}, recall@1 ${priced.recall.toFixed(2)}`); // → priced: …
console.log(priced.length < free.length); // → true
