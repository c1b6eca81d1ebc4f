import type { Miner, Triplets } from '@simile/core';
import { extremeOfRow } from './extreme-of-row.ts';
import { tripletsOf } from './keep-triplets.ts';
import { readPairs } from './read-pairs.ts';

const id = 'batch-hard';

/**
 * The hardest triplet of each anchor: its farthest positive and its nearest negative.
 *
 * $$ p = \arg\max_{j \in P_a} d_{aj}, \quad n = \arg\min_{j \in N_a} d_{aj} $$
 *
 * An anchor without a positive or without a negative has no triplet. Of equal distances the first counts.
 *
 * | tensor    | shape    | dtype   | unit                                                |
 * | --------- | -------- | ------- | --------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                     |
 * | distances | `[n, m]` | float32 | any; smaller is closer                              |
 * | others    | `[m]`    | any     | labels of the columns where they are of a reference |
 * | result    |          | int32   | rows of at most n triplets                          |
 *
 * Cost: O(n·m) time on the processor; the distances are read back, for which a GPU is waited for. `tripletMargin` with
 * `positives: 'hard', negatives: 'hard'` looks at the same triplets and waits for nothing.
 *
 * @throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_BACKEND` on webgpu (the miner, when called)
 * @see Hermans, Beyer & Leibe, “In Defense of the Triplet Loss for Person Re-Identification”, 2017, eq. 5:
 *   https://arxiv.org/abs/1703.07737
 * @example
 * const miner = batchHard();
 * miner(tensor1d([0, 0, 1]), euclidean()(tensor2d([[0], [2], [3]]))); // triplets (0, 1, 2) and (1, 0, 2)
 */
export function batchHard(): Miner<Triplets> {
  return (labels, distances, others) => {
    const { n, m, distances: d, positive, negative } = readPairs(id, labels, distances, others);
    const triplets: [number, number, number][] = [];
    for (let i = 0; i < n; i++) {
      const p = extremeOfRow(d, m, i, -1, (at) => positive[at] === 1);
      const k = extremeOfRow(d, m, i, 1, (at) => negative[at] === 1);
      if (p >= 0 && k >= 0) triplets.push([i, p, k]);
    }
    return tripletsOf(triplets);
  };
}
