import { expect, test } from 'vitest';
import { projectOnto, widestPlane } from './plane.ts';

test('points on a plane in space keep their distances, the widest direction first', () => {
  // a·(3, 4, 0)/5 + b·(0, 0, 1) about (1, 1, 1), with a the wider.
  const marks = [
    [-4, 1],
    [-2, -1],
    [2, -1],
    [4, 1],
  ] as const;
  const values = Float32Array.from(marks.flatMap(([a, b]) => [1 + 0.6 * a, 1 + 0.8 * a, 1 + b]));
  const rows = { values, dimension: 3 };
  const places = projectOnto(widestPlane(rows), rows);
  marks.forEach(([a, b], i) => {
    expect(places[2 * i]).toBeCloseTo(a, 5); // its largest part, 0.8, is made positive
    expect(places[2 * i + 1]).toBeCloseTo(b, 5);
  });
  const other = projectOnto(widestPlane(rows), { values: Float32Array.of(1.6, 1.8, 4), dimension: 3 });
  expect(other[0]).toBeCloseTo(1, 5);
  expect(other[1]).toBeCloseTo(3, 5);
});

test('points that are all one lie in the middle', () => {
  const rows = { values: Float32Array.of(1, 2, 1, 2, 1, 2), dimension: 2 };
  expect(Array.from(projectOnto(widestPlane(rows), rows)).map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
});
