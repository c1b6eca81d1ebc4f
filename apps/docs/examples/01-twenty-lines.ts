// Twenty lines: train, index, look up
// A small network learns ten digits, and finds the nearest of 2,000 for one that it has not seen.
import { sliceItems } from '@simile/core/items';
import { drawNeighbors, metricEmbedding, mnist, multiShotSampler, multiSimilarity } from 'simile';
import { selectBackend, similarityModel } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const train = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

const inputs = tf.input({ shape: [28, 28, 1] });
let x = tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs);
x = tf.layers.flatten().apply(x);
x = tf.layers.dense({ units: 128, activation: 'relu' }).apply(x);
const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 32 }).apply(x), seed: 1 });

model.compile({ loss: multiSimilarity(), learningRate: 0.002 });
await model.fit(multiShotSampler(train, { classesPerBatch: 10, examplesPerClass: 6, stepsPerEpoch: 120 }));

await model.index(train.x, { labels: train.labels, data: train.x });
const { recallAtK } = await model.evaluate(test.x, test.labels);
console.log(`right at the first place: ${recallAtK[1]?.toFixed(2)}`); // → right at the first place: 0.…

const query = sliceItems(test.x, 0, 1);
const neighbors = await model.singleLookup(query, { k: 5 });
console.log(drawNeighbors(query, test.labels[0], neighbors));
