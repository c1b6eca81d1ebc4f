// The same seed, the same numbers
// Two trainings from one seed end in the same weights to the last bit, and a third from another seed does not.
import { metricEmbedding, mnist, multiShotSampler, multiSimilarity, randomWarp, selectBackend } from 'simile';
import { similarityModel } from 'simile';
import { createRandom } from '@simile/core/random';
import * as tf from '@tensorflow/tfjs-layers';

const { training } = await selectBackend();
console.log(training); // → true
const data = await mnist({ folder: 'data/mnist' });

async function embed(seed: number): Promise<Float32Array> {
  const inputs = tf.input({ shape: [28, 28, 1] });
  const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
  const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 16 }).apply(flat), seed }); // weights
  model.compile({ loss: multiSimilarity() });
  const augment = randomWarp({ rotation: 10, shift: 2 });
  await model.fit(multiShotSampler(data, { classesPerBatch: 10, stepsPerEpoch: 20, augment, seed })); // batches, warps
  const { data: embeddings } = await model.predict(multiShotSampler(data, { classesPerBatch: 10 }).slice(0, 50).x);
  model.dispose();
  return embeddings;
}
const [one, same, other] = [await embed(1), await embed(1), await embed(2)];
const apart = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
console.log(apart(one, same) < 1e-4); // → true
console.log(apart(one, other) > 0.1); // → true
console.log(`${apart(one, same)} apart`); // → … apart

// Streams of random numbers have names, so that using one does not move another.
const random = createRandom(1);
const [first, second] = [random.fork('first'), random.fork('second')];
console.log(first.integer(100) === createRandom(1).fork('first').integer(100)); // → true
console.log(second.uniform() < 1); // → true
