import type { Miner, Pairs } from '@simile/core';
import { checkNames, checkRange } from '@simile/core/errors';
import { keepPairs } from './keep-pairs.ts';
import { readPairs } from './read-pairs.ts';

const id = 'hdc';

/** Options of {@link hdc}. */
export interface HdcOptions {
  /** Share of the pairs of each kind to keep, from 0 to 1; a part of a pair counts as a whole one. Default 0.5. */
  fraction?: number;
}

/**
 * The hardest pairs of a whole batch, positives and negatives apart: a level of the hard-aware cascade, where each takes a smaller
 * fraction than the one before.
 *
 * $$ P' = \{\,p \in P : d_p \ge u\,\}, \quad N' = \{\,p \in N : d_p \le v\,\} $$
 *
 * u is the ⌈`fraction` · |P|⌉-th largest distance of positives, v the ⌈`fraction` · |N|⌉-th smallest of negatives. Pairs as hard as the last one kept are kept as well: of (i, j) and (j, i), both.
 *
 * | tensor    | shape    | dtype   | unit                                                |
 * | --------- | -------- | ------- | --------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                     |
 * | distances | `[n, m]` | float32 | any; smaller is closer                              |
 * | others    | `[m]`    | any     | labels of the columns where they are of a reference |
 * | result    | `[n, m]` | float32 | two masks, 1 for pairs kept                         |
 *
 * Cost: O(n·m·log(n·m)) time on the processor; the distances are read back, for which a GPU is waited for.
 *
 * @throws `ERR_OPTION` for an option out of its range; the miner throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_BACKEND` on webgpu.
 * @see Yuan, Yang & Zhang, “Hard-Aware Deeply Cascaded Embedding”, ICCV 2017, section 3.2: https://arxiv.org/abs/1611.05720
 * @example
 * const miner = hdc({ fraction: 0.5 });
 * const { negative } = miner(tensor1d([0, 0, 1]), euclidean()(tensor2d([[0], [2], [3]])));
 * // Negatives are at 3, 1, 3 and 1: kept are (1, 2) and (2, 1).
 */
export function hdc(options: HdcOptions = {}): Miner<Pairs> {
  const { fraction = 0.5 } = options;
  checkNames(id, options, ['fraction']);
  checkRange(id, { fraction }, 0, 1);
  return (labels, distances, others) => {
    const table = readPairs(id, labels, distances, others);
    const keepHardest = (mask: Float32Array, kept: Float32Array, sign: 1 | -1): void => {
      const pairs = Array.from(mask.keys()).filter((at) => mask[at] === 1);
      const hardness = (at: number): number => sign * table.distances[at]!;
      const room = Math.ceil(fraction * pairs.length);
      if (room === 0) return;
      const last = Float64Array.from(pairs, hardness).sort()[pairs.length - room]!;
      for (const at of pairs) if (hardness(at) >= last) kept[at] = 1;
    };
    return keepPairs(table, ({ positive, negative }) => {
      keepHardest(table.positive, positive, 1);
      keepHardest(table.negative, negative, -1);
    });
  };
}
