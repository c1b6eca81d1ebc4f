import { withoutGradient, type Miner, type PairMasks, type Pairs, type Relation, type Triplets } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { stack, tensor2d, unstack, zeros, type Tensor2D } from '@simile/core/ops';

/** What a miner keeps of a matrix of distances `[n, m]`, outside the gradient and checked. @throws `ERR_SHAPE` */
export function mined(
  where: string,
  miner: Miner<Pairs | Triplets>,
  d: Tensor2D,
  labels: Relation,
  others: Relation | undefined,
): Pairs | Triplets {
  let triplets: Triplets | undefined;
  const masks = withoutGradient(d, (values) => {
    const kept = others ? miner(labels, values, others) : miner(labels, values);
    if (kept.kind === 'pairs') {
      checkMask(where, kept.positive, d.shape);
      checkMask(where, kept.negative, d.shape);
      return stack([kept.positive, kept.negative]);
    }
    checkTriplets(where, kept, d.shape);
    triplets = kept;
    return zeros([1]);
  });
  if (triplets) return triplets;
  const [positive, negative] = unstack(masks) as [Tensor2D, Tensor2D];
  return { kind: 'pairs', positive, negative };
}

/** What a miner keeps, as pairs: the two pairs of each triplet where it keeps triplets. @throws `ERR_SHAPE` */
export function minedMasks(
  where: string,
  miner: Miner<Pairs | Triplets>,
  d: Tensor2D,
  labels: Relation,
  others: Relation | undefined,
): PairMasks {
  const kept = mined(where, miner, d, labels, others);
  if (kept.kind === 'pairs') return kept;
  const [n, m] = d.shape;
  const positive = new Float32Array(n * m);
  const negative = new Float32Array(n * m);
  kept.anchors.forEach((anchor, t) => {
    positive[anchor * m + kept.positives[t]!] = 1;
    negative[anchor * m + kept.negatives[t]!] = 1;
  });
  return { positive: tensor2d(positive, [n, m]), negative: tensor2d(negative, [n, m]) };
}

function checkMask(where: string, mask: Tensor2D, [n, m]: [number, number]): void {
  if (mask.rank === 2 && mask.shape[0] === n && mask.shape[1] === m) return;
  throw new SimileError({
    where,
    rule: `masks of a miner must have shape [${n}, ${m}], that of the distances`,
    got: mask.shape,
    remedy: 'Return one number a pair, 0 or 1.',
    code: 'ERR_SHAPE',
  });
}

function checkTriplets(where: string, { anchors, positives, negatives }: Triplets, [n, m]: [number, number]): void {
  const fits = (rows: Int32Array, below: number): boolean =>
    rows.length === anchors.length && rows.every((row) => row >= 0 && row < below);
  if (fits(anchors, n) && fits(positives, m) && fits(negatives, m)) return;
  throw new SimileError({
    where,
    rule: `triplets of a miner must be three lists of one length, of rows from 0 to ${n - 1} and columns from 0 to ${m - 1}`,
    got: [anchors, positives, negatives].map(
      (rows) => `${rows.length} from ${Math.min(...rows)} to ${Math.max(...rows)}`,
    ),
    remedy: 'Let the miner choose among the distances that it is given.',
    code: 'ERR_SHAPE',
  });
}
