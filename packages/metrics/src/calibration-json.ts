import { SimileError } from '@simile/core/errors';
import type { Calibration, CalibrationCurve, ClassificationMetricId, Cutpoint } from './calibration.ts';
import { classificationMetric } from './classification-metrics.ts';
import { matcher } from './matchers.ts';

/**
 * A calibration as JSON text; numbers keep every bit.
 *
 * @param calibration What `calibrate` found
 * @example
 * const calibration = calibrate({ labels: [0, 0, 1], neighborLabels: [0, 0, 0], neighborDistances: [0.1, 0.2, 0.4], k: 1 });
 * const text = calibrationToJson(calibration);
 * calibrationFromJson(text).cutpoints.optimal.distance; // 0.2
 */
export function calibrationToJson(calibration: Calibration): string {
  return JSON.stringify(calibration);
}

/**
 * Reads what {@link calibrationToJson} wrote, and checks all of it: names, that every number is finite, that the lists of
 * the curve have one length, that thresholds ascend.
 *
 * @param text JSON
 * @throws `ERR_FILE`, saying what is wrong
 * @example
 * calibrationFromJson('{}'); // throws: calibration: metric must be the id of a metric. …
 */
export function calibrationFromJson(text: string): Calibration {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw broken('the text must be JSON', undefined, cause);
  }
  const { metric, k, matcher: matcherId, cutpoints, curve } = record('the calibration', value);
  if (!isId(metric)) throw broken('metric must be the id of a metric', metric);
  if (!Number.isSafeInteger(k) || (k as number) < 1) throw broken('k must be a whole number of at least 1', k);
  if (typeof matcherId !== 'string' || !isMatcher(matcherId)) throw broken('matcher must be the id of one', matcherId);

  const named = Object.entries(record('cutpoints', cutpoints)).map(([name, point]) => [
    name,
    readCutpoint(name, point),
  ]);
  const points = Object.fromEntries(named) as Record<string, Cutpoint>;
  if (!Object.hasOwn(points, 'optimal')) throw broken('cutpoints must have optimal');
  return {
    metric,
    k: k as number,
    matcher: matcherId as Calibration['matcher'],
    cutpoints: points as Calibration['cutpoints'],
    curve: readCurve(curve, metric),
  };
}

function readCutpoint(name: string, point: unknown): Cutpoint {
  const { distance, value, metrics, name: own } = record(`cutpoints.${name}`, point);
  if (own !== name) throw broken(`cutpoints.${name} must have its name`, own);
  const list = Object.entries(record(`cutpoints.${name}.metrics`, metrics));
  for (const [id, one] of [['distance', distance], ['value', value], ...list] as [string, unknown][]) {
    if (typeof one !== 'number' || !Number.isFinite(one)) throw broken(`${id} of ${name} must be a finite number`, one);
  }
  const unknown = list.find(([id]) => !isId(id));
  if (unknown) throw broken(`metrics of ${name} must be named by id`, unknown[0]);
  return { name, distance: distance as number, value: value as number, metrics: Object.fromEntries(list) };
}

function readCurve(value: unknown, metric: ClassificationMetricId): CalibrationCurve {
  const curve = record('curve', value);
  const length = Array.isArray(curve['thresholds']) ? curve['thresholds'].length : 0;
  for (const [name, list] of Object.entries(curve)) {
    if (name !== 'thresholds' && !isId(name)) throw broken('the curve must be named by ids of metrics', name);
    if (!Array.isArray(list) || list.length !== length || !list.every(Number.isFinite)) {
      throw broken(`curve.${name} must have ${length} finite numbers`, list);
    }
  }
  const { thresholds } = curve as { thresholds?: number[] };
  if (!thresholds || !curve[metric]) throw broken(`the curve must have thresholds and ${metric}`);
  if (thresholds.some((threshold, i) => i > 0 && threshold <= thresholds[i - 1]!)) {
    throw broken('thresholds must ascend', thresholds);
  }
  return curve as unknown as CalibrationCurve;
}

function record(what: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw broken(`${what} must be an object`, value);
}

function isId(name: unknown): name is ClassificationMetricId {
  try {
    return typeof name === 'string' && classificationMetric(name).id === name;
  } catch {
    return false;
  }
}

function isMatcher(name: string): boolean {
  try {
    return matcher(name).id === name;
  } catch {
    return false;
  }
}

function broken(rule: string, got?: unknown, cause?: unknown): SimileError {
  const remedy = 'The file is damaged, or was written by something else; calibrate again.';
  return new SimileError({ where: 'calibration', rule, got, remedy, code: 'ERR_FILE', cause });
}
