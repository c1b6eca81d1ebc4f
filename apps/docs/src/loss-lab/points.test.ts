import { expect, test } from 'vitest';
import { along, descend, labelsOf, makePoints, onto } from './points.ts';
import { beginning } from './state.ts';

test('the same seed gives the same points, another gives others', () => {
  expect(makePoints(beginning())).toEqual(makePoints(beginning()));
  expect(makePoints({ ...beginning(), seed: 2 })).not.toEqual(makePoints(beginning()));
});

test('points of circle and sphere have length 1', () => {
  for (const space of ['circle', 'sphere'] as const) {
    for (const row of makePoints({ ...beginning(), space })) expect(Math.hypot(...row)).toBeCloseTo(1);
  }
});

test('each class has as many points as asked for', () => {
  expect([...labelsOf({ ...beginning(), classes: 3, perClass: 2 })]).toEqual([0, 1, 2, 0, 1, 2]);
});

test('points that were moved are where they were put', () => {
  const state = { ...beginning(), classes: 2, perClass: 2, points: [1, 2, 3, 4, 5, 6, 7, 8] };
  expect(makePoints(state)).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ]);
});

test('on a circle only the part along it counts', () => {
  expect(along('circle', [1, 0], [5, 2])).toEqual([0, 2]);
  expect(along('plane', [1, 0], [5, 2])).toEqual([5, 2]);
});

test('a step goes against the slope, and no farther than it may', () => {
  expect(descend('plane', [[1, 1]], [[0.2, 0]], 0.5)).toEqual([[0.9, 1]]);
  expect(descend('plane', [[0, 0]], [[30, 40]], 1)[0]!.map((at) => Number(at.toFixed(6)))).toEqual([-0.06, -0.08]);
  expect(Math.hypot(...descend('circle', [[1, 0]], [[0, -1]], 0.1)[0]!)).toBeCloseTo(1);
});

test('the middle of a sphere goes to one of its places', () => {
  expect(onto('sphere', [0, 0, 0])).toEqual([1, 0, 0]);
});
