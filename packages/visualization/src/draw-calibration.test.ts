import { calibrate, type Calibration } from '@simile/metrics';
import { expect, expectTypeOf, test } from 'vitest';
import { parseSvg, pointsOf, textsOf } from '../test/parse-svg.ts';
import { drawCalibration, type DrawnCalibration } from './draw-calibration.ts';

const calibration = {
  metric: 'f1',
  cutpoints: { optimal: { distance: 0.2, value: 1 }, careful: { distance: 0.1, value: 0.667 } },
  curve: { thresholds: [0.1, 0.2, 0.4], f1: [0.667, 1, 0.8], precision: [1, 1, 0.667], recall: [0.5, 1, 1] },
};

const lineOf = (svg: Element, name: string): [number, number][] => {
  const group = [...svg.querySelectorAll('g')].find(
    (each) => each.querySelector(':scope > title')?.textContent === name,
  );
  return pointsOf(group!.querySelector('path')!.getAttribute('d')!);
};

test('a calibration of the metrics package is taken as it is', () => {
  expectTypeOf<Calibration>().toExtend<DrawnCalibration>();
  const found = calibrate({ labels: [0, 0, 1], neighborLabels: [0, 0, 0], neighborDistances: [0.1, 0.2, 0.4], k: 1 });
  expect(drawCalibration(found).description).toBe('f1 is 1.000 at the cut-point optimal, distance 0.200.');
});

test('each metric is a line through its values, in the frame that the axes span', () => {
  const svg = parseSvg(drawCalibration(calibration).svg);
  // Axes by hand: distance 0 to 0.4 over 58 to 440 pixels, value 0 to 1 over 274 up to 64.
  const expected = [
    [58 + (382 * 0.1) / 0.4, 274 - 210 * 0.667],
    [58 + (382 * 0.2) / 0.4, 274 - 210],
    [440, 274 - 210 * 0.8],
  ];
  lineOf(svg, 'f1').forEach(([x, y], i) => {
    expect(x).toBeCloseTo(expected[i]![0]!, 0);
    expect(y).toBeCloseTo(expected[i]![1]!, 0);
  });
  expect(lineOf(svg, 'precision')).toHaveLength(3);
  expect(lineOf(svg, 'recall')).toHaveLength(3);
});

test('cut-points are named with their distances, and metrics in the legend', () => {
  const texts = textsOf(drawCalibration(calibration).svg);
  expect(texts).toContain('optimal 0.200');
  expect(texts).toContain('careful 0.100');
  expect(texts).toEqual(expect.arrayContaining(['f1', 'precision', 'recall', 'Precision against recall', 'optimal']));
});

test('without recall there is no second chart; one threshold is enough', () => {
  const { width } = drawCalibration(calibration);
  const narrow = drawCalibration({ ...calibration, curve: { thresholds: [0.2], f1: [1] } });
  expect(narrow.width).toBe(width / 2);
  expect(narrow.svg).not.toContain('NaN');
});

test('lines differ in dashes', () => {
  const svg = parseSvg(drawCalibration(calibration).svg);
  const dashes = ['f1', 'precision', 'recall'].map((name) => {
    const group = [...svg.querySelectorAll('g')].find(
      (each) => each.querySelector(':scope > title')?.textContent === name,
    );
    return group!.querySelector('path')!.getAttribute('stroke-dasharray');
  });
  expect(new Set(dashes).size).toBe(3);
});

test('a metric that is not there is refused, and so is an empty curve', () => {
  expect(() => drawCalibration(calibration, { metrics: ['accuracy'] })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-calibration: metrics must be among f1, precision, recall, with a value a threshold, but got 'accuracy'. Name it in extraMetrics when calibrating, or leave metrics out to draw all. [ERR_OPTION]]`,
  );
  const empty = { ...calibration, curve: { thresholds: [] } };
  expect(() => drawCalibration(empty)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-calibration: the curve must have at least one threshold, but got 'none'. Calibrate first. [ERR_DATA]]`,
  );
});
