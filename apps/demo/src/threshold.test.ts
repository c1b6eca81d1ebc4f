import { calibrate } from '@simile/metrics';
import { expect, test } from 'vitest';
import { chosenCutpoint, distanceBins, takenAt, valuesAt } from './threshold.ts';

// Four queries: right at 0.1 and 0.2, wrong at 0.3, right at 0.4.
const calibration = calibrate({
  labels: [0, 1, 0, 1],
  neighborLabels: [0, 1, 1, 1],
  neighborDistances: [0.1, 0.2, 0.3, 0.4],
  k: 1,
});

test('a distance is worth what the largest threshold up to it is', () => {
  expect(valuesAt(calibration, 0.05)).toEqual({ precision: undefined, recall: 0, f1: 0 });
  expect(valuesAt(calibration, 0.25)).toEqual({ precision: 1, recall: 2 / 3, f1: 0.8 }); // 2·2 / (2·2 + 0 + 1)
  expect(valuesAt(calibration, 0.3)).toEqual({ precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 });
  expect(valuesAt(calibration, 9)).toEqual({ precision: 0.75, recall: 1, f1: 6 / 7 });
});

test('a chosen distance becomes a cut-point with what it is worth', () => {
  expect(chosenCutpoint(calibration, 0.25)).toEqual({
    name: 'chosen',
    distance: 0.25,
    value: 0.8,
    metrics: { precision: 1, recall: 2 / 3, f1: 0.8 },
  });
});

const tried = {
  truth: Int32Array.of(1, 2, 3, 4),
  label: Int32Array.of(1, 2, 5, 4),
  distance: Float32Array.of(0.125, 0.5, 0.5, 3),
};

test('what is farther than the distance is unknown, what lies on it is not', () => {
  expect(takenAt(tried, 0.5)).toEqual([1, 2, 5, null]);
  expect(takenAt(tried, 0.1)).toEqual([null, null, null, null]);
});

test('right and wrong ones are counted by distance, the far ones in the last bin', () => {
  expect(distanceBins(tried, 1, 4)).toEqual({ right: [1, 0, 1, 1], wrong: [0, 0, 1, 0] });
});
