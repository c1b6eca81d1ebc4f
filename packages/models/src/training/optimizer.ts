import { fusedAdam, fusedSgd } from '@simile/backend-wasm';
import { checkPositive, SimileError } from '@simile/core/errors';
import type { Optimizer } from '@tensorflow/tfjs-core';

/** The optimizer in use. */
export interface ChosenOptimizer {
  optimizer(): Optimizer;
  /** Forgets moments that a step spoilt, where the optimizer is ours to make again. */
  renew(): void;
  /** Frees the optimizer, where it is ours. */
  dispose(): void;
}

/** @throws `ERR_OPTION` for another name, or a learning rate beside an optimizer that has its own */
export function chooseOptimizer(
  where: string,
  given: 'adam' | 'sgd' | Optimizer,
  learningRate: number | undefined,
): ChosenOptimizer {
  if (learningRate !== undefined) checkPositive(where, { learningRate });
  if (given === 'adam') return ours(() => fusedAdam({ learningRate: learningRate ?? 0.001 }));
  if (given === 'sgd') return ours(() => fusedSgd({ learningRate: learningRate ?? 0.01 }));
  if (typeof given?.applyGradients !== 'function') {
    throw new SimileError({
      where,
      rule: "optimizer must be 'adam', 'sgd' or an optimizer of tfjs",
      got: given,
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
  return { optimizer: () => given, renew: () => undefined, dispose: () => undefined };
}

/** Made when first used, since it takes memory of the backend then in use. */
function ours(make: () => Optimizer): ChosenOptimizer {
  let optimizer: Optimizer | undefined;
  const dispose = (): void => {
    optimizer?.dispose();
    optimizer = undefined;
  };
  return { optimizer: () => (optimizer ??= make()), renew: dispose, dispose };
}
