import type { Relation } from '@simile/core';
import { checkInteger, checkNames, checkOneOf, checkRange, SimileError } from '@simile/core/errors';
import type { Tensor2D } from '@simile/core/ops';
import { euclideanFrom, euclideanMetrics, type EuclideanMetric } from './euclidean-from.ts';
import { readPairs, type PairTable } from './read-pairs.ts';

/** What {@link negativeProbabilities} and `distanceWeighted` weigh by. */
export interface NegativeWeightOptions {
  /** Width of the embeddings, 2 or more. */
  dimension: number;
  /** Nearer negatives weigh as much as one at this distance, so that noise does not win; Euclidean, from 0.001 to 2. Default 0.5. */
  nearest?: number;
  /** Negatives from this distance on are not drawn, for a loss has no use for them; Euclidean, above `nearest`, at most 2. Default 1.4. */
  farthest?: number;
  /** What the distances are; rows are taken to have length 1. Default `euclidean`. */
  metric?: EuclideanMetric;
}

/** Names of {@link NegativeWeightOptions}. */
export const negativeWeightNames: readonly string[] = ['dimension', 'nearest', 'farthest', 'metric'];

/**
 * With which probability distance-weighted sampling draws each negative of an anchor: the inverse of how often two points of the unit
 * sphere are so far apart.
 *
 * $$ p_{an} \propto q(d_{an})^{-1}, \quad q(d) \propto d^{D-2} (1 - d^2/4)^{(D-3)/2} $$
 *
 * A distance below `nearest` counts as `nearest`, one from `farthest` on weighs nothing. Rows sum to 1, or are 0 where an anchor has no
 * negative to draw.
 *
 * | tensor    | shape    | dtype   | unit                                                |
 * | --------- | -------- | ------- | --------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                     |
 * | distances | `[n, m]` | float32 | as `metric` says, between rows of length 1          |
 * | others    | `[m]`    | any     | labels of the columns where they are of a reference |
 * | result    | `[n · m]`| float64 | probability, row-major                              |
 *
 * Cost: O(n·m) time on the processor; the distances are read back, for which a GPU is waited for.
 *
 * @param distances `[n, m]`, as `metric` says
 * @param others Labels of the columns where they are of a reference. Default those of the rows
 * @throws `ERR_OPTION` for an option out of its range, `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_BACKEND` on webgpu
 * @see Wu, Manmatha, Smola & Krähenbühl, “Sampling Matters in Deep Embedding Learning”, ICCV 2017, section 4.1:
 *   https://arxiv.org/abs/1706.07567
 * @example
 * const d = tensor2d([[0, 1, 1.2], [1, 0, 1], [1.2, 1, 0]]);
 * negativeProbabilities(tensor1d([0, 1, 2]), d, { dimension: 3 }); // in 3 dimensions p ∝ 1/d: row 0 is [0, 6/11, 5/11]
 */
export function negativeProbabilities(
  labels: Relation,
  distances: Tensor2D,
  options: NegativeWeightOptions,
  others?: Relation,
): Float64Array {
  const id = 'negative-probabilities';
  checkNames(id, options, negativeWeightNames);
  return weighNegatives(readPairs(id, labels, distances, others), checkedWeights(id, options));
}

/** Options with their defaults, checked. @throws `ERR_OPTION` */
export function checkedWeights(where: string, options: NegativeWeightOptions): Required<NegativeWeightOptions> {
  const { dimension, nearest = 0.5, farthest = 1.4, metric = 'euclidean' } = options;
  if (dimension === undefined) {
    throw new SimileError({
      where,
      rule: 'dimension must be given',
      remedy: 'Say how wide the embeddings are.',
      code: 'ERR_OPTION',
    });
  }
  checkInteger(where, { dimension }, 2);
  checkRange(where, { nearest, farthest }, 1e-3, 2);
  checkOneOf(where, { metric }, euclideanMetrics);
  if (nearest >= farthest) {
    throw new SimileError({
      where,
      rule: 'nearest must be below farthest, or no negative could be drawn',
      got: [nearest, farthest],
      remedy: 'Leave both out to use the defaults.',
      code: 'ERR_OPTION',
    });
  }
  return { dimension, nearest, farthest, metric };
}

/** Probabilities `[n · m]` of the negatives of a table. */
export function weighNegatives(
  { n, m, distances, negative }: PairTable,
  { dimension, nearest, farthest, metric }: Required<NegativeWeightOptions>,
): Float64Array {
  const length = euclideanFrom(metric);
  const logWeights = new Float64Array(n * m).fill(-Infinity);
  for (let at = 0; at < logWeights.length; at++) {
    const d = Math.max(nearest, length(distances[at]!));
    if (negative[at] !== 1 || !(d < farthest)) continue;
    logWeights[at] = (2 - dimension) * Math.log(d) + ((3 - dimension) / 2) * Math.log1p((-d * d) / 4);
  }
  const probabilities = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    const row = logWeights.subarray(i * m, i * m + m);
    const top = row.reduce((most, x) => Math.max(most, x), -Infinity);
    if (top === -Infinity) continue;
    const total = row.reduce((sum, x) => sum + Math.exp(x - top), 0);
    row.forEach((x, j) => (probabilities[i * m + j] = Math.exp(x - top) / total));
  }
  return probabilities;
}
