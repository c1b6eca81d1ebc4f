import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { expectClose, numbers, runs, seeds } from '../../test/both-backends.ts';

beforeEach(() => tf.setBackend('simile-wasm').then(() => undefined));

const kernel = (name: string, inputs: Record<string, tf.Tensor>): tf.Tensor[] =>
  [tf.engine().runKernel(name, inputs, {})].flat();

/** Squared distances, and their gradients for `dy`, by plain loops in float64. */
function oracle(
  [n, m, d]: readonly [number, number, number],
  a: Float32Array,
  b: Float32Array,
  dy: Float32Array,
): { distances: number[]; byA: number[]; byB: number[] } {
  const distances: number[] = [];
  const [byA, byB] = [Array.from({ length: n * d }, () => 0), Array.from({ length: m * d }, () => 0)];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) {
        const difference = a[i * d + k]! - b[j * d + k]!;
        sum += difference ** 2;
        byA[i * d + k]! += 2 * dy[i * m + j]! * difference;
        byB[j * d + k]! -= 2 * dy[i * m + j]! * difference;
      }
      distances.push(sum);
    }
  return { distances, byA, byB };
}

const sizes = fc.tuple(
  fc.integer({ min: 1, max: 11 }),
  fc.integer({ min: 1, max: 11 }),
  fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 500, max: 1100 })),
);

test('agree with loops, between two matrices and within one, with their gradients', () => {
  fc.assert(
    fc.property(sizes, seeds, ([n, m, d], seed) => {
      const [a, b, dy] = [numbers(n * d, seed), numbers(m * d, seed + 1), numbers(n * m, seed + 2)];
      dy[0] = 0; // left out
      const wanted = oracle([n, m, d], a, b, dy);
      const [left, right, slopes] = [tf.tensor2d(a, [n, d]), tf.tensor2d(b, [m, d]), tf.tensor2d(dy, [n, m])];
      const before = tf.memory().numTensors;
      const got = [
        ...kernel('SimileSquaredDifferences', { a: left, b: right }),
        ...kernel('SimileSquaredDifferencesGrad', { dy: slopes, a: left, b: right }),
      ];
      expect(tf.memory().numTensors - before).toBe(3);
      [wanted.distances, wanted.byA, wanted.byB].forEach((numbers, i) =>
        expectClose(got[i]!.dataSync(), numbers, 2e-6),
      );

      const own = oracle([n, n, d], a, a, numbers(n * n, seed + 3));
      const square = tf.tensor2d(numbers(n * n, seed + 3), [n, n]);
      const within = [
        ...kernel('SimileSquaredDifferences', { a: left }),
        ...kernel('SimileSquaredDifferencesGrad', { dy: square, a: left }),
      ];
      const both = own.byA.map((value, i) => value + own.byB[i]!);
      expectClose(within[0]!.dataSync(), own.distances, 2e-6);
      expectClose(within[1]!.dataSync(), both, 2e-6);
      tf.dispose([left, right, slopes, square, ...got, ...within]);
    }),
    runs,
  );
});

test('near rows keep their digits, equal rows are at 0 exactly, and a pair has one distance from both sides', () => {
  const d = 37;
  const a = numbers(6 * d, 9);
  a.copyWithin(d, 0, d);
  for (let k = 0; k < d; k++) a[2 * d + k] = Math.fround(a[k]! + 1e-4);
  const x = tf.tensor2d(a, [6, d]);
  const [distances] = kernel('SimileSquaredDifferences', { a: x });
  const got = distances!.dataSync();
  expect([got[0], got[1], got[6]]).toEqual([0, 0, 0]);
  let near = 0;
  for (let k = 0; k < d; k++) near += (a[k]! - a[2 * d + k]!) ** 2;
  expect(Math.abs(got[2]! / near - 1)).toBeLessThan(1e-6);
  for (let i = 0; i < 6; i++) for (let j = 0; j < i; j++) expect(got[i * 6 + j]).toBe(got[j * 6 + i]);
  tf.dispose([x, distances!]);
});
