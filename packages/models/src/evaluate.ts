import { checkAborted } from '@simile/core/errors';
import { sliceItems, type Items } from '@simile/core/items';
import type { Label, SearchColumns, VectorIndex } from '@simile/index';
import {
  classificationMetric,
  countMatches,
  mapAtR,
  matcher,
  recallAtK,
  type ClassificationMetricId,
  type MatchCounts,
  type NeighborTable,
} from '@simile/metrics';
import type { PredictOptions } from './options.ts';

/** Options of `evaluate`. */
export interface EvaluateOptions extends PredictOptions {
  /** Ranks for recall@k, none beyond the records there are. Default `[1]`. */
  readonly k?: readonly number[];
  /** True when the items are themselves in the index, so that rank 1 is the item itself and does not count. Default false. */
  readonly indexed?: boolean;
  /** Measured at each cut-point. Default `f1`, `precision`, `recall`, `binary-accuracy`. */
  readonly metrics?: readonly string[];
}

/** What `evaluate` finds; every figure from 0 to 1, NaN when no query counts. */
export interface Evaluation {
  /** Items evaluated. */
  readonly queries: number;
  /** Share of the items with a record of their label among the first k. */
  readonly recallAtK: Readonly<Record<number, number>>;
  /** Mean average precision over the first R ranks, R the records of the item's label. */
  readonly mapAtR: number;
  /** By cut-point of the calibration; empty without one. */
  readonly cutpoints: Readonly<Record<string, CutpointEvaluation>>;
}

/** Figures at one cut-point. */
export interface CutpointEvaluation {
  readonly distance: number;
  readonly metrics: Readonly<Partial<Record<ClassificationMetricId, number>>>;
}

const METRICS = ['f1', 'precision', 'recall', 'binary-accuracy'] as const;

/** Places of neighbours held at once: about 50 MB. */
const PLACES = 2_000_000;

/**
 * Measures an index on vectors of known labels: how well they are found, and recognised at the cut-points. MAP@R looks at
 * as many neighbours as the largest class has records, so queries are taken in blocks.
 */
export async function evaluate(
  index: VectorIndex,
  vectors: Items<Float32Array>,
  labels: readonly Label[],
  { k: ks = [1], indexed = false, metrics = METRICS, signal }: EvaluateOptions,
): Promise<Evaluation> {
  const computed = metrics.map(classificationMetric);
  const skip = indexed ? 1 : 0;
  const { calibration } = index;
  const cutpoints = Object.values(calibration?.cutpoints ?? {});
  const relevant = countRelevant(index, labels, skip);
  const wanted = relevant.reduce((most, count) => Math.max(most, count), Math.max(...ks, calibration?.k ?? 1)) + skip;
  const block = Math.max(1, Math.floor(PLACES / wanted));

  const recalls = ks.map(() => 0);
  let precisions = 0;
  const matches = cutpoints.map(() => ({ truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 }));
  for (let begin = 0; begin < labels.length; begin += block) {
    checkAborted('model.evaluate', signal);
    const own = labels.slice(begin, begin + block);
    const counts = relevant.slice(begin, begin + block);
    const found = await index.searchColumns(sliceItems(vectors, begin, begin + own.length), { k: wanted });
    const ranked = { labels: own, neighborLabels: found.labels };
    ks.forEach((rank, i) => (recalls[i]! += recallAtK(ranked, rank, { skip }) * own.length));
    const known = counts.filter((count) => count > 0).length;
    if (known > 0) precisions += mapAtR(ranked, counts, { skip }) * known;
    if (!calibration) continue;
    const derived = matcher(calibration.matcher).derive(columns(found, skip, Math.min(calibration.k, found.k - skip)));
    for (const [i, counted] of countMatches(
      own,
      derived,
      cutpoints.map(({ distance }) => distance),
    ).entries()) {
      for (const key of Object.keys(counted) as (keyof MatchCounts)[]) matches[i]![key] += counted[key];
    }
  }
  const figures = (counted: MatchCounts): CutpointEvaluation['metrics'] =>
    Object.fromEntries(computed.map(({ id, compute }) => [id, compute(counted)]));
  return {
    queries: labels.length,
    recallAtK: Object.fromEntries(ks.map((rank, i) => [rank, recalls[i]! / labels.length])),
    mapAtR: precisions / relevant.filter((count) => count > 0).length,
    cutpoints: Object.fromEntries(
      cutpoints.map(({ name, distance }, i) => [name, { distance, metrics: figures(matches[i]!) }]),
    ),
  };
}

/** Records of the label of each query, itself left out where it is one of them. */
function countRelevant(index: VectorIndex, labels: readonly Label[], skip: number): number[] {
  const counts = new Map<Label | null, number>();
  for (const { label } of index) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label) => Math.max(0, (counts.get(label) ?? 0) - skip));
}

/** A table of neighbours with only the `width` places after the first `skip` of each query. */
function columns(
  { k, labels, distances }: Pick<SearchColumns, 'k' | 'labels' | 'distances'>,
  skip: number,
  width: number,
): NeighborTable<Label> {
  const rows = distances.length / k;
  const places = Array.from({ length: rows * width }, (_, i) => Math.floor(i / width) * k + skip + (i % width));
  return {
    k: width,
    neighborLabels: places.map((place) => labels[place]!),
    neighborDistances: places.map((place) => distances[place]!),
  };
}
