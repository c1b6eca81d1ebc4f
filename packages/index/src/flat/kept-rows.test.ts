import { expect, it } from 'vitest';
import { certainRows, heapPlaces } from './kept-rows.ts';

it('keeps some more than asked for, and nothing where that is all', () => {
  expect([heapPlaces(10, 1000, 3), heapPlaces(10, 13, 3), heapPlaces(300_000, 1e6, 3)]).toEqual([
    13,
    undefined,
    undefined,
  ]);
});

it('takes the rows that can be among the closest, or says up to where to look again', () => {
  const scores = Float64Array.of(9, 5, 3, 1, 2); // the worst first, as a heap has it
  const slots = Uint32Array.of(90, 50, 30, 10, 20);
  const places = 2;
  expect(certainRows(scores, slots, places, () => 0)).toEqual([10, 20]);
  expect(certainRows(scores, slots, places, () => 0.5)).toEqual([30, 10, 20]);
  expect(certainRows(scores, slots, places, () => 3.5)).toBe(9); // another row may score 9 too
  expect(certainRows(scores, slots, places, (score) => score * 2)).toBe(10);
});
