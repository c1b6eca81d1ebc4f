// ArcFace: a direction for each class
// The loss owns one weight vector a class and trains it along; afterwards classes nobody trained are found as well.
import { arcFace, metricEmbedding, mnist, selectBackend, similarityModel } from 'simile';
import { takeItems, type LabelledItems } from '@simile/core/items';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const all = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

const only = ({ x, labels }: LabelledItems, want: (label: number) => boolean): LabelledItems => {
  const rows = [...labels.keys()].filter((row) => want(labels[row]!));
  return { x: takeItems(x, rows), labels: Int32Array.from(rows, (row) => labels[row]!) };
};
const known = only(all, (digit) => digit < 8);

const inputs = tf.input({ shape: [28, 28, 1] });
const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
const hidden = tf.layers.dense({ units: 128, activation: 'relu' }).apply(flat);
const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 32 }).apply(hidden), seed: 1 });

const loss = arcFace({ classes: 8, dimension: 32, margin: 0.3, scale: 16 });
console.log(loss.variables?.map(({ shape }) => shape.join(' × ')).join()); // → 8 × 32
model.compile({ loss, learningRate: 0.002, lossLearningRate: 0.02 });
const { losses } = await model.fit(known, { epochs: 6 });
console.log(losses.at(-1)! < losses[0]! / 2); // → true

await model.index(all.x, { labels: all.labels });
for (const [name, want] of [
  ['trained', (digit: number) => digit < 8],
  ['new', (digit: number) => digit >= 8],
] as const) {
  const queries = only(test, want);
  const { recallAtK } = await model.evaluate(queries.x, queries.labels);
  console.log(`${name} digits: recall@1 ${recallAtK[1]?.toFixed(2)}`); // → trained digits: recall@1 0.… new digits: recall@1 0.…
}
loss.dispose?.();
