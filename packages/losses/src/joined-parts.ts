import type { Loss, LossParts, TrainedNetwork } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import type { Variable } from '@simile/core/ops';

/**
 * What a loss made of others has of them: the first distance, all variables and state once, the first slower network, and a `dispose`
 * that frees each.
 *
 * @param dimensions Width of the embeddings that each is given. Default that of the network.
 */
export function joinedParts(losses: readonly Loss[], dimensions?: readonly number[]): LossParts {
  const distance = losses.find((loss) => loss.distance)?.distance;
  const slower = losses.find((loss) => loss.slower)?.slower;
  const variables = [...new Set(losses.flatMap((loss) => loss.variables ?? []))];
  const stateNow = (): Variable[] => [...new Set(losses.flatMap((loss) => loss.state ?? []))];
  const state = stateNow();
  const prepares = losses.some((loss) => loss.prepare);
  const prepare = (network: TrainedNetwork): void => {
    losses.forEach((loss, k) => loss.prepare?.({ ...network, dimension: dimensions?.[k] ?? network.dimension }));
    state.splice(0, Infinity, ...stateNow());
  };
  return {
    ...(distance && { distance }),
    ...(variables.length > 0 && { variables }),
    ...((state.length > 0 || prepares) && { state }),
    ...(prepares && { prepare }),
    ...(slower && { slower }),
    dispose: () => losses.forEach((loss) => loss.dispose?.()),
  };
}

/** It must be a loss. @throws `ERR_OPTION` */
export function checkLoss(where: string, name: string, loss: unknown, such: string): void {
  if (typeof loss === 'function') return;
  throw new SimileError({
    where,
    rule: `${name} must be a loss, such as ${such}`,
    got: loss,
    remedy: 'Pass what its factory returns.',
    code: 'ERR_OPTION',
  });
}

/** There must be as many weights as there is to weigh, none below 0. @throws `ERR_OPTION` */
export function checkWeights(where: string, weights: readonly number[], count: number): void {
  if (weights.length === count && weights.every((weight) => Number.isFinite(weight) && weight >= 0)) return;
  throw new SimileError({
    where,
    rule: `weights must be ${count} finite numbers, 0 or more`,
    got: weights,
    remedy: 'Leave weights out to let all count alike.',
    code: 'ERR_OPTION',
  });
}
