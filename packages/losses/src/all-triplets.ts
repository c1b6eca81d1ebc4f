import {
  meanOfAll,
  meanOfPositive,
  meanOfValid,
  sumOfValid,
  withoutGradient,
  type PairMasks,
  type Reducer,
} from '@simile/core';
import {
  customGrad,
  div,
  expandDims,
  matMul,
  maximum,
  mul,
  step,
  sub,
  sum,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';
import { blocksOfRows, sumOverBlocks, type Part } from './blocks-of-rows.ts';
import type { Comparison } from './column-comparisons.ts';

/**
 * What a reducer of `@simile/core` makes of the costs of all triplets, one cost `cost(d_ap − d_an)` each, without a list of them:
 * in blocks of 16 MB, forward and backward. Given `within` `[m, m]`, the negative's distance to the positive replaces that to the
 * anchor where it is smaller. Undefined for any other reducer, which needs the list.
 */
export function reducedOverAllTriplets(
  reduce: Reducer,
  d: Tensor2D,
  masks: PairMasks,
  { within, cost }: { within: Tensor2D | undefined; cost: Comparison },
): Scalar | undefined {
  const count = countOf(reduce, d, masks, { within, cost });
  return count && (div(sumOfAllTriplets(d, masks, { within, cost }), count()) as Scalar);
}

interface Costs {
  readonly within: Tensor2D | undefined;
  readonly cost: Comparison;
}

/** What the sum of costs is divided by. */
function countOf(reduce: Reducer, d: Tensor2D, masks: PairMasks, costs: Costs): (() => Tensor | number) | undefined {
  const [n, m] = d.shape;
  if (reduce === sumOfValid) return () => 1;
  if (reduce === meanOfAll) return () => n * m * m;
  if (reduce === meanOfValid) {
    return () => maximum(sum(mul(sum(masks.positive, 1), sum(masks.negative, 1))), 1);
  }
  if (reduce !== meanOfPositive) return undefined;
  const { value } = costs.cost;
  const above: Comparison = { value: (difference) => step(value(difference)), slope: ({ difference }) => difference() };
  return () =>
    maximum(
      withoutGradient(d, (values) => sumOfAllTriplets(values, masks, { ...costs, cost: above })),
      1,
    );
}

function sumOfAllTriplets(d: Tensor2D, { positive, negative }: PairMasks, { within, cost }: Costs): Scalar {
  const [n, m] = d.shape;
  /** `[rows, m, m]`: anchors, positives, negatives. */
  const violation = (part: Part, to: Tensor2D, between: Tensor2D | undefined): Tensor => {
    const rows = part(to);
    const away = expandDims(rows, 1);
    const nearer = between ? sub(away, mul(fromPositive(part, to, between), sub(away, between))) : away;
    return sub(expandDims(rows, 2), nearer);
  };
  const slopeAt = (x: Tensor): Tensor => cost.slope({ difference: () => x, value: () => cost.value(x) });
  /** What a triplet weighs in the gradient, `[rows, m, m]`. */
  const slopes = (
    part: Part,
    to: Tensor2D,
    between: Tensor2D | undefined,
    positives: Tensor,
    negatives: Tensor,
  ): Tensor => {
    const masked = mul(slopeAt(violation(part, to, between)), expandDims(part(positives), 2));
    return mul(masked, expandDims(part(negatives), 1));
  };
  const formula = (...inputs: unknown[]): { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor[] } => {
    const save = inputs.at(-1) as (tensors: Tensor[]) => void;
    const [to, between] = inputs.slice(0, -1) as [Tensor2D, Tensor2D?];
    save([positive, negative, to, ...(between ? [between] : [])]);
    return {
      value: sumOverBlocks(n, m * m, (part) => {
        const ofPairs = matMul(expandDims(part(negative), 1), cost.value(violation(part, to, between)), false, true);
        return sum(mul(ofPairs, expandDims(part(positive), 1))); // [rows, 1, m]
      }),
      gradFunc: (dy, [positives, negatives, again, againBetween]) => {
        const [rows, columns] = [again as Tensor2D, againBetween as Tensor2D | undefined];
        const byDistance = blocksOfRows(n, m * m, (part) => {
          const weights = slopes(part, rows, columns, positives!, negatives!);
          const ofAnchor = columns ? mul(weights, sub(1, fromPositive(part, rows, columns))) : weights;
          return mul(sub(sum(weights, 2), sum(ofAnchor, 1)), dy);
        });
        if (!columns) return [byDistance];
        const byWithin = sumOverBlocks(n, m * m, (part) => {
          const weights = slopes(part, rows, columns, positives!, negatives!);
          return mul(sum(mul(weights, fromPositive(part, rows, columns)), 0), mul(dy, -1));
        });
        return [byDistance, byWithin];
      },
    };
  };
  return customGrad(formula as Parameters<typeof customGrad>[0])(...(within ? [d, within] : [d])) as Scalar;
}

/** 1 where the negative is nearer to the positive than to the anchor: `[rows, m, m]`. */
function fromPositive(part: Part, to: Tensor2D, between: Tensor2D): Tensor {
  return step(sub(expandDims(part(to), 1), between));
}
