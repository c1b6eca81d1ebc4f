import { createRandom } from '@simile/core/random';
import { expect, test } from 'vitest';
import { principalComponents } from './principal-components.ts';

test('points on a line lie on it, from its middle', () => {
  // (0, 0) and (3, 4) are 5 apart: 2.5 to each side of their mean.
  const { data, shape, explained } = principalComponents(
    { data: Float32Array.of(0, 0, 3, 4), shape: [2, 2] },
    { components: 1 },
  );
  expect([...data]).toEqual([-2.5, 2.5]);
  expect(shape).toEqual([2, 1]);
  expect(explained[0]).toBeCloseTo(1, 12);
});

test('directions are those of a cloud that was turned, with the variance that it was given', () => {
  const random = createRandom(1);
  const [n, deviations] = [2000, [3, 1, 0.2]] as const;
  // Turned by 30° in the plane of the first two, and moved away from 0.
  const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const cloud = Array.from({ length: n }, () => deviations.map((deviation) => random.normal(0, deviation)));
  const rows = cloud.flatMap(([a, b, c]) => [cos * a! - sin * b! + 7, sin * a! + cos * b! - 7, c!]);
  const { data, explained } = principalComponents({ data: Float32Array.from(rows), shape: [n, 3] });

  const means = [0, 1].map((k) => cloud.reduce((sum, row) => sum + row[k]! / n, 0));
  const worst = [0, 1].map((k) => Math.max(...cloud.map((row, i) => Math.abs(row[k]! - means[k]! - data[2 * i + k]!))));
  // The cloud's own axes are off those it was drawn along by chance: a few hundredths of its size.
  expect(worst[0]).toBeLessThan(0.5);
  expect(worst[1]).toBeLessThan(0.5);
  const whole = 9 + 1 + 0.04;
  expect(explained[0]).toBeCloseTo(9 / whole, 1);
  expect(explained[1]).toBeCloseTo(1 / whole, 1);
});

test('each direction explains as much as the eigenvalues of the covariance say', () => {
  // Four points (±2, ±1): covariance diag(4, 1), so .8 and .2.
  const { data, explained } = principalComponents({ data: Float32Array.of(2, 1, 2, -1, -2, 1, -2, -1), shape: [4, 2] });
  expect(explained.map((share) => share.toFixed(9))).toEqual(['0.800000000', '0.200000000']);
  expect([...data].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([2, 1, 2, -1, -2, 1, -2, -1]);
});

test('the same items give the same map, and items are left alone', () => {
  const random = createRandom(3);
  const items = { data: Float32Array.from({ length: 300 }, () => random.normal()), shape: [30, 2, 5] };
  const before = items.data.slice();
  expect(principalComponents(items)).toEqual(principalComponents(items));
  expect(items.data).toEqual(before);
});

test('items that are all alike are one point', () => {
  const { data, explained } = principalComponents({ data: new Float32Array(8).fill(3), shape: [4, 2] });
  expect([...data]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(explained).toEqual([0, 0]);
});

test('refuses what has no components', () => {
  expect(() => principalComponents({ data: new Float32Array(2), shape: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: principal-components: at least 2 items are needed, but got 1. Give the embeddings of more items. [ERR_SHAPE]]`,
  );
  expect(() =>
    principalComponents({ data: new Float32Array(6), shape: [3, 2] }, { components: 3 }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: principal-components: components must be a number from 1 to 2, but got 3. Leave components out to use the default. [ERR_OPTION]]`,
  );
  expect(() =>
    principalComponents({ data: Float32Array.of(0, 1, 2, Number.NaN), shape: [2, 2] }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: principal-components: every value must be finite, but got 'NaN in item 1'. Leave such items out, and look where they come from. [ERR_DATA]]`,
  );
});
