import type { Label, SearchColumns, VectorIndex, Vectors } from '@simile/index';
import {
  classificationMetric,
  countMatches,
  mapAtR,
  matcher,
  recallAtK,
  type ClassificationMetricId,
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

/** Measures an index on vectors of known labels: how well they are found, and recognised at the cut-points. */
export async function evaluate(
  index: VectorIndex,
  vectors: Vectors,
  labels: readonly Label[],
  { k: ks = [1], indexed = false, metrics = METRICS }: EvaluateOptions,
): Promise<Evaluation> {
  const computed = metrics.map(classificationMetric);
  const skip = indexed ? 1 : 0;
  const counts = new Map<Label | null, number>();
  for (const { label } of index) counts.set(label, (counts.get(label) ?? 0) + 1);
  const relevant = labels.map((label) => Math.max(0, (counts.get(label) ?? 0) - skip));
  const { calibration } = index;

  const wanted = Math.max(...ks, ...relevant, calibration?.k ?? 1) + skip;
  const found = await index.searchColumns(vectors, { k: wanted });
  const ranked = { labels, neighborLabels: found.labels };
  const cutpoints: Record<string, CutpointEvaluation> = {};
  if (calibration) {
    const table = columns(found, skip, Math.min(calibration.k, found.k - skip));
    const derived = matcher(calibration.matcher).derive(table);
    for (const { name, distance } of Object.values(calibration.cutpoints)) {
      const [matches] = countMatches(labels, derived, [distance]);
      cutpoints[name] = {
        distance,
        metrics: Object.fromEntries(computed.map(({ id, compute }) => [id, compute(matches!)])),
      };
    }
  }
  return {
    queries: labels.length,
    recallAtK: Object.fromEntries(ks.map((rank) => [rank, recallAtK(ranked, rank, { skip })])),
    mapAtR: mapAtR(ranked, relevant, { skip }),
    cutpoints,
  };
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
