import type { Miner, Triplets } from '@simile/core';
import { checkInteger, checkNames } from '@simile/core/errors';
import { createRandom } from '@simile/core/random';
import { tripletsOf } from './keep-triplets.ts';
import {
  checkedWeights,
  negativeWeightNames,
  weighNegatives,
  type NegativeWeightOptions,
} from './negative-probabilities.ts';
import { readPairs } from './read-pairs.ts';

const id = 'distance-weighted';

/** Options of {@link distanceWeighted}. */
export interface DistanceWeightedOptions extends NegativeWeightOptions {
  /** Seed of the draws: a whole number, 0 or more. Default 0. */
  seed?: number;
}

/**
 * For each positive pair a negative at random, of every distance in like numbers: distance-weighted sampling, made for the margin
 * loss.
 *
 * $$ p_{an} \propto q(d_{an})^{-1}, \quad q(d) \propto d^{D-2} (1 - d^2/4)^{(D-3)/2} $$
 *
 * {@link negativeProbabilities} says which. An anchor without a negative nearer than `farthest` has no triplet. Each call goes on with
 * the stream of the seed: two miners of one seed keep the same triplets call by call.
 *
 * | tensor    | shape    | dtype   | unit                                                |
 * | --------- | -------- | ------- | --------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                     |
 * | distances | `[n, m]` | float32 | as `metric` says, between rows of length 1          |
 * | others    | `[m]`    | any     | labels of the columns where they are of a reference |
 * | result    |          | int32   | one triplet a positive pair, by anchor and positive |
 *
 * Cost: O(n·m) time on the processor and O(m) a triplet; the distances are read back, for which a GPU is waited for.
 *
 * @throws `ERR_OPTION` for an option out of its range; the miner throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_BACKEND` on webgpu.
 * @see Wu, Manmatha, Smola & Krähenbühl, “Sampling Matters in Deep Embedding Learning”, ICCV 2017, section 4.1:
 *   https://arxiv.org/abs/1706.07567
 * @example
 * const miner = distanceWeighted({ dimension: 2, seed: 1 });
 * miner(tensor1d([0, 0, 1]), euclidean()(tensor2d([[1, 0], [0.6, 0.8], [-0.6, 0.8]])));
 * // (1, 0, 2): row 2 is at 1.2 from row 1; from row 0 at 1.79, too far to be drawn
 */
export function distanceWeighted(options: DistanceWeightedOptions): Miner<Triplets> {
  const { seed = 0, ...weights } = options;
  checkNames(id, options, [...negativeWeightNames, 'seed']);
  checkInteger(id, { seed }, 0);
  const checked = checkedWeights(id, weights);
  const random = createRandom(seed);
  return (labels, distances, others) => {
    const table = readPairs(id, labels, distances, others);
    const probabilities = weighNegatives(table, checked);
    const { n, m, positive } = table;
    const triplets: [number, number, number][] = [];
    for (let i = 0; i < n; i++) {
      const row = probabilities.subarray(i * m, i * m + m);
      const last = row.findLastIndex((p) => p > 0);
      if (last < 0) continue;
      for (let j = 0; j < m; j++) {
        if (positive[i * m + j] === 1) triplets.push([i, j, draw(row, last, random.uniform())]);
      }
    }
    return tripletsOf(triplets);
  };
}

/** Column at which the running sum of probabilities passes `share`; the last with any where rounding leaves it short. */
function draw(probabilities: Float64Array, last: number, share: number): number {
  let sum = 0;
  for (let j = 0; j < last; j++) {
    sum += probabilities[j]!;
    if (share < sum) return j;
  }
  return last;
}
