import { fusedAdam, fusedSgd } from '@simile/backend-wasm';
import { checkPositive, SimileError } from '@simile/core/errors';
import type { Optimizer } from '@tensorflow/tfjs-core';

/** An optimizer, and whether it is ours to dispose of. */
export interface ChosenOptimizer {
  readonly optimizer: Optimizer;
  readonly owned: boolean;
}

/** @throws `ERR_OPTION` for another name, or a learning rate beside an optimizer that has its own */
export function chooseOptimizer(
  where: string,
  optimizer: 'adam' | 'sgd' | Optimizer,
  learningRate: number | undefined,
): ChosenOptimizer {
  if (learningRate !== undefined) checkPositive(where, { learningRate });
  if (optimizer === 'adam') return { optimizer: fusedAdam({ learningRate: learningRate ?? 0.001 }), owned: true };
  if (optimizer === 'sgd') return { optimizer: fusedSgd({ learningRate: learningRate ?? 0.01 }), owned: true };
  if (typeof optimizer?.applyGradients !== 'function') {
    throw new SimileError({
      where,
      rule: "optimizer must be 'adam', 'sgd' or an optimizer of tfjs",
      got: optimizer,
      remedy: 'Leave optimizer out to use adam.',
      code: 'ERR_OPTION',
    });
  }
  if (learningRate !== undefined) {
    throw new SimileError({
      where,
      rule: 'learningRate goes with an optimizer given by name',
      got: learningRate,
      remedy: 'Give the rate to the optimizer itself.',
      code: 'ERR_OPTION',
    });
  }
  return { optimizer, owned: false };
}
