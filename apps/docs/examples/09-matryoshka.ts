// Matryoshka: embeddings that may be cut
// The loss counts at 4, 8 and 32 values at once, so the first few values of an embedding find nearly as much as all.
import { matryoshka, metricEmbedding, mnist, multiShotSampler, multiSimilarity, selectBackend } from 'simile';
import { createIndex, similarityModel } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';
import type { Items } from '@simile/core/items';

await selectBackend();
const train = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

const inputs = tf.input({ shape: [28, 28, 1] });
const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
const hidden = tf.layers.dense({ units: 128, activation: 'relu' }).apply(flat);
const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 32 }).apply(hidden), seed: 1 });

model.compile({ loss: matryoshka({ loss: multiSimilarity(), dimensions: [4, 8, 32] }), learningRate: 0.002 });
await model.fit(multiShotSampler(train, { classesPerBatch: 10, examplesPerClass: 6, stepsPerEpoch: 100 }));

/** The first values of each embedding; cosine normalises them anew. */
const cut = ({ data, shape }: Items<Float32Array>, width: number): Float32Array => {
  return Float32Array.from({ length: shape[0]! * width }, (_, i) => data[Math.floor(i / width) * 32 + (i % width)]!);
};
const [gallery, queries] = [await model.predict(train.x), await model.predict(test.x)];
const found: number[] = [];
for (const width of [4, 8, 32]) {
  const index = createIndex({ dimension: width });
  await index.add(cut(gallery, width), { labels: train.labels });
  const nearest = await index.search(cut(queries, width), { k: 1 });
  const right = nearest.filter(([first], row) => first?.label === test.labels[row]).length / 500;
  found.push(right);
  console.log(`${width} values: recall@1 ${right.toFixed(2)}`); // → 4 values: … 8 values: … 32 values: …
}
console.log(found[1]! > found[2]! - 0.1); // → true
