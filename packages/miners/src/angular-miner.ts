import type { Miner, Triplets } from '@simile/core';
import { checkNames, checkOneOf, checkRange, SimileError } from '@simile/core/errors';
import { euclideanFrom, euclideanMetrics, type EuclideanMetric } from './euclidean-from.ts';
import { keepTriplets } from './keep-triplets.ts';
import { readPairs } from './read-pairs.ts';

const id = 'angular-miner';

/** Options of {@link angularMiner}. */
export interface AngularMinerOptions {
  /** Triplets with a larger angle at the negative are kept; radians, from 0 to π/2. Default π/9, which is 20°. */
  angle?: number;
  /** What the distances are: that of the loss. Default `euclidean`. */
  metric?: EuclideanMetric;
}

/**
 * Triplets whose negative sees anchor and positive under a large angle: as half of it, the angle of the right triangle with
 * half of d_ap and the distance from the negative to the middle between the two, in the paper's form.
 *
 * $$ \arctan \frac{d_{ap}}{2 \, \lVert x_n - \tfrac12 (x_a + x_p) \rVert} > \alpha, \quad
 *    \lVert x_n - \tfrac12 (x_a + x_p) \rVert^2 = \tfrac12 d_{an}^2 + \tfrac12 d_{pn}^2 - \tfrac14 d_{ap}^2 $$
 *
 * | tensor    | shape    | dtype   | unit                                               |
 * | --------- | -------- | ------- | -------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                    |
 * | distances | `[n, n]` | float32 | as `metric` says                                   |
 * | result    |          | int32   | rows of triplets, by anchor, positive and negative |
 *
 * It needs the distance from positive to negative, which a batch compared with a reference does not have. Where the negative is the
 * middle itself, or all three are one point, the angle is 90°, or 0. Cost: time of two looks at each valid triplet, memory 12
 * bytes a triplet kept; the distances are read back, for which a GPU is waited for.
 *
 * @throws `ERR_OPTION` for an option out of its range; the miner throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION`
 *   for a reference, and `ERR_BACKEND` on webgpu.
 * @see Wang, Zhou, Wen, Liu & Lin, “Deep Metric Learning with Angular Loss”, ICCV 2017, eqs. 3 to 5: https://arxiv.org/abs/1708.01682
 * @example
 * const miner = angularMiner({ angle: Math.PI / 4 });
 * miner(tensor1d([0, 0, 1, 1]), euclidean()(tensor2d([[-1, 0], [1, 0], [0, 0.5], [0, 3]])));
 * // (0, 1, 2) and (1, 0, 2): arctan(2 / (2 · 0.5)) = 63°; not row 3: arctan(2 / 6) = 18°
 */
export function angularMiner(options: AngularMinerOptions = {}): Miner<Triplets> {
  const { angle = Math.PI / 9, metric = 'euclidean' } = options;
  checkNames(id, options, ['angle', 'metric']);
  checkRange(id, { angle }, 0, Math.PI / 2);
  checkOneOf(id, { metric }, euclideanMetrics);
  const length = euclideanFrom(metric);
  return (labels, distances, others) => {
    checkNoReference(others);
    const table = readPairs(id, labels, distances);
    return keepTriplets(table, ({ positive, negative }, toPositive, toNegative) => {
      const [ap, an] = [length(toPositive), length(toNegative)];
      const pn = length(table.distances[positive * table.m + negative]!);
      const middle = Math.sqrt(Math.max(0, (an * an + pn * pn) / 2 - (ap * ap) / 4));
      return Math.atan2(ap, 2 * middle) > angle;
    });
  };
}

function checkNoReference(others: unknown): void {
  if (others === undefined) return;
  throw new SimileError({
    where: id,
    rule: 'a batch must be compared with itself, not with a reference',
    remedy: 'Leave the reference out, or take another miner.',
    code: 'ERR_OPTION',
  });
}
