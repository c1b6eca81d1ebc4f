import { defineLoss, meanOfValid, pairMasks, type Loss } from '@simile/core';
import { add, relu, reshape, square, sub, type Scalar, type Tensor, type Tensor1D } from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import type { LossOracleInput, LossTest } from '@simile/testing';

export interface Options {
  /** Distance from which a negative pair costs nothing. Default 1. */
  margin?: number;
}

/** The loss. Put yours in the place of this one: contrastive, after Hadsell, Chopra & LeCun 2006. */
export function loss({ margin = 1 }: Options = {}): Loss {
  const distance = euclidean();
  return defineLoss('my-loss', { margin }, (labels, embeddings, reference) => {
    const d = distance(embeddings, reference?.embeddings); // [n, m]
    const { positive, negative } = pairMasks(
      labels,
      d.shape[0],
      reference && { labels: reference.labels, rows: d.shape[1] },
    );
    return add(mean(square(d), positive), mean(square(relu(sub(margin, d))), negative));
  });
}

function mean(costs: Tensor, pairs: Tensor): Scalar {
  return meanOfValid(reshape(costs, [-1]) as Tensor1D, reshape(pairs, [-1]) as Tensor1D);
}

/** The same by plain loops over float64 numbers, without a line of the code above: what the loss is held against. */
function oracle({ rows, columns, same }: LossOracleInput, { margin = 1 }: Options): number {
  let [pull, push, positives, negatives] = [0, 0, 0, 0];
  rows.forEach((a, i) =>
    columns.forEach((b, j) => {
      const positive = same(i, j);
      if (positive === undefined) return; // no pair: a row and itself, for one
      const d = Math.hypot(...a.map((x, k) => x - b[k]!));
      if (positive) [pull, positives] = [pull + d ** 2, positives + 1];
      else [push, negatives] = [push + Math.max(0, margin - d) ** 2, negatives + 1];
    }),
  );
  return pull / Math.max(1, positives) + push / Math.max(1, negatives);
}

export const test: LossTest<Options> = {
  oracle,
  // On paper: the positives 0 and 2 are 2 apart, 2² = 4. The negatives 3 and 1 apart fall short of the margin by 1 and 3: (1² + 3²) / 2 = 5.
  worked: [{ options: { margin: 4 }, labels: [0, 0, 1], rows: [[0], [2], [3]], value: 9 }],
  options: [{}, { margin: 2 }],
};
