import { SimileError } from '@simile/core/errors';
import type { CompileOptions } from '../options.ts';
import { chooseOptimizer, type ChosenOptimizer } from './optimizer.ts';

/**
 * The optimizer of the loss's own weights; undefined where that of the network trains them as well.
 *
 * @throws `ERR_OPTION` when the loss has no weights, and what `chooseOptimizer` throws
 */
export function chooseLossOptimizer(
  where: string,
  { optimizer = 'adam', loss, lossOptimizer, lossLearningRate }: CompileOptions,
): ChosenOptimizer | undefined {
  if (lossOptimizer === undefined && lossLearningRate === undefined) return undefined;
  const names = ['lossOptimizer', 'lossLearningRate'] as const;
  const given = lossOptimizer === undefined ? names[1] : names[0];
  if (!loss.variables?.length) {
    throw new SimileError({
      where,
      rule: `${given} is for the weights of a loss, of which ${loss.name} has none`,
      remedy: `Leave ${given} out.`,
      code: 'ERR_OPTION',
    });
  }
  if (typeof lossOptimizer === 'object' && lossOptimizer === optimizer) {
    throw new SimileError({
      where,
      rule: 'lossOptimizer must be another object than optimizer, for it has moments of its own',
      remedy: 'Leave lossOptimizer out, or make a second optimizer.',
      code: 'ERR_OPTION',
    });
  }
  const kind = lossOptimizer ?? (typeof optimizer === 'string' ? optimizer : 'adam');
  return chooseOptimizer(where, kind, lossLearningRate, names);
}
