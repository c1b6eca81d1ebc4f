import {
  asColumn,
  classIds,
  defineLoss,
  meanOfPositive,
  meanOfValid,
  pairMasks,
  pointers,
  rowHasAny,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Reference,
  type Relation,
  type Triplets,
} from '@simile/core';
import { checkFinite, checkNames, checkNotNegative, checkOneOf, SimileError } from '@simile/core/errors';
import {
  add,
  concat,
  matMul,
  mul,
  ones,
  relu,
  reshape,
  sub,
  tensor,
  tidy,
  variable,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Variable,
} from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import { givenTriplets } from './choose-triplets.ts';
import { mined } from './mined.ts';

const id = 'margin';

/** Options of {@link margin}. */
export interface MarginOptions {
  /** How far positives should be within the boundary and negatives beyond it, in the unit of `distance`; 0 or more. Default 0.2. */
  margin?: number;
  /**
   * Boundary between positives and negatives, in the unit of `distance`; where it is learned, at the start. A list has one for each class
   * id from 0, that of the anchor; labels must then be class ids, and an anchor without a boundary takes no part. Default 1.2.
   */
  beta?: number | readonly number[];
  /** Train the boundary: the loss then has it in `variables`. Default false. */
  learnBeta?: boolean;
  /** Price of the boundary where it is learned: `nu` times its mean over the pairs, on top of the loss; 0 or more. Default 0. */
  nu?: number;
  /** All-pairs distance, smaller is closer. Default `euclidean()`, which the paper has, of rows of length 1. */
  distance?: Distance;
  /** Pairs to look at, or triplets, whose two pairs count as often as they come. Default all pairs. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the pairs to one number. Default `meanOfPositive`: the mean over those that cost something. */
  reduce?: Reducer;
}

/**
 * Margin loss: positives nearer than a boundary, negatives farther, each by a margin; the boundary may be learned.
 *
 * $$ \ell_{ij} = \max\bigl(0, m + y_{ij}(d_{ij} - \beta)\bigr), \quad y_{ij} = 1 \text{ for a positive pair}, -1 \text{ for a negative} $$
 *
 * with β that of the anchor's class where there is one a class. A batch without a pair costs 0.
 *
 * | tensor     | shape    | dtype   | unit                                          |
 * | ---------- | -------- | ------- | --------------------------------------------- |
 * | labels     | `[n]`    | any     | class id, or any other relation               |
 * | embeddings | `[n, d]` | float32 | any; the default `beta` is for rows of length 1|
 * | reference  | `[m, d]` | float32 | that of `embeddings`; default the batch itself|
 * | result     | `[]`     | float32 | that of `distance`; 0 or more                 |
 *
 * The paper draws negatives by distance, which is a miner's work. Cost: that of `distance`, and O(n·m) time and memory.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, and `ERR_STATE` once its boundary
 *   is freed.
 * @see Wu, Manmatha, Smola & Krähenbühl, “Sampling Matters in Deep Embedding Learning”, ICCV 2017:
 *   https://arxiv.org/abs/1706.07567
 * @example
 * const loss = margin({ margin: 0.5, beta: 2 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [2], [3]])); // positives at 2 cost 0.5, the negatives at 1 cost 1.5: (0.5 + 1.5) / 2 = 1
 */
export function margin(options: MarginOptions = {}): Loss {
  const { margin: gap = 0.2, beta: start = 1.2, learnBeta = false, nu = 0 } = options;
  const { distance = euclidean(), miner, reduce = meanOfPositive } = options;
  checkNames(id, options, ['margin', 'beta', 'learnBeta', 'nu', 'distance', 'miner', 'reduce']);
  checkNotNegative(id, { margin: gap, nu });
  for (const each of typeof start === 'object' && start.length > 0 ? start : [start]) checkFinite(id, { beta: each });
  checkOneOf(id, { learnBeta }, [true, false]);
  const learned = learnBeta ? tidy(() => variable(tensor(start), true)) : undefined;

  return defineLoss(
    id,
    { margin: gap, beta: start, learnBeta, nu, distance: distance.name },
    (labels, embeddings, reference) => {
      checkHeld(learned);
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const beta = learned ?? tensor(start);
      const own = beta.rank === 1 && (pointers(classIds(id, labels, d.shape[0]), beta.size) as Tensor2D); // [n, classes]
      const boundary = own ? matMul(own, reshape(beta, [-1, 1])) : beta; // [n, 1] or []
      const pairs = pairsOf(d, labels, reference, miner);
      const [positive, negative] = pairs.of(sub(d, boundary));
      const counted: Tensor1D = own
        ? mul(pairs.counted, concat(pairs.of(everyColumn(asColumn(rowHasAny(own)), d))))
        : pairs.counted;
      const source = { labels, rows: d.shape[0], anchors: pairs.anchors };
      const cost = reduce(concat([relu(add(positive, gap)), relu(sub(gap, negative))]) as Tensor1D, counted, source);
      return learned && nu > 0
        ? add(cost, mul(meanOfValid(concat(pairs.of(everyColumn(boundary, d))), counted), nu))
        : cost;
    },
    learned
      ? {
          distance,
          variables: [learned],
          dispose: () => {
            if (!learned.isDisposed) learned.dispose();
          },
        }
      : { distance },
  );
}

/** A value of each row, or one of all, for every pair: `[n, m]`. */
function everyColumn(value: Tensor, { shape }: Tensor2D): Tensor2D {
  return mul(ones(shape), value);
}

/** Which pairs count, positive ones and then negative ones; and the numbers that a matrix `[n, m]` has of them. */
interface PairNumbers {
  readonly counted: Tensor1D;
  readonly of: (matrix: Tensor2D) => [Tensor1D, Tensor1D];
  /** Row of each. */
  readonly anchors: Int32Array;
}

function pairsOf(
  d: Tensor2D,
  labels: Relation,
  reference: Reference | undefined,
  miner: Miner<Pairs | Triplets> | undefined,
): PairNumbers {
  const kept = miner && mined(id, miner, d, labels, reference?.labels);
  if (kept?.kind === 'triplets') {
    const { valid, anchors = kept.anchors } = givenTriplets(d, kept, undefined);
    return {
      counted: concat([flat(valid), flat(valid)]),
      of: (matrix) => {
        const { positive, negative } = givenTriplets(matrix, kept, undefined);
        return [flat(positive), flat(negative)];
      },
      anchors: Int32Array.from({ length: 2 * anchors.length }, (_, at) => anchors[at % anchors.length]!),
    };
  }
  const masks = kept ?? pairMasks(labels, d.shape[0], reference && { labels: reference.labels, rows: d.shape[1] });
  return {
    counted: concat([flat(masks.positive), flat(masks.negative)]),
    of: (matrix) => [flat(matrix), flat(matrix)],
    anchors: Int32Array.from({ length: 2 * d.size }, (_, at) => Math.floor((at % d.size) / d.shape[1])),
  };
}

function flat(x: Tensor): Tensor1D {
  return reshape(x, [-1]) as Tensor1D;
}

function checkHeld(beta: Variable | undefined): void {
  if (!beta?.isDisposed) return;
  throw new SimileError({
    where: id,
    rule: 'the loss must still have its boundary',
    remedy: 'It was disposed of: make a new one.',
    code: 'ERR_STATE',
  });
}
