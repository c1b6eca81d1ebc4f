import type { Loss, LossParts } from '@simile/core';
import { SimileError } from '@simile/core/errors';

/** What a loss made of others has of them: the first distance, all variables and state once, and a `dispose` that frees each. */
export function joinedParts(losses: readonly Loss[]): LossParts {
  const distance = losses.find((loss) => loss.distance)?.distance;
  const variables = [...new Set(losses.flatMap((loss) => loss.variables ?? []))];
  const state = [...new Set(losses.flatMap((loss) => loss.state ?? []))];
  return {
    ...(distance && { distance }),
    ...(variables.length > 0 && { variables }),
    ...(state.length > 0 && { state }),
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
