import { SimileError } from '@simile/core/errors';
import type { MatcherId } from './calibration.ts';
import { rowsOf, type ClassLabel, type NeighborTable } from './neighbor-table.ts';

/** What a matcher makes of each query's neighbours. */
export interface DerivedMatches<L extends ClassLabel = ClassLabel> {
  /** `[n]`; null where no neighbour has a label. */
  readonly labels: readonly (L | null)[];
  /** `[n]`; Infinity where there is no neighbour. */
  readonly distances: Float64Array;
}

/** Turns `k` neighbours a query into one label and one distance. */
export interface Matcher {
  readonly id: MatcherId;
  readonly derive: <L extends ClassLabel>(table: NeighborTable<L>) => DerivedMatches<L>;
}

/**
 * Label and distance of the closest neighbour.
 *
 * $$ y = y_1, \quad d = d_1 $$
 *
 * Cost: O(n) time.
 *
 * @param table Labels and distances of `k` neighbours a query, closest first
 * @throws `ERR_OPTION` for `k` below 1; `ERR_SHAPE` when the lists do not agree
 * @example
 * matchNearest({ neighborLabels: ['a', 'b'], neighborDistances: [0.1, 0.2], k: 2 }); // labels ['a'], distances [0.1]
 */
export function matchNearest<L extends ClassLabel>(table: NeighborTable<L>): DerivedMatches<L> {
  const rows = rowsOf('match-nearest', table);
  const labels: (L | null)[] = [];
  const distances = new Float64Array(rows).fill(Infinity);
  for (let row = 0; row < rows; row++) {
    const at = row * table.k;
    const there = Number.isFinite(table.neighborDistances[at]);
    labels.push(there ? table.neighborLabels[at]! : null);
    if (there) distances[row] = table.neighborDistances[at]!;
  }
  return { labels, distances };
}

/**
 * The label that most of the `k` neighbours have, of several the one met first (the closest); and the mean distance of all `k`.
 *
 * $$ y = \arg\max_c \sum_{r=1}^{k} [y_r = c], \quad d = \frac1k \sum_{r=1}^{k} d_r $$
 *
 * Padding neither votes nor enters the mean; a neighbour without a label enters the mean only. Cost: O(n·k) time.
 *
 * @param table Labels and distances of `k` neighbours a query, closest first
 * @throws `ERR_OPTION` for `k` below 1; `ERR_SHAPE` when the lists do not agree
 * @example
 * matchMajorityVote({ neighborLabels: [1, 2, 2], neighborDistances: [1, 2, 3], k: 3 }); // labels [2], distances [2]
 */
export function matchMajorityVote<L extends ClassLabel>(table: NeighborTable<L>): DerivedMatches<L> {
  const rows = rowsOf('match-majority-vote', table);
  const { neighborLabels, neighborDistances, k } = table;
  const labels: (L | null)[] = [];
  const distances = new Float64Array(rows).fill(Infinity);
  for (let row = 0; row < rows; row++) {
    const votes = new Map<L, number>();
    let total = 0;
    let count = 0;
    for (let at = row * k; at < (row + 1) * k; at++) {
      if (!Number.isFinite(neighborDistances[at])) continue;
      total += neighborDistances[at]!;
      count++;
      const label = neighborLabels[at]!;
      if (label !== null) votes.set(label, (votes.get(label) ?? 0) + 1);
    }
    let winner: L | null = null;
    let most = 0;
    for (const [label, vote] of votes) {
      if (vote > most) [winner, most] = [label, vote];
    }
    labels.push(winner);
    if (count > 0) distances[row] = total / count;
  }
  return { labels, distances };
}

const MATCHERS: readonly Matcher[] = [
  { id: 'match-nearest', derive: matchNearest },
  { id: 'match-majority-vote', derive: matchMajorityVote },
];

/**
 * The matcher of that name: its id, or that with `_`, or without `match`, whatever its case.
 *
 * @param name `match-nearest` or `match-majority-vote`
 * @throws `ERR_OPTION` for another name
 * @example
 * matcher('majority_vote').id; // 'match-majority-vote'
 */
export function matcher(name: string): Matcher {
  const plain = String(name).toLowerCase().replaceAll('_', '-');
  const found = MATCHERS.find(({ id }) => id === plain || id === `match-${plain}`);
  if (found) return found;
  throw new SimileError({
    where: 'matcher',
    rule: `matchers are ${MATCHERS.map(({ id }) => id).join(', ')}`,
    got: name,
    remedy: 'Check the spelling.',
    code: 'ERR_OPTION',
  });
}
