import type { Miner, Pairs } from '@simile/core';
import { checkNames, checkOneOf, SimileError } from '@simile/core/errors';
import { extremeOfRow } from './extreme-of-row.ts';
import { keepPairs } from './keep-pairs.ts';
import { readPairs, type PairTable } from './read-pairs.ts';

const id = 'batch-easy-hard';
const strategies = ['easy', 'hard', 'semi-hard', 'all'] as const;

/** Which pairs of one side an anchor keeps: see {@link BatchEasyHardOptions}. */
export type PairStrategy = (typeof strategies)[number];

/** Options of {@link batchEasyHard}. */
export interface BatchEasyHardOptions {
  /**
   * The nearest positive of an anchor (`easy`), the farthest (`hard`), the farthest that is nearer than the chosen negative
   * (`semi-hard`), or each (`all`). Default `easy`.
   */
  positives?: PairStrategy;
  /**
   * The farthest negative of an anchor (`easy`), the nearest (`hard`), the nearest that is farther than the chosen positive
   * (`semi-hard`), or each (`all`). Default `semi-hard`.
   */
  negatives?: PairStrategy;
  /** Distances of positives that may be chosen, both ends included, in the unit of the distances. Default all. */
  positiveRange?: readonly [number, number];
  /** The same of negatives. Default all. */
  negativeRange?: readonly [number, number];
}

/**
 * One positive and one negative of each anchor, easy or hard; by default easy positives with semi-hard negatives, which keep
 * a class from being drawn into one point.
 *
 * $$ p = \arg\min_{j \in P_a} d_{aj}, \quad n = \arg\min_{j \in N_a,\, d_{aj} > d_{ap}} d_{aj} $$
 *
 * That is the default; other strategies take other extremes. An anchor keeps its two pairs only if it has both. Where a side takes `all`, the sides do not ask after each other.
 * `semi-hard` needs `easy` or `hard` on the other side. Of equal distances the first counts.
 *
 * | tensor    | shape    | dtype   | unit                                                |
 * | --------- | -------- | ------- | --------------------------------------------------- |
 * | labels    | `[n]`    | any     | class id, or any other relation                     |
 * | distances | `[n, m]` | float32 | any; smaller is closer                              |
 * | others    | `[m]`    | any     | labels of the columns where they are of a reference |
 * | result    | `[n, m]` | float32 | two masks, 1 for pairs kept                         |
 *
 * Cost: O(n·m) time on the processor; the distances are read back, for which a GPU is waited for.
 *
 * @throws `ERR_OPTION` for an option out of its range; the miner throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_BACKEND` on webgpu.
 * @see Xuan, Stylianou & Pless, “Improved Embeddings with Easy Positive Triplet Mining”, WACV 2020:
 *   https://arxiv.org/abs/1904.04370
 * @example
 * const miner = batchEasyHard();
 * const { negative } = miner(tensor1d([0, 0, 1, 1]), euclidean()(tensor2d([[0], [3], [2], [5]])));
 * // Anchor 0: positive at 3, so its negative is the one at 5, not the one at 2.
 */
export function batchEasyHard(options: BatchEasyHardOptions = {}): Miner<Pairs> {
  const { positives = 'easy', negatives = 'semi-hard' } = options;
  const { positiveRange = [-Infinity, Infinity], negativeRange = [-Infinity, Infinity] } = options;
  checkNames(id, options, ['positives', 'negatives', 'positiveRange', 'negativeRange']);
  checkOneOf(id, { positives, negatives }, strategies);
  checkTogether(positives, negatives);
  checkInterval('positiveRange', positiveRange);
  checkInterval('negativeRange', negativeRange);
  const choice: Choice = { positives, negatives, positiveRange, negativeRange };

  return (labels, distances, others) => {
    const table = readPairs(id, labels, distances, others);
    return keepPairs(table, (draft) => {
      for (let i = 0; i < table.n; i++) {
        const [kept, pushed] = chosen(table, choice, i);
        const paired = positives === 'all' || negatives === 'all' || (kept.length > 0 && pushed.length > 0);
        if (!paired) continue;
        for (const j of kept) draft.positive[i * table.m + j] = 1;
        for (const j of pushed) draft.negative[i * table.m + j] = 1;
      }
    });
  };
}

type Choice = Required<BatchEasyHardOptions>;

/** Columns that row `i` keeps as positives and as negatives. */
function chosen({ m, distances, ...masks }: PairTable, choice: Choice, i: number): [number[], number[]] {
  const side = (
    mask: Float32Array,
    [low, high]: readonly [number, number],
    strategy: PairStrategy,
    signs: { easy: 1 | -1; barred: (distance: number) => boolean },
  ): number[] => {
    const allowed = (at: number, d: number): boolean => mask[at] === 1 && d >= low && d <= high && !signs.barred(d);
    if (strategy === 'all')
      return Array.from({ length: m }, (_, j) => j).filter((j) => allowed(i * m + j, distances[i * m + j]!));
    const j = extremeOfRow(distances, m, i, strategy === 'easy' ? signs.easy : (-signs.easy as 1 | -1), allowed);
    return j < 0 ? [] : [j];
  };
  const positive = (bar: number): number[] =>
    side(masks.positive, choice.positiveRange, choice.positives, { easy: 1, barred: (d) => d >= bar });
  const negative = (bar: number): number[] =>
    side(masks.negative, choice.negativeRange, choice.negatives, { easy: -1, barred: (d) => d <= bar });
  const distanceTo = ([j]: number[]): number | undefined => (j === undefined ? undefined : distances[i * m + j]);

  if (choice.positives === 'semi-hard') {
    const pushed = negative(-Infinity);
    return [positive(distanceTo(pushed) ?? -Infinity), pushed];
  }
  const kept = positive(Infinity);
  return [kept, negative(choice.negatives === 'semi-hard' ? (distanceTo(kept) ?? Infinity) : -Infinity)];
}

function checkTogether(positives: PairStrategy, negatives: PairStrategy): void {
  const sides = [positives, negatives];
  if (!sides.includes('semi-hard') || sides.some((side) => side === 'easy' || side === 'hard')) return;
  throw new SimileError({
    where: id,
    rule: "'semi-hard' needs 'easy' or 'hard' on the other side, whose pair it is measured by",
    got: sides,
    remedy: "Take 'easy' positives with 'semi-hard' negatives.",
    code: 'ERR_OPTION',
  });
}

function checkInterval(name: string, range: readonly [number, number]): void {
  const [low, high] = range;
  if (range.length === 2 && low <= high) return;
  throw new SimileError({
    where: id,
    rule: `${name} must be two numbers, the first not above the second`,
    got: range,
    remedy: `Leave ${name} out to allow every distance.`,
    code: 'ERR_OPTION',
  });
}
