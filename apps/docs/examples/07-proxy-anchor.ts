// Proxy-Anchor: proxies learn faster
// Each class has a proxy that pulls its rows; the proxies learn at a rate of their own, a hundred times the network's.
import { drawCurve, metricEmbedding, mnist, proxyAnchor, selectBackend, similarityModel } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const train = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

const inputs = tf.input({ shape: [28, 28, 1] });
const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
const hidden = tf.layers.dense({ units: 128, activation: 'relu' }).apply(flat);
const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 32 }).apply(hidden), seed: 1 });

const loss = proxyAnchor({ classes: 10, dimension: 32, margin: 0.1, alpha: 32 });
const before = await loss.variables![0]!.array();
model.compile({ loss, learningRate: 0.001, lossLearningRate: 0.1 });
const { losses, epochs } = await model.fit(train, { epochs: 4, batchSize: 64 });
console.log(epochs.map((epoch) => epoch['loss']!.toFixed(1)).join(' → ')); // → … → … → … → …
console.log(drawCurve(losses, { title: 'Proxy-Anchor' }));

const after = await loss.variables![0]!.array();
console.log(`proxies moved: ${String(before) !== String(after)}`); // → proxies moved: true

// Plain data, shuffled and cut into batches: a proxy needs no two rows of a class in one batch.
await model.index(train.x, { labels: train.labels });
const { recallAtK } = await model.evaluate(test.x, test.labels);
console.log(`recall@1 ${recallAtK[1]?.toFixed(2)}`); // → recall@1 0.…
console.log(recallAtK[1]! > 0.8); // → true
loss.dispose?.();
