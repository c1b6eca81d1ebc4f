import { conv2d, linspace, matMul, mul, relu, reshape, sum, tensor, tidy, valueAndGrads } from '@tensorflow/tfjs-core';
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

/** How {@link timeBackend} goes about it. */
export interface TimeBackendOptions {
  readonly training: boolean;
  /** Time of the best backend so far: one that needs over four times that is timed once and not three times more. */
  readonly rival?: number | undefined;
  /** Ends the work early, with whatever number there is. */
  readonly signal?: AbortSignal | undefined;
}

const IMAGES_A_STEP = 32;
const IMAGES_AT_FIRST = 2;
/** Milliseconds for two images above which a backend is known well enough, and a whole step would take a second. */
const SLOW = 50;

/**
 * Milliseconds that the active backend needs for a step of the first layers of a small image model: 32 images of 28 × 28,
 * 3 × 3 convolution to 32 channels, relu, dense to 64; with `training` the gradients too (0.27 GFLOP; else 0.09). What
 * a GPU compiles or a JIT warms up is done before. Two images come first: a backend that is slow with those, as cpu and
 * GPUs made of software are, is not asked for more, and their time is scaled up.
 */
export async function timeBackend({ training, rival = Infinity, signal }: TimeBackendOptions): Promise<number> {
  const filter = ramp([3, 3, 1, 32]);
  const weights = ramp([26 * 26 * 32, 64]);
  const time = async (count: number, rounds: number): Promise<number> => {
    const images = ramp([count, 28, 28, 1]);
    try {
      const start = performance.now();
      const results: Tensor[] = [];
      for (let round = 0; round < rounds && !signal?.aborted; round++)
        results.push(...step(training, images, filter, weights));
      await finish(results);
      return (performance.now() - start) / rounds;
    } finally {
      images.dispose();
    }
  };
  try {
    await time(IMAGES_AT_FIRST, 1);
    const first = await time(IMAGES_AT_FIRST, 1);
    if (first > SLOW) return (first * IMAGES_A_STEP) / IMAGES_AT_FIRST;
    await time(IMAGES_A_STEP, 1);
    const once = await time(IMAGES_A_STEP, 1);
    return once > 4 * rival ? once : await time(IMAGES_A_STEP, 3);
  } finally {
    filter.dispose();
    weights.dispose();
  }
}

/** One step; its results are single numbers, so that reading them waits for the work and for little else. */
function step(training: boolean, images: Tensor, filter: Tensor, weights: Tensor): Tensor[] {
  return tidy(() => {
    const loss = (f: Tensor, w: Tensor): Scalar => sum(network(images, f, w));
    if (!training) return [loss(filter, weights)];
    const { value, grads } = valueAndGrads(loss)([filter, weights]);
    return [value, ...grads.map((grad) => sum(grad))];
  });
}

async function finish(results: Tensor[]): Promise<void> {
  try {
    await Promise.all(results.map((result) => result.data()));
  } finally {
    for (const result of results) result.dispose();
  }
}

/** From −1 to 1. */
function ramp(shape: number[]): Tensor {
  const size = shape.reduce((a, b) => a * b);
  return tidy(() => reshape(linspace(-1, 1, size), shape));
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
