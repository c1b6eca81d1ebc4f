import { fused, grads, matMul, mul, setBackend, sum, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose, expectSameAsCpu, numbers, random, runs, seeds } from '../../test/both-backends.ts';

const size = fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 1, max: 70 }));
const cases = fc.record({
  rows: size,
  columns: size,
  depth: fc.oneof(fc.constantFrom(1, 255, 256, 257, 515), fc.integer({ min: 1, max: 40 })),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  seed: seeds,
});

test('products equal those of cpu in all four transpositions, with their gradients', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ rows, columns, depth, transposeA, transposeB, seed }) => {
      await expectSameAsCpu(() =>
        tidy(() => {
          const a = random(transposeA ? [depth, rows] : [rows, depth], seed);
          const b = random(transposeB ? [columns, depth] : [depth, columns], seed + 1);
          const slope = random([rows, columns], seed + 2);
          const product = (x: Tensor, y: Tensor): Tensor => matMul(x, y, transposeA, transposeB);
          return [product(a, b), ...grads((x, y) => sum(mul(product(x!, y!), slope)))([a, b])];
        }),
      );
    }),
    runs,
  );
});

// Around 128 rows or columns, from which on operands are packed, and beyond a strip of 32,768 floats or a block of 480 columns.
test('products far wider, higher or deeper than a block equal those of cpu, in all four transpositions', async () => {
  const shapes: [rows: number, columns: number, depth: number][] = [
    [13, 703, 257],
    [128, 514, 64],
    [129, 131, 33],
    [703, 13, 65],
    [5, 9, 1500],
  ];
  for (const [rows, columns, depth] of shapes) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        await expectSameAsCpu(() =>
          tidy(() => {
            const a = random(transposeA ? [depth, rows] : [rows, depth], 1);
            const b = random(transposeB ? [columns, depth] : [depth, columns], 2);
            return matMul(a, b, transposeA, transposeB);
          }),
        );
      }
    }
  }
});

test('batches are broadcast as on cpu', async () => {
  const shapes: [number[], number[]][] = [
    [
      [3, 4, 5],
      [5, 6],
    ],
    [
      [4, 5],
      [3, 5, 6],
    ],
    [
      [2, 3, 4, 5],
      [3, 5, 6],
    ],
    [
      [1, 4, 5],
      [1, 5, 6],
    ],
    [
      [0, 4, 5],
      [0, 5, 6],
    ],
  ];
  for (const [a, b] of shapes) {
    await expectSameAsCpu(() => tidy(() => matMul(random(a, 1), random(b, 2))));
  }
});

test('two batches that are each broadcast equal a loop in float64 (cpu loses half of the result)', async () => {
  await setBackend('simile-wasm');
  const a = numbers(2 * 2 * 3, 1);
  const b = numbers(3 * 3 * 2, 2);
  const wanted: number[] = [];
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 3; j++) {
      for (let row = 0; row < 2; row++) {
        for (let column = 0; column < 2; column++) {
          let total = 0;
          for (let k = 0; k < 3; k++) total += a[(i * 2 + row) * 3 + k]! * b[(j * 3 + k) * 2 + column]!;
          wanted.push(total);
        }
      }
    }
  }
  const product = tidy(() => matMul(random([2, 1, 2, 3], 1), random([1, 3, 3, 2], 2)));
  expect(product.shape).toEqual([2, 3, 2, 2]);
  expectClose(product.dataSync(), wanted, 1e-6);
  product.dispose();
});

test('a product equals a loop in float64, beyond every block size', async () => {
  const [rows, columns, depth] = [67, 491, 523];
  const a = numbers(rows * depth, 5);
  const b = numbers(depth * columns, 6);
  const wanted = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let k = 0; k < depth; k++) wanted[i * columns + j]! += a[i * depth + k]! * b[k * columns + j]!;
    }
  }
  await expectSameAsCpu(() =>
    tidy(() => {
      const product = matMul(random([rows, depth], 5), random([depth, columns], 6));
      expectClose(product.dataSync(), wanted, 1e-6);
      return product;
    }),
  );
});

test('bias and relu fused with a product equal cpu, also activations left to stock', async () => {
  for (const activation of ['linear', 'relu', 'sigmoid', 'elu'] as const) {
    for (const bias of [undefined, tensor1d(numbers(7, 3))]) {
      const a = random([5, 9], 1);
      const b = random([9, 7], 2);
      await expectSameAsCpu(() => fused.matMul({ a, b, activation, ...(bias && { bias }) }) as Tensor);
    }
  }
});

test('NaN and Infinity spread as on cpu', async () => {
  await expectSameAsCpu(() =>
    tidy(() => {
      const a = tensor2d([NaN, 1, Infinity, 0, 2, -1], [3, 2]);
      const b = tensor2d([0, 1, 2, 3], [2, 2]);
      return matMul(a, b);
    }),
  );
});
