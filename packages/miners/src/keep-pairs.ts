import type { Pairs } from '@simile/core';
import { tensor2d } from '@simile/core/ops';
import type { PairTable } from './read-pairs.ts';

/** Masks to be filled in, row-major `[n · m]`, all 0 at first. */
export interface PairDraft {
  readonly positive: Float32Array;
  readonly negative: Float32Array;
}

/** {@link Pairs} that `fill` marks with 1 in masks of zeros. */
export function keepPairs({ n, m }: PairTable, fill: (draft: PairDraft) => void): Pairs {
  const draft = { positive: new Float32Array(n * m), negative: new Float32Array(n * m) };
  fill(draft);
  return { kind: 'pairs', positive: tensor2d(draft.positive, [n, m]), negative: tensor2d(draft.negative, [n, m]) };
}
