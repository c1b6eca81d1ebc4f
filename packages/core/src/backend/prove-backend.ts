import {
  conv2d,
  matMul,
  mul,
  randomNormal,
  relu,
  reshape,
  sum,
  tensor,
  tidy,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { FILTER, GRADIENTS, IMAGES, OUTPUTS, UPSTREAM, WEIGHTS } from './known-graph.ts';

/**
 * Runs a small known graph on the active backend and compares: its outputs, and with `training` its gradients by
 * images, filter and weights.
 *
 * @throws an `Error` that says what was wrong.
 */
export async function proveBackend(training: boolean): Promise<void> {
  const results = tidy(() => {
    const inputs = [tensor([...IMAGES], [2, 3, 3, 1]), tensor([...FILTER], [2, 2, 1, 2]), tensor([...WEIGHTS], [8, 2])];
    if (!training) return [network(...(inputs as [Tensor, Tensor, Tensor]))];
    const upstream = tensor([...UPSTREAM], [2, 2]);
    const loss = (...by: Tensor[]): Scalar => sum(mul(network(...(by as [Tensor, Tensor, Tensor])), upstream));
    return valueAndGrads(loss)(inputs).grads;
  });
  await compare(results, training ? GRADIENTS : [OUTPUTS], training ? 'gradient' : 'output');
}

/**
 * Milliseconds that the active backend needs for a step of the first layers of a small image model: 32 images of 28 × 28,
 * 3 × 3 convolution to 32 channels, relu, dense to 64; with `training` the gradients too (0.27 GFLOP; else 0.09). What
 * a GPU compiles or a JIT warms up is done before.
 *
 * @param share Part of the batch that is run, for backends too slow for all of it; the time is scaled up.
 * @param rival Time of the best backend so far: one that needs over four times that is timed once and not three times
 *   more, for a software GPU can need seconds.
 */
export async function timeBackend(training: boolean, share: number = 1, rival: number = Infinity): Promise<number> {
  const images = randomNormal([32 * share, 28, 28, 1]);
  const filter = randomNormal([3, 3, 1, 32]);
  const weights = randomNormal([26 * 26 * 32, 64]);
  const step = (): Tensor[] =>
    tidy(() => {
      const loss = (f: Tensor, w: Tensor): Scalar => sum(network(images, f, w));
      if (!training) return [loss(filter, weights)];
      const { value, grads } = valueAndGrads(loss)([filter, weights]);
      // A sum of each gradient, so that waiting for a few numbers waits for all of the work.
      return [value, ...grads.map((grad) => sum(grad))];
    });
  const finish = async (results: Tensor[]): Promise<void> => {
    try {
      await Promise.all(results.map((result) => result.data()));
    } finally {
      for (const result of results) result.dispose();
    }
  };
  try {
    const timed = async (rounds: number): Promise<number> => {
      const start = performance.now();
      await finish(Array.from({ length: rounds }, step).flat());
      return (performance.now() - start) / rounds / share;
    };
    await timed(1);
    const once = await timed(1);
    return once > 4 * rival ? once : await timed(3);
  } finally {
    for (const made of [images, filter, weights]) made.dispose();
  }
}

/** Images [n, h, w, 1], filter [r, c, 1, o], weights [d, m] → [n, m]. */
function network(images: Tensor, filter: Tensor, weights: Tensor): Tensor {
  const features = relu(conv2d(images as Tensor4D, filter as Tensor4D, 1, 'valid'));
  return matMul(reshape(features, [images.shape[0]!, -1]) as Tensor2D, weights as Tensor2D);
}

async function compare(results: Tensor[], expected: readonly (readonly number[])[], what: string): Promise<void> {
  // 1 in 4096: half of what 16 bits can resolve, and far more than 32 bits need.
  const tolerance = what === 'gradient' ? 1 / 4096 : 1 / 256;
  try {
    const values = await Promise.all(results.map((result) => result.data()));
    for (const [i, list] of expected.entries()) {
      for (const [at, wanted] of list.entries()) {
        const got = values[i]![at]!;
        if (!(Math.abs(got - wanted) <= Math.max(1, Math.abs(wanted)) * tolerance)) {
          throw new Error(`its ${what} of a known graph is wrong: ${got} in place of ${wanted}`);
        }
      }
    }
  } finally {
    for (const result of results) result.dispose();
  }
}
