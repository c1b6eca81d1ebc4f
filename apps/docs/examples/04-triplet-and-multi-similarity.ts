// Triplet margin against multi-similarity
// The same network, batches and steps on clothes, once with each loss: what they cost, and how much is found.
import { drawCurve, fashionMnist, metricEmbedding, multiShotSampler, multiSimilarity, selectBackend } from 'simile';
import { similarityModel, tripletMargin, type Loss } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const train = await fashionMnist({ folder: 'data/fashion-mnist' });
const test = await fashionMnist({ folder: 'data/fashion-mnist', split: 'test' });

async function learn(loss: Loss): Promise<{ losses: readonly number[]; recall: number }> {
  const inputs = tf.input({ shape: [28, 28, 1] });
  const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
  const hidden = tf.layers.dense({ units: 128, activation: 'relu' }).apply(flat);
  const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 32 }).apply(hidden), seed: 1 });
  model.compile({ loss });
  const batches = multiShotSampler(train, { classesPerBatch: 10, examplesPerClass: 6, stepsPerEpoch: 80 });
  const { losses } = await model.fit(batches);
  await model.index(train.x, { labels: train.labels });
  const { recallAtK } = await model.evaluate(test.x, test.labels);
  model.dispose();
  return { losses, recall: recallAtK[1]! };
}

const triplet = await learn(tripletMargin({ margin: 0.2, negatives: 'semi-hard' }));
const similarity = await learn(multiSimilarity());
console.log(`tripletMargin: recall@1 ${triplet.recall.toFixed(2)}`); // → tripletMargin: recall@1 0.…
console.log(`multiSimilarity: recall@1 ${similarity.recall.toFixed(2)}`); // → multiSimilarity: recall@1 0.…
console.log(Math.min(triplet.recall, similarity.recall) > 0.7); // → true
console.log(drawCurve({ tripletMargin: triplet.losses, multiSimilarity: similarity.losses }));
