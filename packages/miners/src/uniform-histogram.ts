import type { Miner, Pairs } from '@simile/core';
import { checkInteger, checkNames } from '@simile/core/errors';
import { createRandom, type Random } from '@simile/core/random';
import { keepPairs } from './keep-pairs.ts';
import { readPairs } from './read-pairs.ts';

const id = 'uniform-histogram';

/** Options of {@link uniformHistogram}. */
export interface UniformHistogramOptions {
  /** Bins between the smallest and the largest distance of a kind of pairs; 1 or more. Default 100. */
  bins?: number;
  /** Most positives to keep of a bin; 1 or more. Default 10. */
  positivesPerBin?: number;
  /** Most negatives to keep of a bin; 1 or more. Default 10. */
  negativesPerBin?: number;
  /** Seed of the draws: a whole number, 0 or more. Default 0. */
  seed?: number;
}

/**
 * Pairs of every distance in like numbers: from each bin of a histogram of the distances, a few at random; positives and negatives
 * apart.
 *
 * $$ b(i, j) = \Bigl\lfloor B\, \frac{d_{ij} - \min d}{\max d - \min d} \Bigr\rfloor $$
 *
 * B is `bins`, all of one width, from the smallest distance of the kind to the largest, which is in the last one. No pair is drawn twice; a bin with fewer pairs than
 * wanted gives all. Each call goes on with the stream of the seed: two miners of one seed keep the same pairs call by call.
 *
 * | tensor    | shape    | dtype   | unit                                                |
 * | --------- | -------- | ------- | --------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                     |
 * | distances | `[n, m]` | float32 | any                                                 |
 * | others    | `[m]`    | any     | labels of the columns where they are of a reference |
 * | result    | `[n, m]` | float32 | two masks, 1 for pairs kept                         |
 *
 * Cost: O(n·m) time on the processor; the distances are read back, for which a GPU is waited for.
 *
 * @throws `ERR_OPTION` for an option out of its range; the miner throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_BACKEND` on webgpu.
 * @see Kevin Musgrave's PyTorch Metric Learning, `UniformHistogramMiner`, which has no paper:
 *   https://github.com/KevinMusgrave/pytorch-metric-learning
 * @example
 * const miner = uniformHistogram({ bins: 2, negativesPerBin: 1 });
 * const { negative } = miner(tensor1d([0, 1, 1, 1]), euclidean()(tensor2d([[0], [1], [2], [9]])));
 * // Negatives are at 1, 2 and 9, twice each: one of the four below 5 and one of the two above.
 */
export function uniformHistogram(options: UniformHistogramOptions = {}): Miner<Pairs> {
  const { bins = 100, positivesPerBin = 10, negativesPerBin = 10, seed = 0 } = options;
  checkNames(id, options, ['bins', 'positivesPerBin', 'negativesPerBin', 'seed']);
  checkInteger(id, { bins, positivesPerBin, negativesPerBin }, 1);
  checkInteger(id, { seed }, 0);
  const random = createRandom(seed);
  return (labels, distances, others) => {
    const table = readPairs(id, labels, distances, others);
    return keepPairs(table, ({ positive, negative }) => {
      for (const at of drawn(table.positive, table.distances, bins, positivesPerBin, random)) positive[at] = 1;
      for (const at of drawn(table.negative, table.distances, bins, negativesPerBin, random)) negative[at] = 1;
    });
  };
}

/** Places of the pairs drawn, up to `most` of each bin. */
function drawn(mask: Float32Array, distances: Float32Array, bins: number, most: number, random: Random): number[] {
  const pairs = Array.from(mask.keys()).filter((at) => mask[at] === 1);
  let [least, largest] = [Infinity, -Infinity];
  for (const at of pairs) {
    least = Math.min(least, distances[at]!);
    largest = Math.max(largest, distances[at]!);
  }
  const shelves = new Map<number, number[]>();
  for (const at of pairs) {
    const share = largest > least ? (distances[at]! - least) / (largest - least) : 0;
    const bin = Math.min(bins - 1, Math.floor(share * bins));
    const shelf = shelves.get(bin);
    if (shelf) shelf.push(at);
    else shelves.set(bin, [at]);
  }
  return [...shelves.values()].flatMap((shelf) =>
    shelf.length <= most ? shelf : random.choose(most, shelf.length).map((at) => shelf[at]!),
  );
}
