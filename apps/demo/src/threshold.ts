import type { Calibration, Cutpoint } from '@simile/metrics';
import type { Tried } from './job-contract.ts';

/** What a distance is worth, by the calibration. */
export interface ThresholdValues {
  /** Of the matches believed, the share that is right; undefined where none is believed. */
  readonly precision: number | undefined;
  /** Of the right matches, the share that is believed. */
  readonly recall: number;
  readonly f1: number;
}

/** Values of a calibration curve at a distance: those of the largest threshold up to it. */
export function valuesAt({ curve }: Pick<Calibration, 'curve'>, distance: number): ThresholdValues {
  const at = curve.thresholds.findLastIndex((threshold) => threshold <= distance);
  if (at < 0) return { precision: undefined, recall: 0, f1: 0 };
  return { precision: curve['precision']![at]!, recall: curve['recall']![at]!, f1: curve['f1']![at]! };
}

/** A distance as a cut-point of its calibration, under the name `chosen`. */
export function chosenCutpoint(calibration: Calibration, distance: number): Cutpoint {
  const { precision = 0, recall, f1 } = valuesAt(calibration, distance);
  return { name: 'chosen', distance, value: f1, metrics: { precision, recall, f1 } };
}

/** What was tried, as it is taken at a distance: null for unknown. */
export function takenAt({ label, distance }: Tried, most: number): (number | null)[] {
  return Array.from(label, (each, i) => (distance[i]! <= most ? each : null));
}

/** Counts of right and wrong nearest records by distance, `bins` of equal width up to `most`; what is farther is in the last. */
export function distanceBins(
  { truth, label, distance }: Tried,
  most: number,
  bins: number,
): { right: number[]; wrong: number[] } {
  const none = (): number[] => Array.from({ length: bins }, () => 0);
  const counts = { right: none(), wrong: none() };
  truth.forEach((is, i) => {
    const bin = Math.min(bins - 1, Math.floor((distance[i]! / most) * bins));
    counts[is === label[i] ? 'right' : 'wrong'][Math.max(0, bin)]!++;
  });
  return counts;
}
