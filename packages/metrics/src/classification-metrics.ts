import { SimileError } from '@simile/core/errors';
import type { ClassificationMetricId } from './calibration.ts';

/**
 * What became of some queries at a distance threshold. A query is accepted when its derived distance is within the
 * threshold, and right when its derived label is its own.
 */
export interface MatchCounts {
  /** Right and accepted. */
  readonly truePositives: number;
  /** Wrong and accepted. */
  readonly falsePositives: number;
  /** Wrong and not accepted. */
  readonly trueNegatives: number;
  /** Right and not accepted. */
  readonly falseNegatives: number;
}

/** A number from 0 to 1 made of {@link MatchCounts}. */
export interface ClassificationMetric {
  readonly id: ClassificationMetricId;
  /** Whether a greater value is better. */
  readonly maximize: boolean;
  /** Whether it is taken to grow with the threshold: then a target is met from its first distance on. */
  readonly increasing: boolean;
  readonly compute: (counts: MatchCounts) => number;
}

/** 0 where nothing was counted. */
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/**
 * Share of the accepted that are right; 0 when nothing is accepted.
 *
 * $$ \frac{tp}{tp + fp} $$
 *
 * @param counts True and false positives and negatives at one threshold, as `countMatches` gives them
 * @returns From 0 to 1
 * @example
 * precision({ truePositives: 3, falsePositives: 1, trueNegatives: 4, falseNegatives: 2 }); // 3 / 4 = 0.75
 */
export function precision({ truePositives: tp, falsePositives: fp }: MatchCounts): number {
  return ratio(tp, tp + fp);
}

/**
 * Share of the right that are accepted; 0 when nothing is right. Queries whose derived label is wrong do not count, so it
 * says what the threshold costs, and is 1 at the largest.
 *
 * $$ \frac{tp}{tp + fn} $$
 *
 * @param counts True and false positives and negatives at one threshold, as `countMatches` gives them
 * @returns From 0 to 1
 * @example
 * recall({ truePositives: 3, falsePositives: 1, trueNegatives: 4, falseNegatives: 2 }); // 3 / 5 = 0.6
 */
export function recall({ truePositives: tp, falseNegatives: fn }: MatchCounts): number {
  return ratio(tp, tp + fn);
}

/**
 * Harmonic mean of precision and recall; 0 when that is 0/0.
 *
 * $$ \frac{2\,tp}{2\,tp + fp + fn} $$
 *
 * @param counts True and false positives and negatives at one threshold, as `countMatches` gives them
 * @returns From 0 to 1
 * @example
 * f1Score({ truePositives: 3, falsePositives: 1, trueNegatives: 4, falseNegatives: 2 }); // 6 / 9 ≈ 0.6667
 */
export function f1Score({ truePositives: tp, falsePositives: fp, falseNegatives: fn }: MatchCounts): number {
  return ratio(2 * tp, 2 * tp + fp + fn);
}

/**
 * Share of all queries that are right and accepted; 0 without queries.
 *
 * $$ \frac{tp}{tp + fp + tn + fn} $$
 *
 * @param counts True and false positives and negatives at one threshold, as `countMatches` gives them
 * @returns From 0 to 1
 * @example
 * binaryAccuracy({ truePositives: 3, falsePositives: 1, trueNegatives: 4, falseNegatives: 2 }); // 3 / 10 = 0.3
 */
export function binaryAccuracy(counts: MatchCounts): number {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = counts;
  return ratio(tp, tp + fp + tn + fn);
}

/**
 * Share of the wrong that are accepted, to be kept small; 0 when nothing is wrong.
 *
 * $$ \frac{fp}{fp + tn} $$
 *
 * @param counts True and false positives and negatives at one threshold, as `countMatches` gives them
 * @returns From 0 to 1
 * @example
 * falsePositiveRate({ truePositives: 3, falsePositives: 1, trueNegatives: 4, falseNegatives: 2 }); // 1 / 5 = 0.2
 */
export function falsePositiveRate({ falsePositives: fp, trueNegatives: tn }: MatchCounts): number {
  return ratio(fp, fp + tn);
}

/**
 * Share of the refused that are wrong; 0 when nothing is refused.
 *
 * $$ \frac{tn}{tn + fn} $$
 *
 * @param counts True and false positives and negatives at one threshold, as `countMatches` gives them
 * @returns From 0 to 1
 * @example
 * negativePredictiveValue({ truePositives: 3, falsePositives: 1, trueNegatives: 4, falseNegatives: 2 }); // 4 / 6 ≈ 0.6667
 */
export function negativePredictiveValue({ trueNegatives: tn, falseNegatives: fn }: MatchCounts): number {
  return ratio(tn, tn + fn);
}

const METRICS: readonly ClassificationMetric[] = [
  { id: 'precision', maximize: true, increasing: false, compute: precision },
  { id: 'recall', maximize: true, increasing: true, compute: recall },
  { id: 'f1', maximize: true, increasing: true, compute: f1Score },
  { id: 'binary-accuracy', maximize: true, increasing: true, compute: binaryAccuracy },
  { id: 'false-positive-rate', maximize: false, increasing: true, compute: falsePositiveRate },
  { id: 'negative-predictive-value', maximize: true, increasing: true, compute: negativePredictiveValue },
];

const OTHER_NAMES: Readonly<Record<string, ClassificationMetricId>> = {
  'f1-score': 'f1',
  f1score: 'f1',
  fpr: 'false-positive-rate',
  npv: 'negative-predictive-value',
};

/**
 * The classification metric of that name: its id, or the name that TensorFlow Similarity has for it (`f1_score`, `npv`),
 * whatever its case.
 *
 * @param name `precision`, `recall`, `f1`, `binary-accuracy`, `false-positive-rate` or `negative-predictive-value`
 * @throws `ERR_OPTION` for a name that is neither
 * @example
 * classificationMetric('npv').id; // 'negative-predictive-value'
 */
export function classificationMetric(name: string): ClassificationMetric {
  const plain = String(name).toLowerCase().replaceAll('_', '-');
  const id = Object.hasOwn(OTHER_NAMES, plain) ? OTHER_NAMES[plain] : plain;
  const found = METRICS.find((metric) => metric.id === id);
  if (found) return found;
  throw new SimileError({
    where: 'classification-metric',
    rule: `metrics are ${METRICS.map((metric) => metric.id).join(', ')}`,
    got: name,
    remedy: 'Check the spelling.',
    code: 'ERR_OPTION',
  });
}
