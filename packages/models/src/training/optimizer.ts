import { checkPositive, SimileError } from '@simile/core/errors';
import { getBackend, getKernel, train, type Optimizer } from '@tensorflow/tfjs-core';

/** The optimizer in use. */
export interface ChosenOptimizer {
  optimizer(): Promise<Optimizer>;
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
  [optimizerName, rateName]: readonly [string, string] = ['optimizer', 'learningRate'],
): ChosenOptimizer {
  if (learningRate !== undefined) checkPositive(where, { [rateName]: learningRate });
  if (given === 'adam') return ours(() => adam(learningRate ?? 0.001));
  if (given === 'sgd') return ours(() => sgd(learningRate ?? 0.01));
  if (typeof given?.applyGradients !== 'function') {
    throw new SimileError({
      where,
      rule: `${optimizerName} must be 'adam', 'sgd' or an optimizer of tfjs`,
      got: given,
      remedy: `Leave ${optimizerName} out to use the default.`,
      code: 'ERR_OPTION',
    });
  }
  if (learningRate !== undefined) {
    throw new SimileError({
      where,
      rule: `${rateName} goes with an optimizer given by name`,
      got: learningRate,
      remedy: 'Give the rate to the optimizer itself.',
      code: 'ERR_OPTION',
    });
  }
  return { optimizer: () => Promise.resolve(given), renew: () => undefined, dispose: () => undefined };
}

/** Made when first used: it takes memory of the backend then in use, and its kernels decide which one it is. */
function ours(make: () => Promise<Optimizer>): ChosenOptimizer {
  let optimizer: Optimizer | undefined;
  const dispose = (): void => {
    optimizer?.dispose();
    optimizer = undefined;
  };
  return { optimizer: async () => (optimizer ??= await make()), renew: dispose, dispose };
}

// The package of the fused ones is loaded only where they have a kernel: it brings a backend with it, which tfjs would
// prefer from then on.
async function adam(learningRate: number): Promise<Optimizer> {
  if (!getKernel('SimileAdam', getBackend())) return train.adam(learningRate, 0.9, 0.999, 1e-7);
  return (await import('@simile/backend-wasm')).fusedAdam({ learningRate });
}

async function sgd(learningRate: number): Promise<Optimizer> {
  if (!getKernel('SimileDescend', getBackend())) return train.sgd(learningRate);
  return (await import('@simile/backend-wasm')).fusedSgd({ learningRate });
}
