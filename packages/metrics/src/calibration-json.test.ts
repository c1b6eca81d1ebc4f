import { describe, expect, it } from 'vitest';
import { SimileError } from '@simile/core/errors';
import { calibrate } from './calibrate.ts';
import { calibrationFromJson, calibrationToJson } from './calibration-json.ts';

const calibration = calibrate(
  { labels: [0, 0, 1], neighborLabels: [0, 0, 0], neighborDistances: [0.1, 1 / 3, 0.4], k: 1 },
  { targets: { careful: 0.5 } },
);
/** The text after a change somewhere inside. */
const changed = (path: string, value: unknown): string => {
  const copy = JSON.parse(calibrationToJson(calibration)) as Record<string, unknown>;
  const keys = path.split('/');
  const last = keys.pop()!;
  let at = copy;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return JSON.stringify(copy);
};

describe('a calibration as JSON', () => {
  it('comes back with every bit', () => {
    expect(calibrationFromJson(calibrationToJson(calibration))).toEqual(calibration);
  });

  it.each([
    ['metric', 'f1_score'],
    ['k', 0],
    ['matcher', 'nearest'],
    ['cutpoints/optimal', undefined],
    ['cutpoints/optimal/name', 'best'],
    ['cutpoints/careful/distance', null],
    ['cutpoints/optimal/metrics/other', 1],
    ['curve/thresholds', undefined],
    ['curve/f1', undefined],
    ['curve/recall', [1]],
    ['curve/other', [1, 1, 1]],
    ['curve/thresholds', [1, 1, 2]],
    ['curve', []],
  ])('refuses another %s', (path, value) => {
    try {
      calibrationFromJson(changed(path, value));
    } catch (error) {
      expect(SimileError.is(error) && error.message).toMatchSnapshot();
      return;
    }
    expect.unreachable();
  });

  it('refuses what is not JSON', () => {
    expect(() => calibrationFromJson('{')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: calibration: the text must be JSON. The file is damaged, or was written by something else; calibrate again. [ERR_FILE]]`,
    );
  });
});
