// SimCLR: learning without labels
// Two warped views of each digit must find each other among all; no label is seen, and yet like digits come together.
import { drawCurve, metricEmbedding, mnist, ntXent, randomWarp, selectBackend, similarityModel } from 'simile';
import { twoViews, twoViewSampler } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const train = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

const inputs = tf.input({ shape: [28, 28, 1] });
const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
const hidden = tf.layers.dense({ units: 128, activation: 'relu' }).apply(flat);
const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 32 }).apply(hidden), seed: 1 });

const mapAtR = async (): Promise<number> => {
  await model.resetIndex();
  await model.index(train.x, { labels: train.labels });
  return (await model.evaluate(test.x, test.labels)).mapAtR;
};
const before = await mapAtR();

const augment = randomWarp({ rotation: 20, logScale: 0.2, shear: 0.2, shift: 3, elastic: { grid: 5, deviation: 1 } });
const views = twoViewSampler(train.x, { itemsPerBatch: 48, augment, stepsPerEpoch: 120 });
await model.resetIndex();
model.compile({ loss: twoViews({ loss: ntXent({ temperature: 0.2 }) }), learningRate: 0.002 });
const { losses } = await model.fit(views);
console.log(drawCurve(losses, { title: 'Two views must find each other' }));

const after = await mapAtR();
console.log(`MAP@R ${before.toFixed(2)} before, ${after.toFixed(2)} after`); // → MAP@R 0.… before, 0.… after
console.log(after > before); // → true
