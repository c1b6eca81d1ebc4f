// Cross-batch memory: small batches, many pairs
// A contrastive loss sees the 20 rows of its batch, or 500 rows of the batches before as well, at hardly any cost.
import { contrastive, cosine, crossBatchMemory, drawCurve, metricEmbedding, mnist, multiShotSampler } from 'simile';
import { selectBackend, similarityModel, type Loss } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

await selectBackend();
const train = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

async function learn(loss: Loss): Promise<{ losses: readonly number[]; mapAtR: number }> {
  const inputs = tf.input({ shape: [28, 28, 1] });
  const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
  const hidden = tf.layers.dense({ units: 128, activation: 'relu' }).apply(flat);
  const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 32 }).apply(hidden), seed: 1 });
  model.compile({ loss });
  const { losses } = await model.fit(multiShotSampler(train, { classesPerBatch: 10, stepsPerEpoch: 100 }));
  await model.index(train.x, { labels: train.labels });
  const { mapAtR } = await model.evaluate(test.x, test.labels);
  model.dispose();
  return { losses, mapAtR };
}

const pairs = (): Loss => contrastive({ distance: cosine(), power: 1, negativeMargin: 0.5 });
const alone = await learn(pairs());
const remembering = crossBatchMemory({ loss: pairs(), memorySize: 500, warmupSteps: 10 });
const together = await learn(remembering);
remembering.dispose?.();

console.log(`without memory: MAP@R ${alone.mapAtR.toFixed(2)}`); // → without memory: MAP@R 0.…
console.log(`with memory: MAP@R ${together.mapAtR.toFixed(2)}`); // → with memory: MAP@R 0.…
console.log(Math.min(alone.mapAtR, together.mapAtR) > 0.35); // → true
console.log(drawCurve({ 'batch alone': alone.losses, 'with memory': together.losses }));
