import type { Triplets } from '@simile/core';
import type { PairTable } from './read-pairs.ts';

/** Whether a triplet is kept: rows of anchor, positive and negative, and its two distances. */
export type KeepTriplet = (
  triplet: { readonly anchor: number; readonly positive: number; readonly negative: number },
  toPositive: number,
  toNegative: number,
) => boolean;

/** {@link Triplets} from a list of `[anchor, positive, negative]`. */
export function tripletsOf(list: readonly (readonly [number, number, number])[]): Triplets {
  const column = (at: 0 | 1 | 2): Int32Array => Int32Array.from(list, (triplet) => triplet[at]);
  return { kind: 'triplets', anchors: column(0), positives: column(1), negatives: column(2) };
}

/** All valid triplets that `keep` says yes to, in order of anchor, positive, negative. Asks twice: to count, then to write. */
export function keepTriplets({ n, m, distances, positive, negative }: PairTable, keep: KeepTriplet): Triplets {
  const columns = (mask: Float32Array, i: number): number[] =>
    Array.from({ length: m }, (_, j) => j).filter((j) => mask[i * m + j] === 1);
  const visit = (found: (anchor: number, p: number, k: number) => void): void => {
    for (let anchor = 0; anchor < n; anchor++) {
      const others = columns(negative, anchor);
      for (const p of columns(positive, anchor)) {
        const toPositive = distances[anchor * m + p]!;
        for (const k of others) {
          const toNegative = distances[anchor * m + k]!;
          if (keep({ anchor, positive: p, negative: k }, toPositive, toNegative)) found(anchor, p, k);
        }
      }
    }
  };
  let count = 0;
  visit(() => count++);
  const anchors = new Int32Array(count);
  const positives = new Int32Array(count);
  const negatives = new Int32Array(count);
  let at = 0;
  visit((anchor, p, k) => {
    anchors[at] = anchor;
    positives[at] = p;
    negatives[at++] = k;
  });
  return { kind: 'triplets', anchors, positives, negatives };
}
