import { maskedArgMax, maskedArgMin, pointers, withoutGradient, type PairMasks, type Triplets } from '@simile/core';
import {
  add,
  argMin,
  cast,
  expandDims,
  greater,
  logicalAnd,
  matMul,
  max,
  mul,
  sub,
  sum,
  tensor1d,
  where,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';
import { entriesAt } from './entries-at.ts';
import { semiHardOfAll } from './semi-hard-of-all.ts';
import { smaller } from './smaller.ts';

/** Which positives of an anchor count: the farthest, the nearest, or each. */
export type PositiveStrategy = 'hard' | 'easy' | 'all';

/** Which negatives of an anchor count: the nearest beyond the positive, the nearest, the farthest, or each. */
export type NegativeStrategy = 'semi-hard' | 'hard' | 'easy' | 'all';

/** Distances of triplets, in shapes that broadcast to that of `valid`, which says which of them exist. */
export interface TripletDistances {
  readonly positive: Tensor;
  readonly negative: Tensor;
  readonly valid: Tensor;
  /** Anchor of each, where they are a list; else those of an anchor follow those of the one before. */
  readonly anchors?: Int32Array;
}

/** The largest float32: farther than any distance. */
const FAR = 3.4028234663852886e38;

/**
 * Distances `[n, P, N]` of the triplets that strategies choose from a matrix of distances `[n, m]`; P and N are m for `all`
 * and 1 otherwise. The choice is outside the gradient. Given `within` `[m, m]`, the distances between the columns, a
 * negative's distance to the positive replaces that to the anchor where it is smaller.
 */
export function chooseTriplets(
  d: Tensor2D,
  masks: PairMasks,
  strategies: { positives: PositiveStrategy; negatives: NegativeStrategy; within: Tensor2D | undefined },
): TripletDistances {
  const { positives, negatives, within } = strategies;
  if (positives === 'all' && negatives === 'semi-hard') return semiHardOfAll(d, masks, within);
  const positive = positives === 'all' ? undefined : chosenPositive(d, masks.positive, positives); // [n, m]
  const negative = negatives === 'all' ? undefined : chosenNegative(d, masks, negatives); // [n, 1, m]
  const ofNegatives = (rows: Tensor): Tensor => (negative ? sum(mul(rows, negative), 2, true) : rows); // [n, P, N]

  const toPositive = positive ? sum(mul(d, positive), 1, true) : d; // [n, P]
  const toNegative = ofNegatives(expandDims(d, 1));
  const fromPositive = within && expandDims(positive ? matMul(positive, within) : within, positive ? 1 : 0);
  const hasPositive = positive ? max(masks.positive, 1, true) : masks.positive; // [n, P]
  const hasNegative = negative ? max(masks.negative, 1, true) : masks.negative; // [n, N]
  return {
    positive: expandDims(toPositive, 2),
    negative: fromPositive ? smaller(toNegative, ofNegatives(fromPositive)) : toNegative,
    valid: mul(expandDims(hasPositive, 2), expandDims(hasNegative, 1)),
  };
}

/** Distances `[t]` of triplets given one by one; see {@link chooseTriplets} for `within`. */
export function givenTriplets(d: Tensor2D, triplets: Triplets, within: Tensor2D | undefined): TripletDistances {
  const m = d.shape[1];
  const none = triplets.anchors.length === 0; // then one that is not valid, for tensors without an element are a trap
  const places = (rows: Int32Array, columns: Int32Array): Int32Array =>
    none ? Int32Array.of(0) : rows.map((row, t) => row * m + columns[t]!);
  const { anchors, positives, negatives } = triplets;
  const toNegative = entriesAt(d, places(anchors, negatives)); // [t]
  return {
    positive: entriesAt(d, places(anchors, positives)),
    negative: within ? smaller(toNegative, entriesAt(within, places(positives, negatives))) : toNegative,
    valid: tensor1d(new Float32Array(none ? 1 : anchors.length).fill(none ? 0 : 1)),
    anchors: none ? Int32Array.of(0) : anchors,
  };
}

/** Pointer `[n, m]` to one positive a row, 1 there and 0 elsewhere. */
function chosenPositive(d: Tensor2D, positive: Tensor2D, strategy: 'hard' | 'easy'): Tensor2D {
  return withoutGradient(d, (values) =>
    strategy === 'hard' ? farthestOf(values, positive) : nearestOf(values, positive),
  );
}

/** Pointer `[n, 1, m]` to one negative a row; the semi-hard one is beyond the farthest positive. */
function chosenNegative(
  d: Tensor2D,
  { positive, negative }: PairMasks,
  strategy: 'semi-hard' | 'hard' | 'easy',
): Tensor {
  return withoutGradient(d, (values) => {
    if (strategy === 'hard') return expandDims(nearestOf(values, negative), 1);
    const farthest = farthestOf(values, negative); // [n, m]
    if (strategy === 'easy') return expandDims(farthest, 1);
    const bar = max(where(cast(positive, 'bool'), values, -FAR), 1, true); // [n, 1]
    const beyond = logicalAnd(cast(negative, 'bool'), greater(values, bar)); // [n, m]
    const nearestBeyond = pointers(argMin(where(beyond, values, FAR), 1), d.shape[1]);
    const found = max(cast(beyond, 'float32'), 1, true); // [n, 1]
    return expandDims(add(mul(found, nearestBeyond), mul(sub(1, found), farthest)), 1);
  });
}

/** Pointer to the largest entry of each row under the mask, the first of equals. */
function farthestOf(values: Tensor2D, mask: Tensor2D): Tensor2D {
  return pointers(maskedArgMax(values, mask), values.shape[1]) as Tensor2D;
}

/** Pointer to the smallest entry of each row under the mask, the first of equals. */
function nearestOf(values: Tensor2D, mask: Tensor2D): Tensor2D {
  return pointers(maskedArgMin(values, mask), values.shape[1]) as Tensor2D;
}
