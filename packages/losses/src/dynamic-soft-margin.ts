import {
  asColumn,
  defineLoss,
  maskedArgMin,
  meanOfValid,
  pairMasks,
  pick,
  rowHasAny,
  withoutGradient,
  type Distance,
  type Loss,
  type Miner,
  type PairMasks,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkInteger, checkNames, checkOneOf, checkPositive, checkRange, SimileError } from '@simile/core/errors';
import {
  add,
  cast,
  clipByValue,
  div,
  expandDims,
  floor,
  gather,
  maximum,
  mul,
  relu,
  reshape,
  step,
  sub,
  sum,
  tidy,
  transpose,
  variable,
  zeros,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import { chooseTriplets, givenTriplets, type TripletDistances } from './choose-triplets.ts';
import { mined } from './mined.ts';
import { runningSums } from './running-sums.ts';
import { triangularHistograms } from './triangular-histograms.ts';

const id = 'dynamic-soft-margin';

/** Options of {@link dynamicSoftMargin}. */
export interface DynamicSoftMarginOptions {
  /** Steps that the differences of distances are counted in, 1 or more. Default 50. */
  bins?: number;
  /** Largest difference there is, above 0; what is beyond counts as that far. Default 2, that of rows of length 1. */
  range?: number;
  /** Share of its own that the histogram keeps when a batch enters it, from 0 to 1; the first batch has all. Default 0.99. */
  momentum?: number;
  /**
   * Negatives of a positive pair: `hard`, the one nearest to either of its rows, or `all` of the anchor's in turn. Default `hard`, which
   * the paper has.
   */
  negatives?: 'hard' | 'all';
  /** All-pairs distance, smaller is closer. Default `euclidean()`, which the paper has, of rows of length 1. */
  distance?: Distance;
  /** Pairs to choose among, or the very triplets. Default none. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the triplets to one number. Default `meanOfValid`: the mean over the triplets. */
  reduce?: Reducer;
}

/**
 * Dynamic soft margin: a triplet counts by the share of recent triplets that are easier, so that there is no margin to choose.
 *
 * $$ \ell_{apn} = F(v_{apn})\, v_{apn}, \quad v_{apn} = d_{ap} - d_{an} $$
 *
 * F is the cumulative histogram of the differences v of this batch and of those before, each counted as `momentum` says; it is held
 * constant. A batch without a triplet costs 0 and leaves F as it is.
 *
 * | tensor     | shape    | dtype   | unit                                              |
 * | ---------- | -------- | ------- | ------------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation                   |
 * | embeddings | `[n, d]` | float32 | any; the default `range` is for rows of length 1  |
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself    |
 * | result     | `[]`     | float32 | that of `distance`; below 0 where triplets are easy|
 *
 * Every call enters the histogram, `state[0]`, which is saved with a model: validate with a loss of its own. PyTorch Metric Learning takes the gradient through the histogram
 * as well, and lets a batch count by its triplets. Cost: that of `distance`, and O(n·m·bins) time with blocks of 16 MB; with `all`,
 * O(n·m²·bins) time and O(n·m²) memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_STATE` once it is disposed of.
 * @see Zhang & Rusinkiewicz, “Learning Local Descriptors with a CDF-Based Dynamic Soft Margin”, ICCV 2019
 * @example
 * const loss = dynamicSoftMargin({ bins: 4, range: 4 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [2], [3]])); // both pairs are at 2, the negative at 1 of row 1: F(1) · 1 = ½
 */
export function dynamicSoftMargin(options: DynamicSoftMarginOptions = {}): Loss {
  const { bins = 50, range = 2, momentum = 0.99, negatives = 'hard' } = options;
  const { distance = euclidean(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['bins', 'range', 'momentum', 'negatives', 'distance', 'miner', 'reduce']);
  checkInteger(id, { bins }, 1);
  checkPositive(id, { range });
  checkRange(id, { momentum }, 0, 1);
  checkOneOf(id, { negatives }, ['hard', 'all']);
  const history = tidy(() => variable(zeros([bins + 1]), false));

  /** Remembers the counts of a batch, and tells the share of triplets up to each place, `[1, bins + 1]`. */
  const remember = (counts: Tensor): Tensor2D => {
    const total = sum(counts);
    const first = sub(1, step(sum(history)));
    const share = mul(step(total), maximum(first, 1 - momentum));
    const next = add(mul(history, sub(1, share)), mul(div(counts, maximum(total, 1)), share));
    history.assign(next);
    return runningSums(reshape(next, [1, -1]) as Tensor2D);
  };

  return defineLoss(
    id,
    { bins, range, momentum, negatives, distance: distance.name },
    (labels, embeddings, reference) => {
      checkHeld(history);
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const kept = miner && mined(id, miner, d, labels, reference?.labels);
      const others = reference && { labels: reference.labels, rows: d.shape[1] };
      const { differences, valid, anchors } =
        kept?.kind === 'triplets'
          ? ofTriplets(givenTriplets(d, kept, undefined), 1)
          : (negatives === 'all' ? all : hardest)(d, kept ?? pairMasks(labels, d.shape[0], others));
      const weights = withoutGradient(differences, (values) => {
        const places = clipByValue(mul(add(values, range), bins / (2 * range)), 0, bins) as Tensor2D;
        const counts = triangularHistograms(places, expandDims(valid, 1) as Tensor3D, bins + 1); // [n, 1, bins + 1]
        return gather(reshape(remember(sum(counts, [0, 1])), [-1]), cast(floor(places), 'int32'));
      });
      const costs = mul(weights, differences);
      const source = { labels, rows: d.shape[0], ...(anchors && { anchors }) };
      return reduce(reshape(costs, [-1]) as Tensor1D, reshape(valid, [-1]) as Tensor1D, source);
    },
    { distance, state: [history], dispose: () => history.dispose() },
  );
}

/** Differences d_ap − d_an in rows, and which of them are there. */
interface Differences {
  readonly differences: Tensor2D;
  readonly valid: Tensor2D;
  /** Anchor of each, where they are a list; else those of an anchor are a row. */
  readonly anchors?: Int32Array;
}

function ofTriplets({ positive, negative, valid, anchors }: TripletDistances, rows: number): Differences {
  const shape: [number, number] = [rows, -1];
  return {
    differences: reshape(sub(positive, negative), shape) as Tensor2D,
    valid: reshape(valid, shape) as Tensor2D,
    ...(anchors && { anchors }),
  };
}

function all(d: Tensor2D, masks: PairMasks): Differences {
  return ofTriplets(chooseTriplets(d, masks, { positives: 'all', negatives: 'all', within: undefined }), d.shape[0]);
}

/** Of each positive pair, against the negative that is nearest to its anchor or to its positive. */
function hardest(d: Tensor2D, { positive, negative }: PairMasks): Differences {
  const ofAnchor = nearest(d, negative); // [n, 1]
  const ofPositive = nearest(transpose(d), transpose(negative)); // [m, 1]
  const [a, p] = [ofAnchor.distance, transpose(ofPositive.distance)];
  const [hasA, hasP] = [ofAnchor.has, transpose(ofPositive.has)];
  // Where one side has none, the other stands for it.
  const fromA = add(mul(a, hasA), mul(p, sub(1, hasA)));
  const fromP = add(mul(p, hasP), mul(a, sub(1, hasP)));
  const away = sub(fromA, relu(sub(fromA, fromP))); // the smaller, [n, m]
  return { differences: sub(d, away), valid: mul(positive, maximum(hasA, hasP)) };
}

function nearest(d: Tensor2D, negative: Tensor2D): { distance: Tensor2D; has: Tensor2D } {
  const nearestOf = withoutGradient(d, (values) => maskedArgMin(values, negative));
  return { distance: asColumn(pick(d, nearestOf)), has: asColumn(rowHasAny(negative)) };
}

function checkHeld(history: Tensor): void {
  if (!history.isDisposed) return;
  throw new SimileError({
    where: id,
    rule: 'the loss must still have its histogram',
    remedy: 'It was disposed of: make a new one.',
    code: 'ERR_STATE',
  });
}
