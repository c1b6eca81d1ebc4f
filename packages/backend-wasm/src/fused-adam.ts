import { AdamOptimizer, engine, getBackend, getKernel, mul, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import { ownData } from './own-data.ts';
import type { AdamStep } from './kernels/optimizers.ts';

/** Options of {@link fusedAdam}. */
export interface FusedAdamOptions {
  /** Step size; above 0. Default 0.001. */
  learningRate?: number;
  /** Share of the old mean of gradients that is kept at each step, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Share of the old mean of squared gradients that is kept, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Added to the root of the mean square, against division by zero. Default 1e-7. */
  epsilon?: number;
}

/**
 * Adam, as `tf.train.adam`, whose step on the backend `simile-wasm` is one pass over each weight that changes it in
 * place. On every other backend it is `tf.train.adam`; its state may move between backends, and is saved and loaded as
 * that of `tf.train.adam`.
 *
 * Cost on `simile-wasm`: 28 bytes of memory traffic a weight.
 *
 * @see Kingma & Ba, “Adam: A Method for Stochastic Optimization”, ICLR 2015, algorithm 1: https://arxiv.org/abs/1412.6980
 * @example
 * const optimizer = fusedAdam({ learningRate: 0.01 });
 * optimizer.minimize(() => loss(labels, model.predict(x)));
 */
export function fusedAdam(options: FusedAdamOptions = {}): Optimizer {
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  return new FusedAdam(learningRate, beta1, beta2, epsilon);
}

/** Gradients as an optimizer takes them, and as the declaration of stock's classes has it. */
export type Gradients = Parameters<Optimizer['applyGradients']>[0];
export type StockGradients = Parameters<AdamOptimizer['applyGradients']>[0];

/** What stock's class keeps; private to TypeScript only, and pinned with its version. */
interface AdamState {
  readonly accBeta1: Variable;
  readonly accBeta2: Variable;
  readonly accumulatedFirstMoment: { originalName: string; variable: Variable }[];
  readonly accumulatedSecondMoment: { originalName: string; variable: Variable }[];
}

class FusedAdam extends AdamOptimizer {
  override applyGradients(gradients: Gradients): void {
    if (!getKernel('SimileAdam', getBackend())) {
      super.applyGradients(gradients as StockGradients);
      return;
    }
    const state = this as unknown as AdamState;
    const { beta1, beta2 } = this;
    const attrs: AdamStep = {
      beta1,
      beta2,
      rate: this.learningRate,
      firstScale: 1 / Math.fround(1 - state.accBeta1.dataSync()[0]!),
      secondScale: 1 / Math.fround(1 - state.accBeta2.dataSync()[0]!),
      epsilon: this.epsilon!,
    };
    for (const [i, [name, gradient]] of namedGradients(gradients).entries()) {
      const weights = engine().registeredVariables[name]!;
      const first = (state.accumulatedFirstMoment[i] ??= zeros(`${name}/m`, weights)).variable;
      const second = (state.accumulatedSecondMoment[i] ??= zeros(`${name}/v`, weights)).variable;
      if (!gradient) continue;
      for (const variable of [weights, first, second]) ownData(variable);
      engine().runKernel('SimileAdam', { weights, first, second, gradient }, { ...attrs });
    }
    tidy(() => {
      state.accBeta1.assign(mul(state.accBeta1, beta1));
      state.accBeta2.assign(mul(state.accBeta2, beta2));
    });
    this.incrementIterations();
  }
}

/** Gradients by the names of their variables, in the order in which stock numbers its state. */
export function namedGradients(gradients: Gradients): [name: string, gradient: Tensor | undefined][] {
  return Array.isArray(gradients) ? gradients.map(({ name, tensor }) => [name, tensor]) : Object.entries(gradients);
}

/** State of a variable as stock keeps it: zeros of its shape, not trainable. */
export function zeros(originalName: string, like: Variable): { originalName: string; variable: Variable } {
  return { originalName, variable: tidy(() => zerosLike(like).variable(false)) };
}
