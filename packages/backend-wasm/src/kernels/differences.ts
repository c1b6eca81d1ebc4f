import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFactory } from './kernel.ts';

/**
 * Squared Euclidean distances between rows, `a` `[n, d]` and `b` `[m, d]` to `[n, m]`, precise where rows are near, and their gradients.
 * Where `b` is left out, rows of `a` are compared among themselves. Names of our own: no other backend has them.
 */
export const differences: KernelFactory = (runner) => {
  const { kernels } = runner;
  /** By the rows of `x`: those of `y` pull, with the weights `[n, m]` at strides. */
  const pull = (
    weights: TensorInfo,
    strides: [number, number],
    x: TensorInfo,
    y: TensorInfo,
    both: 0 | 1,
  ): TensorInfo => {
    const [n = 0, d = 0] = x.shape;
    const out = runner.output(x.shape);
    runner.run([weights, x, y], [out], (w = 0, xAt = 0, yAt = 0, outAt = 0) =>
      kernels.pullOfDifferences(n, y.shape[0]!, d, w, ...strides, xAt, yAt, outAt, both),
    );
    return out;
  };
  return {
    SimileSquaredDifferences({ a, b = a }) {
      const [n = 0, d = 0] = a!.shape;
      const [m = 0] = b!.shape;
      const out = runner.output([n, m]);
      runner.run([a!, b!], [out], (aAt = 0, bAt = 0, outAt = 0) =>
        kernels.squaredDifferences(n, m, d, aAt, bAt, outAt, a === b ? 1 : 0),
      );
      return out;
    },
    SimileSquaredDifferencesGrad({ dy, a, b }) {
      const m = dy!.shape[1]!;
      if (!b) return [pull(dy!, [m, 1], a!, a!, 1)];
      return [pull(dy!, [m, 1], a!, b, 0), pull(dy!, [1, m], b, a!, 0)];
    },
  };
};
