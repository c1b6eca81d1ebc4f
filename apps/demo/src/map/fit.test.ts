import { expect, test } from 'vitest';
import { fitTo } from './fit.ts';

test('the wider direction fills the square but for its edges, the other keeps its scale, and y points down', () => {
  const fit = fitTo(Float32Array.of(-1, 0, 3, 1, 1, 2)); // 4 wide, 2 high, about (1, 1)
  const close = (place: [number, number], x: number, y: number): void => {
    expect(place[0]).toBeCloseTo(x, 6);
    expect(place[1]).toBeCloseTo(y, 6);
  };
  close(fit([-1, 1]), 0.07, 0.5);
  close(fit([3, 1]), 0.93, 0.5);
  close(fit([1, 2]), 0.5, 0.5 - 0.86 / 4);
  close(fit([1, 0]), 0.5, 0.5 + 0.86 / 4);
});

test('one place, or none, lies in the middle', () => {
  expect(fitTo(Float32Array.of(4, 4, 4, 4))([4, 4])).toEqual([0.5, 0.5]);
  expect(fitTo(new Float32Array())([7, 7])).toEqual([0.5, 0.5]);
});
