import { util } from '@tensorflow/tfjs-core';
import type { KernelFactory } from './kernel.ts';

/** Numbers of one step of Adam. */
export interface AdamStep {
  readonly beta1: number;
  readonly beta2: number;
  readonly rate: number;
  /** 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ). */
  readonly firstScale: number;
  readonly secondScale: number;
  readonly epsilon: number;
}

/** Numbers of one step of gradient descent with momentum. */
export interface MomentumStep {
  readonly rate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
}

/** Steps of optimizers that change weights where they lie. Names of our own: no other backend has them. */
export const optimizers: KernelFactory = (runner) => {
  const { kernels } = runner;
  return {
    SimileAdam({ weights, first, second, gradient }, attrs) {
      const { beta1, beta2, rate, firstScale, secondScale, epsilon } = attrs as unknown as AdamStep;
      runner.run([gradient!, weights!, first!, second!], [weights!, first!, second!], (g = 0, w = 0, m = 0, v = 0) => {
        const size = util.sizeFromShape(weights!.shape);
        const left1 = 1 - beta1;
        const left2 = 1 - beta2;
        kernels.adam(size, w, m, v, g, beta1, beta2, left1, left2, rate, firstScale, secondScale, epsilon);
      });
      runner.forgetPacked(weights!);
      return [];
    },
    SimileMomentum({ weights, accumulation, gradient }, attrs) {
      const { rate, momentum, nesterov } = attrs as unknown as MomentumStep;
      runner.run([gradient!, weights!, accumulation!], [weights!, accumulation!], (g = 0, w = 0, a = 0) =>
        kernels.momentum(util.sizeFromShape(weights!.shape), w, a, g, rate, momentum, nesterov ? 1 : 0),
      );
      runner.forgetPacked(weights!);
      return [];
    },
    SimileDescend({ weights, gradient }, attrs) {
      const { rate } = attrs as unknown as MomentumStep;
      runner.run([gradient!, weights!], [weights!], (g = 0, w = 0) =>
        kernels.descend(util.sizeFromShape(weights!.shape), w, g, rate),
      );
      runner.forgetPacked(weights!);
      return [];
    },
  };
};
