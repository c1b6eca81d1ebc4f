// SupCon: many positives at once
// Supervised contrastive learning pulls all of a class together, batch by batch; the map shows the classes part.
import { drawScatter, metricEmbedding, mnist, multiShotSampler, principalComponents, selectBackend } from 'simile';
import { similarityModel, supCon } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const train = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

const inputs = tf.input({ shape: [28, 28, 1] });
const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
const hidden = tf.layers.dense({ units: 128, activation: 'relu' }).apply(flat);
const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 32 }).apply(hidden), seed: 1 });

const map = async (title: string): Promise<void> => {
  const points = principalComponents(await model.predict(test.x));
  console.log(drawScatter(points, { labels: test.labels, title }));
};
await map('Before: 500 digits in the plane');

model.compile({ loss: supCon({ temperature: 0.1 }), learningRate: 0.002 });
await model.fit(multiShotSampler(train, { classesPerBatch: 10, examplesPerClass: 8, stepsPerEpoch: 60 }), {
  epochs: 2,
  onStep: ({ epoch, step, loss }) => step % 30 === 0 && console.log(`epoch ${epoch}, step ${step}: ${loss.toFixed(2)}`),
});
await map('After');

await model.index(train.x, { labels: train.labels });
const { recallAtK } = await model.evaluate(test.x, test.labels);
console.log(`recall@1 ${recallAtK[1]?.toFixed(2)}`); // → recall@1 0.…
console.log(recallAtK[1]! > 0.8); // → true
