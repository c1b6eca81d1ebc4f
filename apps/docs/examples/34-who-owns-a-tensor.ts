// Who owns a tensor
// What you make is yours to free, and so are batches and results; nothing that Simile makes on the way is left behind.
import { memory, tensor1d, tensor2d } from '@simile/core/ops';
import { metricEmbedding, mnist, multiShotSampler, multiSimilarity, selectBackend, similarityModel } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const start = memory().numTensors;
const since = (): number => memory().numTensors - start;

const labels = tensor1d([0, 0, 1], 'int32');
const rows = tensor2d([
  [1, 0],
  [0.6, 0.8],
  [0, 1],
]);
const cost = multiSimilarity()(labels, rows); // dozens of tensors on the way, one left
console.log(since()); // → 3
for (const tensor of [labels, rows, cost]) tensor.dispose();
console.log(since()); // → 0

const train = await mnist({ folder: 'data/mnist' }); // typed arrays, no tensors
const sampler = multiShotSampler(train, { classesPerBatch: 10, stepsPerEpoch: 20 });
const batch = sampler.slice(0, 100);
console.log(since()); // → 2

const inputs = tf.input({ shape: [28, 28, 1] });
const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 16 }).apply(flat), seed: 1 });
model.compile({ loss: multiSimilarity() });
await model.fit(sampler); // frees the batches that it takes
const trained = since(); // weights, and the moments of the optimizer
await model.fit(sampler);
await model.index(batch.x, { labels: batch.labels, data: batch.x }); // copies what it keeps
await model.lookup(batch.x);
console.log(since() === trained); // → true

model.dispose();
batch.x.dispose();
batch.labels.dispose();
console.log(since() <= 0); // → true
