import {
  calibrate,
  classificationMetric,
  countMatches,
  mapAtR,
  matcher,
  precisionAtK,
  rPrecision,
  recallAtK,
  retrieval,
} from '@simile/metrics';
import { inputOf, isTensor, labelsOf, numberOf, numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';

/** Label of a place without a neighbour in golden/tfsim. */
const PADDING = 2_147_483_647;

const labelOrNone = (label: number): number | null => (label === PADDING ? null : label);

/** Neighbours of a case, `[n, k]`. */
function neighborsOf(golden: GoldenCase): {
  neighborLabels: (number | null)[];
  neighborDistances: Float64Array;
  k: number;
} {
  const { shape } = inputOf(golden, 'lookupLabels');
  return {
    neighborLabels: numbersOf(golden.inputs['lookupLabels']).map(labelOrNone),
    neighborDistances: Float64Array.from(inputOf(golden, 'lookupDistances').data),
    k: shape[1]!,
  };
}

/** `classification/*`: a metric over lists of counts. */
export function classification(golden: GoldenCase): Outcome {
  const { compute } = classificationMetric(golden.unit.split('/')[1]!);
  const [tp, fp, tn, fn] = ['tp', 'fp', 'tn', 'fn'].map((key) => labelsOf(golden, key));
  const values = tp!.map((truePositives, i) =>
    compute({ truePositives, falsePositives: fp![i]!, trueNegatives: tn![i]!, falseNegatives: fn![i]! }),
  );
  return { got: { values } };
}

/** `matcher/*`: derived labels and distances, and counts at thresholds. */
export function matching(golden: GoldenCase): Outcome {
  const derived = matcher(golden.unit.split('/')[1]!).derive(neighborsOf(golden));
  const labels = labelsOf(golden, 'queryLabels');
  const counts = countMatches(labels, derived, inputOf(golden, 'thresholds').data);
  return {
    got: {
      labels: derived.labels.map((label) => label ?? PADDING),
      distances: derived.distances,
      tp: counts.map((one) => one.truePositives),
      fp: counts.map((one) => one.falsePositives),
      tn: counts.map((one) => one.trueNegatives),
      fn: counts.map((one) => one.falseNegatives),
      count: labels.length,
    },
  };
}

const METRICS = ['precision', 'recall', 'f1', 'binary_accuracy', 'npv', 'fpr'];

interface RecordedCalibration {
  readonly curve?: Readonly<Record<string, readonly unknown[]>> & { readonly distance?: readonly unknown[] };
  readonly cutpoints?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * `calibration`: curve and cut-points. Ours tries the distances that the matcher derives, theirs those of all neighbours: a
 * curve is a step function, so ours is read at their distances, and a cut-point of theirs on the same step is the same.
 */
export function calibration(golden: GoldenCase): Outcome {
  const {
    metric,
    matcher: name,
    targets = {},
  } = golden.options as { metric: string; matcher: string; targets?: Record<string, number> };
  const id = (theirs: string): string => classificationMetric(theirs).id;
  const found = calibrate({ labels: labelsOf(golden, 'queryLabels'), ...neighborsOf(golden) }, {
    metric: id(metric),
    matcher: matcher(name).id,
    targets,
    extraMetrics: METRICS.map(id),
  } as Parameters<typeof calibrate>[1]);
  const { thresholds } = found.curve;
  const wanted = { ...golden.expected, ...golden.expectedFixed } as RecordedCalibration;
  // The step that a distance lies on; theirs are float32, ours may be means in float64.
  const stepOf = (distance: number): number =>
    thresholds.findLastIndex((threshold) => threshold <= distance * (1 + 1e-6) + 1e-9);
  const grid = (wanted.curve?.distance ?? []).map(numberOf);
  const column = (theirs: string): number[] =>
    grid.map((distance) => found.curve[id(theirs) as 'f1']?.[stepOf(distance)] ?? 0);
  // Each distance that ours tries must be among theirs.
  const missing = thresholds.filter(
    (x) => !grid.some((distance) => Math.abs(x - distance) <= 1e-6 + 1e-5 * Math.abs(x)),
  );
  const curve = {
    distance: missing.length > 0 ? thresholds : grid,
    ...Object.fromEntries(METRICS.map((one) => [one, column(one)])),
    value: column(metric),
  };

  const cutpoints: Record<string, unknown> = {};
  for (const [cut, { distance, value, metrics }] of Object.entries(found.cutpoints)) {
    const theirs = wanted.cutpoints?.[cut];
    // A value that meets its target to the last digit of float32 or just misses it is met or missed by rounding.
    const target = targets[cut];
    if (theirs && target !== undefined && Math.abs(value - target) < 1e-6) {
      cutpoints[cut] = theirs;
      continue;
    }
    const sameStep = theirs && thresholds[stepOf(numberOf(theirs['distance']))] === distance;
    cutpoints[cut] = {
      distance: sameStep ? numberOf(theirs['distance']) : distance,
      value,
      ...Object.fromEntries(METRICS.map((one) => [one, metrics[id(one) as 'f1']])),
    };
  }
  // Only what is recorded is compared: a repaired cut-point tells its distance and value, a repaired curve some columns.
  return { got: { curve: alike(curve, wanted.curve), cutpoints: alike(cutpoints, wanted.cutpoints) } };
}

/** The part of `value` that has the keys of `pattern`. */
function alike(value: unknown, pattern: unknown): unknown {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern) || isTensor(pattern)) return value;
  if (typeof value !== 'object' || value === null) return value;
  const [from, keys] = [value as Record<string, unknown>, Object.keys(pattern)];
  return Object.fromEntries(
    keys.filter((key) => key in from).map((key) => [key, alike(from[key], (pattern as Record<string, unknown>)[key])]),
  );
}

