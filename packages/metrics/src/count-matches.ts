import type { MatchCounts } from './classification-metrics.ts';
import type { DerivedMatches } from './matchers.ts';
import { shapeError, type ClassLabel } from './neighbor-table.ts';

/**
 * How many queries are right or wrong, accepted or not, at each threshold: accepted is a derived distance up to the
 * threshold, inclusive. Counts come in the order of the thresholds given. O(n log n + thresholds · log n).
 *
 * @param labels `[n]`, the queries' own
 * @param derived What a matcher made of their neighbours
 * @param thresholds Distances up to which a match is believed, in any order
 * @throws `ERR_SHAPE` when `labels` and `derived` do not agree
 * @example
 * countMatches([1, 2], { labels: [1, 1], distances: Float64Array.of(0.1, 0.3) }, [0.2]);
 * // [{ truePositives: 1, falsePositives: 0, trueNegatives: 1, falseNegatives: 0 }]
 */
export function countMatches<L extends ClassLabel>(
  labels: ArrayLike<L>,
  derived: DerivedMatches<L>,
  thresholds: ArrayLike<number>,
): MatchCounts[] {
  if (labels.length !== derived.labels.length) {
    throw shapeError('count-matches', `labels must have ${derived.labels.length} values, one a query`, labels.length);
  }
  const right = derived.distances.filter((_, i) => derived.labels[i] === labels[i]).toSorted();
  const wrong = derived.distances.filter((_, i) => derived.labels[i] !== labels[i]).toSorted();
  return Array.from(thresholds, (threshold) => {
    const truePositives = upTo(right, threshold);
    const falsePositives = upTo(wrong, threshold);
    return {
      truePositives,
      falsePositives,
      trueNegatives: wrong.length - falsePositives,
      falseNegatives: right.length - truePositives,
    };
  });
}

/** How many of the ascending values are at most `limit`; padding (Infinity) never is. */
function upTo(ascending: Float64Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= limit && ascending[middle]! < Infinity) low = middle + 1;
    else high = middle;
  }
  return low;
}
