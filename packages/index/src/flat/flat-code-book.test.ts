import { expect, it } from 'vitest';
import { KINDS } from './code-scoring.ts';
import { learnCodeBook } from './flat-code-book.ts';

const numbers = (length: number, seed = 1): Float32Array => {
  let state = seed;
  return Float32Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31);
};

it('learns the mean, and gives codes to all dimensions that vary', () => {
  const rows = [Float32Array.of(1, 9, 3, 4, 5), Float32Array.of(3, 5, 3.5, 7, 6)];
  const { mean, order, coded } = learnCodeBook(KINDS.squares, 5, rows);
  expect([...mean]).toEqual([2, 7, 3.25, 5.5, 5.5]);
  expect([...order]).toEqual([0, 1, 2, 3, 4]);
  expect(coded).toBe(5);
  // Of unit vectors for angles, of rows less their own mean for snr.
  expect([...learnCodeBook(KINDS.cosine, 2, [Float32Array.of(0, 4), Float32Array.of(2, 0)]).mean]).toEqual([0.5, 0.5]);
  expect([...learnCodeBook(KINDS.variance, 2, [Float32Array.of(0, 4)]).mean]).toEqual([-2, 2]);
});

it('passes over dimensions that hardly vary', () => {
  // Steps of about 1 / 127, each of which leaves out 1 / 12 of its square: 8 dimensions may add a quarter of that, 1.3e-6 · 8.
  const sizes = [1, 0, 1, 1e-4, 1, 1, 1e-1, 1];
  const draw = numbers(8 * 500);
  const rows = Array.from({ length: 500 }, (_, i) =>
    Float32Array.from(sizes, (size, j) => 3 + size * draw[i * 8 + j]!),
  );
  const { order, coded } = learnCodeBook(KINDS.squares, 8, rows);
  expect(coded).toBe(6);
  expect([...order]).toEqual([0, 2, 4, 5, 6, 7, 3, 1]);
});

it('keeps some codes where rows are all one', () => {
  const row = numbers(9);
  expect(learnCodeBook(KINDS.squares, 9, [row, row]).coded).toBe(4);
  expect(learnCodeBook(KINDS.product, 2, [Float32Array.of(0, 0)]).coded).toBe(2);
});
