import {
  pairMasks,
  type Miner,
  type PairMasks,
  type Pairs,
  type Reference,
  type Relation,
  type Triplets,
} from '@simile/core';
import type { Tensor2D } from '@simile/core/ops';
import { minedMasks } from './mined.ts';

/** Pairs of a matrix of distances `[n, m]` that a loss looks at: those of a miner, or else all. @throws `ERR_SHAPE` */
export function keptPairs(
  where: string,
  d: Tensor2D,
  labels: Relation,
  reference: Reference | undefined,
  miner: Miner<Pairs | Triplets> | undefined,
): PairMasks {
  if (miner) return minedMasks(where, miner, d, labels, reference?.labels);
  return pairMasks(labels, d.shape[0], reference && { labels: reference.labels, rows: d.shape[1] });
}
