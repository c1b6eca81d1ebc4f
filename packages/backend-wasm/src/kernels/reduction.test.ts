import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectSameAsCpu, numbers, random, runs, seeds } from '../../test/both-backends.ts';

const cases = fc.record({
  axes: fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), { minLength: 1, maxLength: 5 }),
  keepDims: fc.boolean(),
  seed: seeds,
});

test('sums and means along any axes equal cpu, with their gradients', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ axes, keepDims, seed }) => {
      const shape = axes.map(([size]) => size);
      const along = axes.flatMap(([, reduced], axis) => (reduced ? [axis] : []));
      for (const reduce of [tf.sum, tf.mean]) {
        await expectSameAsCpu(() =>
          tf.tidy(() => {
            const x = random(shape, seed);
            const y = reduce(x, along, keepDims);
            const slope = random(y.shape, seed + 1);
            return [y, tf.grad((a) => tf.sum(tf.mul(reduce(a, along, keepDims), slope)))(x)];
          }),
        );
      }
    }),
    { ...runs, numRuns: 100 },
  );
});

test('empty tensors, scalars, int32 and bool sum as on cpu', async () => {
  await expectSameAsCpu(() =>
    tf.tidy(() => [tf.sum(tf.zeros([0, 3]), 0), tf.sum(tf.zeros([3, 0]), 1), tf.sum(tf.scalar(4))]),
  );
  await expectSameAsCpu(() =>
    tf.tidy(() => [tf.sum(tf.tensor1d([1, 2], 'int32')), tf.sum(tf.tensor1d([1, 1], 'bool'))]),
  );
});

test('long sums keep their digits: nearer than 1e-6 to a sum in float64', async () => {
  const rows = 60_000;
  const x = numbers(rows * 6, 3).map((value) => value + 1);
  const wanted = new Float64Array(6);
  for (const [i, value] of x.entries()) wanted[i % 6]! += value;
  const total = wanted.reduce((a, b) => a + b);
  await expectSameAsCpu(() =>
    tf.tidy(() => {
      const t = tf.tensor2d(x, [rows, 6]);
      const columns = tf.sum(t, 0);
      for (const [i, value] of columns.dataSync().entries())
        expect(Math.abs(value / wanted[i]! - 1)).toBeLessThan(1e-6);
      expect(Math.abs(tf.sum(t).dataSync()[0]! / total - 1)).toBeLessThan(1e-6);
      return [columns, tf.mean(t)];
    }),
  );
});

test('the gradient of gathering, a sum by segment, equals cpu', async () => {
  for (const inner of [[], [1], [3], [4], [2, 5]]) {
    await expectSameAsCpu(() =>
      tf.tidy(() => {
        const table = random([6, ...inner], 1);
        const ids = tf.tensor1d([0, 5, 5, 2, 0, 1, 5], 'int32');
        const slope = random([7, ...inner], 2);
        return [tf.unsortedSegmentSum(slope, ids, 7), tf.grad((t) => tf.sum(tf.mul(tf.gather(t, ids), slope)))(table)];
      }),
    );
  }
});

test('ids outside of the segments are left out, as on cpu', async () => {
  await expectSameAsCpu(() =>
    tf.tidy(() => tf.unsortedSegmentSum(random([4, 2], 1), tf.tensor1d([-1, 0, 3, 9], 'int32'), 3)),
  );
});

test('repeats equal cpu, along one axis, some or all, and those of other sizes', async () => {
  for (const [shape, reps] of [
    [[1], [7]],
    [
      [1, 1],
      [5, 6],
    ],
    [
      [4, 1],
      [1, 9],
    ],
    [
      [1, 6],
      [3, 1],
    ],
    [
      [2, 1, 1, 3],
      [1, 4, 5, 1],
    ],
    [
      [1, 2, 1],
      [3, 1, 4],
    ],
    [
      [2, 3],
      [2, 2],
    ],
    [
      [1, 3],
      [0, 1],
    ],
    [
      [2, 3],
      [1, 1],
    ],
  ] as const) {
    await expectSameAsCpu(() => tf.tidy(() => tf.tile(random(shape, 1), [...reps])));
  }
  await expectSameAsCpu(() => tf.tidy(() => tf.tile(tf.tensor1d([3], 'int32'), [4])));
});
