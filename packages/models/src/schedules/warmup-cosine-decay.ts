import { checkInteger, checkPositive, checkRange, SimileError } from '@simile/core/errors';
import type { LearningRateSchedule } from '../options.ts';

/** Options of {@link warmupCosineDecay}. */
export interface WarmupCosineDecayOptions {
  /** Rate at the end of the warm-up; finite, above 0. */
  readonly maxLearningRate: number;
  /** Steps until the lowest rate; above `warmupSteps`. */
  readonly totalSteps: number;
  /** Steps of linear growth from 0. Default 0. */
  readonly warmupSteps?: number;
  /** Lowest rate as a share of the highest, 0 to 1. Default 0. */
  readonly alpha?: number;
}

/**
 * Learning rate that grows linearly, then falls along half a cosine, then stays.
 *
 * $$ r_s = r \cdot s/w \ (s < w), \quad r_s = r \left(\alpha + (1-\alpha) \tfrac{1}{2} (1 + \cos \pi \tfrac{\min(s, t) - w}{t - w})\right) $$
 *
 * @throws `ERR_OPTION` for values outside their ranges
 * @see Loshchilov & Hutter, “SGDR”, ICLR 2017, eq. 5: https://arxiv.org/abs/1608.03983; warm-up: Goyal et al., “Accurate,
 *   Large Minibatch SGD”, 2017, section 2.2: https://arxiv.org/abs/1706.02677
 * @example
 * const rate = warmupCosineDecay({ maxLearningRate: 1, totalSteps: 1000, warmupSteps: 500 });
 * rate(250); // 0.5, half-way up
 * rate(750); // 0.5, half-way down
 */
export function warmupCosineDecay(options: WarmupCosineDecayOptions): LearningRateSchedule {
  const { maxLearningRate, totalSteps, warmupSteps = 0, alpha = 0 } = options;
  const where = 'warmup-cosine-decay';
  checkPositive(where, { maxLearningRate });
  checkInteger(where, { totalSteps }, 1);
  checkInteger(where, { warmupSteps }, 0);
  checkRange(where, { alpha }, 0, 1);
  if (warmupSteps >= totalSteps) {
    throw new SimileError({
      where,
      rule: `warmupSteps must be below the ${totalSteps} of totalSteps`,
      got: warmupSteps,
      remedy: 'Warm up for less, or run longer.',
      code: 'ERR_OPTION',
    });
  }
  return (step) => {
    if (step < warmupSteps) return (maxLearningRate * step) / warmupSteps;
    const progress = (Math.min(step, totalSteps) - warmupSteps) / (totalSteps - warmupSteps);
    return maxLearningRate * (alpha + (1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * progress)));
  };
}
