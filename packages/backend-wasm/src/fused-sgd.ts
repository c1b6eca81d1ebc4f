import { MomentumOptimizer, SGDOptimizer, engine, getBackend, getKernel } from '@tensorflow/tfjs-core';
import type { Optimizer, Variable } from '@tensorflow/tfjs-core';
import { namedGradients, zeros } from './fused-adam.ts';
import type { Gradients, StockGradients } from './fused-adam.ts';
import { ownData } from './own-data.ts';

/** Options of {@link fusedSgd}. */
export interface FusedSgdOptions {
  /** Step size; above 0. Default 0.01. */
  learningRate?: number;
  /** Share of the last step that is added to the next, in [0, 1). Default 0: plain gradient descent. */
  momentum?: number;
  /** Look ahead by the momentum, after Nesterov. Default false. */
  nesterov?: boolean;
}

/**
 * Gradient descent with momentum, as `tf.train.momentum` (`tf.train.sgd` where `momentum` is 0), whose step on the
 * backend `simile-wasm` is one pass over each weight that changes it in place. On every other backend it is the stock
 * optimizer, and its state is saved and loaded as that one's.
 *
 * @see Sutskever, Martens, Dahl & Hinton, “On the importance of initialization and momentum in deep learning”, ICML 2013
 * @example
 * const optimizer = fusedSgd({ learningRate: 0.1, momentum: 0.9 });
 */
export function fusedSgd(options: FusedSgdOptions = {}): Optimizer {
  const { learningRate = 0.01, momentum = 0, nesterov = false } = options;
  return momentum === 0 ? new FusedSgd(learningRate) : new FusedMomentum(learningRate, momentum, nesterov);
}

class FusedSgd extends SGDOptimizer {
  override applyGradients(gradients: Gradients): void {
    if (!getKernel('SimileDescend', getBackend())) {
      super.applyGradients(gradients as StockGradients);
      return;
    }
    for (const [name, gradient] of namedGradients(gradients)) {
      if (!gradient) continue;
      const weights = engine().registeredVariables[name]!;
      ownData(weights);
      engine().runKernel('SimileDescend', { weights, gradient }, { rate: this.learningRate });
    }
    this.incrementIterations();
  }
}

/** What stock's class keeps; private to TypeScript only, and pinned with its version. */
interface MomentumState {
  readonly momentum: number;
  readonly useNesterov: boolean;
  readonly accumulations: { originalName: string; variable: Variable }[];
}

class FusedMomentum extends MomentumOptimizer {
  override applyGradients(gradients: Gradients): void {
    if (!getKernel('SimileMomentum', getBackend())) {
      super.applyGradients(gradients as StockGradients);
      return;
    }
    const state = this as unknown as MomentumState;
    const attrs = { rate: this.learningRate, momentum: state.momentum, nesterov: state.useNesterov };
    for (const [i, [name, gradient]] of namedGradients(gradients).entries()) {
      const weights = engine().registeredVariables[name]!;
      const accumulation = (state.accumulations[i] ??= zeros(`${name}/momentum`, weights)).variable;
      if (!gradient) continue;
      for (const variable of [weights, accumulation]) ownData(variable);
      engine().runKernel('SimileMomentum', { weights, accumulation, gradient }, attrs);
    }
    this.incrementIterations();
  }
}
