import { createRandom } from '@simile/core/random';
import { expect, test } from 'vitest';
import { closestTurn, turn } from './align.ts';

const random = createRandom(3);
const cloud = Float32Array.from({ length: 40 }, () => random.normal());

test('a cloud that was turned, or mirrored and turned, is brought back', () => {
  for (const angle of [0, 1, 2.5, -3]) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (const change of [
      [cos, -sin, sin, cos],
      [cos, sin, sin, -cos],
    ] as const) {
      const moved = turn(change, cloud);
      const back = turn(closestTurn(moved, cloud), moved);
      back.forEach((value, i) => expect(value).toBeCloseTo(cloud[i]!, 5));
    }
  }
});

test('a quarter turn is told by hand', () => {
  const [a, b, c, d] = closestTurn(Float32Array.of(1, 0, -1, 0), Float32Array.of(0, 2, 0, -2));
  // (1, 0) → (0, 1): the first column is (0, 1)
  expect([a, c]).toEqual([0, 1]);
  expect(Math.abs(a * d - b * c)).toBeCloseTo(1, 12);
});

test('more points than before, and none with a direction, change nothing but what can be told', () => {
  const moved = turn([0, -1, 1, 0], cloud);
  const some = turn(closestTurn(moved, cloud.subarray(0, 20)), moved);
  some.forEach((value, i) => expect(value).toBeCloseTo(cloud[i]!, 5));
  expect(closestTurn(new Float32Array(6), cloud)).toEqual([1, 0, 0, 1]);
  expect(closestTurn(cloud, new Float32Array(0))).toEqual([1, 0, 0, 1]);
});
