import { checkFinite, checkNames, SimileError } from '@simile/core/errors';
import type { CalibrateOptions, Calibration, CalibrationCurve, Cutpoint } from './calibration.ts';
import { classificationMetric, type ClassificationMetric } from './classification-metrics.ts';
import { countMatches } from './count-matches.ts';
import { matcher } from './matchers.ts';
import type { ClassLabel, NeighborTable } from './neighbor-table.ts';

/** Neighbours of queries whose labels are known. */
export interface LabelledNeighbors<L extends ClassLabel = ClassLabel> extends NeighborTable<L> {
  /** `[n]`, the queries' own labels. */
  readonly labels: ArrayLike<L>;
}

/**
 * Finds the distances up to which a match is to be believed.
 *
 * The thresholds tried are the distinct distances that the matcher derives (for `match-nearest`, those of the closest
 * neighbours). `optimal` is the largest that attains the best value of `metric`. A target's cut-point keeps the value at
 * `target` or better: for a metric to be minimised the largest distance whose value is at most the target; else the
 * smallest distance whose value is at least the target, or, for `precision`, which falls as more is accepted, the largest.
 * A target that no distance meets gets no cut-point.
 *
 * Cost: O(n·k + n log n) time.
 *
 * @param neighbors Labels, and the neighbours of each query
 * @throws `ERR_OPTION` for an unknown metric, matcher or option; `ERR_SHAPE` when the lists do not agree; `ERR_DATA` when no
 *   query has a neighbour
 * @example
 * const found = calibrate({ labels: [0, 0, 1], neighborLabels: [0, 0, 0], neighborDistances: [0.1, 0.2, 0.4], k: 1 });
 * found.cutpoints.optimal.distance; // 0.2: both right ones accepted, the wrong one refused
 */
export function calibrate<L extends ClassLabel>(
  neighbors: LabelledNeighbors<L>,
  options: CalibrateOptions = {},
): Calibration {
  const { metric: name = 'f1', matcher: matcherName = 'match-nearest', targets = {} } = options;
  const { extraMetrics = ['precision', 'recall'] } = options;
  checkNames('calibrate', options, ['metric', 'matcher', 'targets', 'extraMetrics']);
  checkFinite('calibrate', targets);
  if (Object.hasOwn(targets, 'optimal')) throw nameTaken();
  const metric = classificationMetric(name);
  const metrics = [metric, ...extraMetrics.map(classificationMetric).filter(({ id }) => id !== metric.id)];
  const { id: matcherId, derive } = matcher(matcherName);

  const derived = derive(neighbors);
  const thresholds = [...new Set(derived.distances.filter(Number.isFinite).toSorted())];
  const counts = countMatches(neighbors.labels, derived, thresholds);
  if (thresholds.length === 0) throw noNeighbors();
  const curve: CalibrationCurve = {
    thresholds,
    ...Object.fromEntries(metrics.map(({ id, compute }) => [id, counts.map(compute)])),
  };

  const cutpoint = (label: string, at: number): Cutpoint => ({
    name: label,
    distance: thresholds[at]!,
    value: curve[metric.id]![at]!,
    metrics: Object.fromEntries(metrics.map(({ id }) => [id, curve[id]![at]!])),
  });
  const values = curve[metric.id]!;
  const best = metric.maximize ? values.reduce((a, b) => Math.max(a, b)) : values.reduce((a, b) => Math.min(a, b));
  const cutpoints: Record<string, Cutpoint> = {};
  for (const [label, target] of Object.entries(targets)) {
    const at = meets(metric, values, target);
    if (at >= 0) cutpoints[label] = cutpoint(label, at);
  }
  return {
    metric: metric.id,
    k: neighbors.k,
    matcher: matcherId,
    cutpoints: { optimal: cutpoint('optimal', values.lastIndexOf(best)), ...cutpoints },
    curve,
  };
}

/** Position of the threshold that a target chooses, or −1. */
function meets({ maximize, increasing }: ClassificationMetric, values: readonly number[], target: number): number {
  if (!maximize) return values.findLastIndex((value) => value <= target);
  return increasing ? values.findIndex((value) => value >= target) : values.findLastIndex((value) => value >= target);
}

function nameTaken(): SimileError {
  return new SimileError({
    where: 'calibrate',
    rule: 'targets must have names other than optimal, which is always found',
    got: 'optimal',
    remedy: 'Rename the target.',
    code: 'ERR_OPTION',
  });
}

function noNeighbors(): SimileError {
  return new SimileError({
    where: 'calibrate',
    rule: 'at least one query must have a neighbour',
    got: 'none',
    remedy: 'Index some records first, and give some queries.',
    code: 'ERR_DATA',
  });
}
