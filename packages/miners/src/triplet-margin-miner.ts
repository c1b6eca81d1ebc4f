import type { Miner, Triplets } from '@simile/core';
import { checkNames, checkNotNegative, checkOneOf } from '@simile/core/errors';
import { keepTriplets } from './keep-triplets.ts';
import { readPairs } from './read-pairs.ts';

const id = 'triplet-margin-miner';
const kinds = ['all', 'hard', 'semi-hard', 'easy'] as const;

/** Options of {@link tripletMarginMiner}. */
export interface TripletMarginMinerOptions {
  /** How much farther than the positive a negative must be to be easy, in the unit of the distances; 0 or more. Default 0.2. */
  margin?: number;
  /**
   * Triplets to keep, by the gap d_an − d_ap: `all` that are not easy (gap ≤ margin), `hard` (gap ≤ 0), `semi-hard`
   * (0 < gap ≤ margin), or `easy` (gap > margin). Default `all`.
   */
  triplets?: (typeof kinds)[number];
}

/**
 * Triplets whose negative is not far enough beyond the positive: hard ones, semi-hard ones, or both.
 *
 * $$ d_{an} - d_{ap} \le m $$
 *
 * | tensor    | shape    | dtype   | unit                                                |
 * | --------- | -------- | ------- | --------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                     |
 * | distances | `[n, m]` | float32 | any; smaller is closer                              |
 * | others    | `[m]`    | any     | labels of the columns where they are of a reference |
 * | result    |          | int32   | rows of triplets, by anchor, positive and negative  |
 *
 * Cost: time of two looks at each valid triplet, memory 12 bytes a triplet kept; the distances are read back, for which a GPU is
 * waited for.
 *
 * @throws `ERR_OPTION` for an option out of its range; the miner throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_BACKEND` on webgpu.
 * @see Schroff, Kalenichenko & Philbin, “FaceNet”, CVPR 2015, section 3.2: https://arxiv.org/abs/1503.03832
 * @example
 * const miner = tripletMarginMiner({ triplets: 'semi-hard', margin: 2 });
 * miner(tensor1d([0, 0, 1]), euclidean()(tensor2d([[0], [2], [3]]))); // (0, 1, 2): 2 < 3 ≤ 4; (1, 0, 2) is hard: 1 < 2
 */
export function tripletMarginMiner(options: TripletMarginMinerOptions = {}): Miner<Triplets> {
  const { margin = 0.2, triplets = 'all' } = options;
  checkNames(id, options, ['margin', 'triplets']);
  checkNotNegative(id, { margin });
  checkOneOf(id, { triplets }, kinds);
  const [above, upTo] = {
    all: [-Infinity, margin],
    hard: [-Infinity, 0],
    'semi-hard': [0, margin],
    easy: [margin, Infinity],
  }[triplets] as [number, number];
  return (labels, distances, others) =>
    keepTriplets(readPairs(id, labels, distances, others), (_, toPositive, toNegative) => {
      const gap = toNegative - toPositive;
      return gap > above && gap <= upTo;
    });
}
