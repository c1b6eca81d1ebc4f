import { expect, test } from 'vitest';
import { digitOrder, first, lastOfEach, rowsOf, trainedDigits, unseenDigits } from './classes.ts';

const labels = Int32Array.from({ length: 60 }, (_, row) => (row * 7) % 10);
const data = Uint8Array.from({ length: 60 }, (_, row) => row);
const items = { x: { data, shape: [60, 1] }, labels };

test('six digits are trained on and the other four never seen', () => {
  expect(trainedDigits).toEqual([2, 3, 1, 7, 9, 6]);
  expect([...trainedDigits, ...unseenDigits].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('the index takes the last images of each digit, in file order, class by class', () => {
  const { x, labels: taken } = lastOfEach(items, 2);
  expect([...taken]).toEqual(digitOrder.flatMap((digit) => [digit, digit]));
  // Label of row r is 7r mod 10, so digit 2 is at rows 6, 16, …, 56.
  expect(Array.from(x.data.slice(0, 2))).toEqual([46, 56]);
  expect(x.shape).toEqual([20, 1]);
});

test('the first images keep their order', () => {
  const { x, labels: taken } = first(items, 3);
  expect(Array.from(x.data)).toEqual([0, 1, 2]);
  expect([...taken]).toEqual([0, 7, 4]);
});

test('rows are found by digit', () => {
  expect(rowsOf(labels, [2, 9]).slice(0, 4)).toEqual([6, 7, 16, 17]);
});