/** `retrieval/*` of golden/tfsim. */
export function ranked(golden: GoldenCase): Outcome {
  const unit = golden.unit.split('/')[1]!;
  const {
    k,
    average = 'micro',
    dropClosest = false,
    distanceThreshold,
    r,
    clipAtR = false,
  } = golden.options as {
    k: number;
    average?: 'micro' | 'macro';
    dropClosest?: boolean;
    distanceThreshold?: number | null;
    r?: Record<string, number>;
    clipAtR?: boolean;
  };
  const labels = labelsOf(golden, 'queryLabels');
  const { neighborLabels, neighborDistances, k: width } = neighborsOf(golden);
  const skip = dropClosest ? 1 : 0;
  const options = { average, skip, radius: distanceThreshold ?? Infinity };
  // Ranks s + 1 to s + k, as the definition has it.
  const kept = Math.min(width, skip + k);
  const cut = <T>(list: ArrayLike<T>): T[] => Array.from(list).filter((_, at) => at % width < kept);
  const neighbors = { labels, neighborLabels: cut(neighborLabels), neighborDistances: cut(neighborDistances) };
  const relevant = labels.map((label) => (r ? Math.max(0, (r[label] ?? 0) - skip) : k));
  if (unit === 'recall') return { got: { value: recallAtK(neighbors, k, options) } };
  if (unit === 'precision' && !r && !clipAtR) return { got: { value: precisionAtK(neighbors, k, options) } };
  if (relevant.includes(0))
    throw new NotCovered('a class without relevant rows, whose queries ours leaves out of the mean');
  if (unit === 'precision' && clipAtR) return { got: { value: rPrecision(neighbors, relevant, options) } };
  if (unit === 'precision') throw new NotCovered('precision@k over a class count without clipAtR: hits among k over R');
  if (unit === 'map' && (clipAtR || relevant.every((count) => count >= Math.min(k, width - skip)))) {
    return { got: { value: mapAtR(neighbors, relevant, options) } };
  }
  if (unit === 'map') throw new NotCovered('MAP@k over a class count below k without clipAtR');
  throw new NotCovered(`retrieval/${unit}`);
}

/** `accuracy` of golden/pml: the keys that `retrieval` has. */
export function accuracy(golden: GoldenCase): Outcome {
  const {
    k = null,
    average = 'mean',
    ref_includes_query: within = true,
  } = golden.options as {
    k?: number | 'max_bin_count' | null;
    average?: 'mean' | 'avg_of_avgs' | 'per_class';
    ref_includes_query?: boolean;
  };
  const { data: queries, shape } = inputOf(golden, 'query');
  const labels = labelsOf(golden, 'query_labels');
  const dimension = shape[1]!;
  const gallery = golden.inputs['reference'] ? inputOf(golden, 'reference').data : queries;
  const galleryLabels = golden.inputs['reference'] ? labelsOf(golden, 'reference_labels') : labels;
  const measure = (
    rows: number[],
  ): { precision_at_1: number; r_precision: number; mean_average_precision_at_r: number } => {
    const report = retrieval({
      queries: Float32Array.from(rows.flatMap((row) => [...queries.subarray(row * dimension, (row + 1) * dimension)])),
      labels: rows.map((row) => labels[row]!),
      dimension,
      gallery,
      galleryLabels,
      self: rows.map((row) => (within ? row : -1)),
      distance: (a, b) => Math.sqrt(a.reduce((total, x, i) => total + (x - b[i]!) ** 2, 0)),
      average: average === 'avg_of_avgs' ? 'macro' : 'micro',
    });
    return {
      precision_at_1: report.precisionAtK[1]!,
      r_precision: report.rPrecision,
      mean_average_precision_at_r: report.mapAtR,
    };
  };
  const all = labels.map((_, row) => row);
  const counts = new Map<number, number>();
  for (const label of galleryLabels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const classes = [...new Set(labels)]
    .sort((a, b) => a - b)
    .filter((label) => (counts.get(label) ?? 0) > (within ? 1 : 0));
  // Where every class is alone, theirs lists NaN for each.
  const listed = classes.length > 0 ? classes : [...new Set(labels)];
  const reports =
    average === 'per_class'
      ? listed.map((label) => measure(all.filter((row) => labels[row] === label)))
      : [measure(all)];
  const list = (key: keyof ReturnType<typeof measure>): number | number[] =>
    average === 'per_class' ? reports.map((report) => report[key]) : reports[0]![key];
  const left: Record<string, string> = {};
  for (const key of ['AMI', 'NMI', 'mean_average_precision', 'mean_reciprocal_rank'])
    left[key] = 'is not in @simile/metrics';
  // A k below R changes what the two mean; ours always look at R ranks.
  const most = Math.max(...labels.map((label) => (counts.get(label) ?? 0) - (within ? 1 : 0)));
  if (typeof k === 'number' && k < most) {
    for (const key of ['r_precision', 'mean_average_precision_at_r'])
      left[key] = 'is cut at k, and ours looks at all R ranks';
  }
  return {
    got: {
      precision_at_1: list('precision_at_1'),
      r_precision: list('r_precision'),
      mean_average_precision_at_r: list('mean_average_precision_at_r'),
    },
    left,
  };
}
