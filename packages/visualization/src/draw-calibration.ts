import { checkNames, SimileError } from '@simile/core/errors';
import { drawChart, type Series } from './charts/frame.ts';
import type { Mark } from './charts/marks.ts';
import { formatDistance } from './scene/text.ts';
import { makePicture, type Picture, type PictureOptions } from './picture.ts';
import type { Shape } from './scene/scene.ts';

/** What is drawn of a calibration; that of `@simile/metrics`, an index or a model will do. */
export interface DrawnCalibration {
  /** The metric that chose the cut-points. */
  readonly metric: string;
  readonly cutpoints: Readonly<Record<string, { readonly distance: number; readonly value: number }>>;
  /** `thresholds`, and the values of each metric there. */
  readonly curve: { readonly thresholds: readonly number[]; readonly [metric: string]: readonly number[] };
}

/** Options of {@link drawCalibration}. */
export interface DrawCalibrationOptions extends PictureOptions {
  /** Metrics to draw. Default all of the curve. */
  readonly metrics?: readonly string[];
}

const WIDE = 460;
const HIGH = 320;

/**
 * Two charts of a calibration: each metric against the distance up to which a match is believed, with the cut-points; and,
 * where both are known, precision against recall, with the optimal cut-point.
 *
 * @throws `ERR_OPTION` for a metric that the curve lacks, `ERR_DATA` for a curve without a threshold
 * @example
 * const picture = drawCalibration({
 *   metric: 'f1',
 *   cutpoints: { optimal: { distance: 0.2, value: 1 } },
 *   curve: { thresholds: [0.1, 0.2, 0.4], f1: [0.667, 1, 0.8], precision: [1, 1, 0.667], recall: [0.5, 1, 1] },
 * });
 * picture.description; // 'f1 is 1.000 at the cut-point optimal, distance 0.200.'
 */
export function drawCalibration(calibration: DrawnCalibration, options: DrawCalibrationOptions = {}): Picture {
  const { curve, cutpoints, metric } = calibration;
  const { thresholds, ...values } = curve;
  const { metrics = Object.keys(values), title = 'Calibration', theme = 'auto' } = options;
  checkNames('draw-calibration', options, ['metrics', 'title', 'theme']);
  check(curve, metrics);
  const marks = Object.entries(cutpoints).map(([name, { distance }]): Mark => {
    return { x: distance, label: `${name} ${formatDistance(distance)}` };
  });
  const series = metrics.map((name): Series => ({ name, x: thresholds, y: values[name]! }));
  const shapes = drawChart({
    width: WIDE,
    height: HIGH,
    heading: 'Metrics by distance',
    xLabel: 'distance up to which a match is believed',
    yLabel: 'value',
    x: [Math.min(0, thresholds[0]!), thresholds.at(-1)!],
    y: [0, 1],
    series,
    marks,
  });
  const { precision, recall } = values;
  const both = precision !== undefined && recall !== undefined;
  const width = both ? 2 * WIDE : WIDE;
  const ground: Shape = { kind: 'rect', x: 0, y: 0, width, height: HIGH, fill: 'ground' };
  const second = both ? [drawPrecisionRecall({ thresholds, precision, recall }, cutpoints['optimal']?.distance)] : [];
  const description = Object.entries(cutpoints)
    .map(([name, { distance, value }]) => {
      return `${metric} is ${value.toFixed(3)} at the cut-point ${name}, distance ${formatDistance(distance)}.`;
    })
    .join(' ');
  return makePicture({ width, height: HIGH, title, description, shapes: [ground, ...shapes, ...second] }, theme);
}

interface PrecisionRecall {
  readonly thresholds: readonly number[];
  readonly precision: readonly number[];
  readonly recall: readonly number[];
}

function drawPrecisionRecall({ thresholds, precision, recall }: PrecisionRecall, optimal: number | undefined): Shape {
  const at = optimal === undefined ? -1 : thresholds.lastIndexOf(optimal);
  const marks: Mark[] = at < 0 ? [] : [{ x: recall[at]!, y: precision[at]!, label: 'optimal' }];
  const shapes = drawChart({
    width: WIDE,
    height: HIGH,
    heading: 'Precision against recall',
    xLabel: 'recall',
    yLabel: 'precision',
    x: [0, 1],
    y: [0, 1],
    series: [{ name: '', x: recall, y: precision }],
    marks,
  });
  return { kind: 'group', x: WIDE, y: 0, shapes };
}

function check(curve: DrawnCalibration['curve'], metrics: readonly string[]): void {
  const unknown = metrics.find((name) => name === 'thresholds' || curve[name]?.length !== curve.thresholds.length);
  if (unknown !== undefined) {
    throw new SimileError({
      where: 'draw-calibration',
      rule: `metrics must be among ${Object.keys(curve)
        .filter((name) => name !== 'thresholds')
        .join(', ')}, with a value a threshold`,
      got: unknown,
      remedy: 'Name it in extraMetrics when calibrating, or leave metrics out to draw all.',
      code: 'ERR_OPTION',
    });
  }
  if (curve.thresholds.length > 0) return;
  throw new SimileError({
    where: 'draw-calibration',
    rule: 'the curve must have at least one threshold',
    got: 'none',
    remedy: 'Calibrate first.',
    code: 'ERR_DATA',
  });
}
