import { expect, test } from 'vitest';
import { follow, makeView, place, rowAt, side } from './view.ts';

test('a row of the plane is found again where it was drawn', () => {
  const view = makeView();
  const [x, y] = place(view, [0.3, -0.7]);
  const [a, b] = rowAt(view, 'plane', { x, y });
  expect(a).toBeCloseTo(0.3);
  expect(b).toBeCloseTo(-0.7);
  expect(place(view, [0, 0])).toEqual([side / 2, side / 2, 1]);
});

test('a row on the front of a turned sphere too', () => {
  const view = { reach: 1.25, turn: { around: 0.7, over: -0.4 } };
  const row = [0.36, 0.48, 0.8];
  const [x, y, depth] = place(view, row);
  expect(depth).toBeGreaterThan(0);
  rowAt(view, 'sphere', { x, y }).forEach((at, i) => expect(at).toBeCloseTo(row[i]!));
});

test('outside a circle the nearest of its points is meant', () => {
  expect(rowAt(makeView(), 'circle', { x: side, y: side / 2 })).toEqual([1, 0]);
});

test('the view opens at once and closes slowly', () => {
  const view = makeView();
  follow(view, 'plane', [[3, 0]]);
  expect(view.reach).toBeCloseTo(3.45);
  follow(view, 'plane', [[0.1, 0]]);
  expect(view.reach).toBeGreaterThan(3);
});
