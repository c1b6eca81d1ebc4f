// The picture of the home page: embeddings on a sphere, moved by the published loss while the site is built.
import { multiSimilarity } from '@simile/losses';
import { createRandom } from '@simile/core/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients

export interface SphereRun {
  readonly classes: number;
  /** Steps of the optimizer from frame to frame. */
  readonly every: number;
  /** Value of the loss in each frame. */
  readonly losses: readonly number[];
  /** Class of each point. */
  readonly labels: readonly number[];
  /** x, y, z of each point in hundredths, by frame. */
  readonly frames: readonly (readonly number[])[];
}

export declare const data: SphereRun;

const classes = 6;
const each = 12;
const steps = 48;
/** One in so many is kept; between them the picture goes straight. */
const every = 2;

export default {
  async load(): Promise<SphereRun> {
    await tf.setBackend('cpu');
    const random = createRandom(5);
    const labels = Array.from({ length: classes * each }, (_, at) => at % classes);
    const loss = multiSimilarity();
    const classOf = tf.tensor1d(labels, 'int32');
    const onSphere = (x: tf.Tensor2D): tf.Tensor2D => tf.div(x, tf.norm(x, 2, 1, true));
    const start = Float32Array.from({ length: labels.length * 3 }, () => random.normal());
    const x = tf.variable(onSphere(tf.tensor2d(start, [labels.length, 3])));
    const optimizer = tf.train.adam(0.045);
    const run = { classes, every, labels, losses: [] as number[], frames: [] as number[][] };
    for (let step = 0; step < steps; step++) {
      const cost = optimizer.minimize(() => loss(classOf, onSphere(x as tf.Tensor2D)), true, [x])!;
      x.assign(onSphere(x as tf.Tensor2D));
      if (step % every > 0) continue;
      run.losses.push(Number(cost.dataSync()[0]!.toFixed(3)));
      run.frames.push(Array.from(x.dataSync(), (value) => Math.round(value * 100)));
    }
    return run;
  },
};
