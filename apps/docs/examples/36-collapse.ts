// Collapse: when everything becomes alike
// A loss that only pulls together is best served by one point for all; the monitor sees it coming and stops.
import { collapseMonitor, cosine, defineLoss, drawCurve, metricEmbedding, mnist, multiShotSampler } from 'simile';
import { pairMasks, selectBackend, similarityModel } from 'simile';
import { div, mul, sum } from '@simile/core/ops';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const train = await mnist({ folder: 'data/mnist' });
const inputs = tf.input({ shape: [28, 28, 1] });
const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
const hidden = tf.layers.dense({ units: 64, activation: 'relu' }).apply(flat);
const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 16 }).apply(hidden), seed: 1 });

const pull = defineLoss('pull', {}, (labels, rows) => {
  const { positive } = pairMasks(labels, rows.shape[0]);
  return div(sum(mul(cosine()(rows), positive)), sum(positive)); // nothing pushes apart
});

const losses: number[] = [];
model.compile({ loss: pull, learningRate: 0.003 });
const sampler = multiShotSampler(train, { classesPerBatch: 10, stepsPerEpoch: 300 });
const monitor = collapseMonitor({ leastSpread: 0.1, patience: 5 });
const error = await model.fit(sampler, { callbacks: monitor, onStep: ({ loss }) => losses.push(loss) }).then(
  () => undefined,
  (reason: unknown) => reason as { code: string; message: string },
);

console.log(error?.code); // → ERR_COLLAPSE
console.log(error?.message);
console.log(losses.length < 300, losses.at(-1)! < 0.05); // → true true
console.log(drawCurve(losses, { title: 'A fine loss, and nothing learnt' }));
