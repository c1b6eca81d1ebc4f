import type { IndexSummary } from '@simile/index';
import type { Calibration } from '@simile/metrics';

/** What `indexSummary` tells. `String(summary)` is a table for people. */
export interface ModelSummary extends IndexSummary {
  readonly name: string;
  readonly seed: number | undefined;
  /** Records by label, most frequent first; null for those without. */
  readonly labels: readonly { readonly label: number | string | null; readonly count: number }[];
  /** Whether the model was trained after records were added, whose vectors are then of another model. */
  readonly stale: boolean;
  /** By cut-point: the distance and the value of the calibration metric there. */
  readonly cutpoints: readonly { readonly name: string; readonly distance: number; readonly value: number }[];
  toString(): string;
}

/** What {@link summarize} is made of. */
export interface SummaryParts {
  readonly name: string;
  readonly seed: number | undefined;
  readonly stale: boolean;
  readonly index: IndexSummary;
  readonly labels: Iterable<number | string | null>;
  readonly calibration: Calibration | undefined;
}

export function summarize({ name, seed, stale, index, labels, calibration }: SummaryParts): ModelSummary {
  const counts = new Map<number | string | null, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const sorted = [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count);
  const cutpoints = Object.values(calibration?.cutpoints ?? {}).map(({ name: cut, distance, value }) => ({
    name: cut,
    distance,
    value,
  }));
  const rows: [string, string][] = [
    ['model', name],
    [
      'records',
      `${index.size} of dimension ${index.dimension ?? 'not known yet'}${stale ? ', stale: trained since' : ''}`,
    ],
    [
      'labels',
      sorted.length === 0 ? 'none' : listed(sorted.map(({ label, count }) => `${label ?? 'none'} (${count})`)),
    ],
    ['distance', index.metric],
    ['search', `${index.engine}, ${(index.bytes / 1024).toFixed(0)} KiB`],
    [
      'lookups',
      index.latency ? `${index.lookups}, median ${index.latency.median.toPrecision(2)} ms` : `${index.lookups}`,
    ],
    ['calibrated', calibration ? `by ${calibration.metric}, k = ${calibration.k}` : 'no'],
    ...cutpoints.map(({ name: cut, distance, value }): [string, string] => [
      `  ${cut}`,
      `distance ${distance.toPrecision(4)}, ${calibration!.metric} ${value.toPrecision(4)}`,
    ]),
  ];
  const text = rows.map(([key, value]) => `${key.padEnd(12)}${value}`).join('\n');
  return { ...index, name, seed, labels: sorted, stale, cutpoints, toString: () => text };
}

function listed(texts: string[]): string {
  return texts.length > 12 ? `${texts.slice(0, 12).join(', ')}, … ${texts.length} in all` : texts.join(', ');
}
