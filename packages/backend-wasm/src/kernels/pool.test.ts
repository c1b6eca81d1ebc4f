import { avgPool, avgPool3d, grad, maxPool, maxPool3d, mul, sum, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { test } from 'vitest';
import { expectSameAsCpu, random, runs, seeds } from '../../test/both-backends.ts';

const cases = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 4, max: 11 }),
  width: fc.integer({ min: 4, max: 11 }),
  channels: fc.constantFrom(1, 3, 4, 6, 8),
  filter: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pad: fc.constantFrom<'same' | 'valid' | number>('same', 'valid', 1, 2),
  seed: seeds,
});

test('max and average pooling and their gradients equal cpu', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (of) => {
      for (const pool of [maxPool, avgPool]) {
        await expectSameAsCpu(() =>
          tidy(() => {
            const x = random([of.batch, of.height, of.width, of.channels], of.seed);
            const run = (a: Tensor): Tensor4D =>
              pool(a as Tensor4D, of.filter, of.strides, of.pad, typeof of.pad === 'string' ? undefined : 'floor');
            const slope = random(run(x).shape, of.seed + 1);
            return [run(x), grad((a) => sum(mul(run(a), slope)))(x)];
          }),
        );
      }
    }),
    runs,
  );
});

test('of equal values the first gets the gradient, as on cpu; NaN gets none', async () => {
  for (const channels of [1, 4]) {
    for (const values of [
      [1, 1, 1, 1],
      [0, 2, 2, 1],
      [NaN, NaN, NaN, NaN],
      [NaN, 1, 1, NaN],
      [-Infinity, -Infinity, -Infinity, -Infinity],
    ]) {
      await expectSameAsCpu(() =>
        tidy(() => {
          const x = tensor4d(
            values.flatMap((value) => Array<number>(channels).fill(value)),
            [1, 2, 2, channels],
          );
          return grad((a) => sum(maxPool(a as Tensor4D, 2, 1, 'valid')))(x);
        }),
      );
    }
  }
});

test('gradients of three-dimensional pooling, which stock has, equal cpu', async () => {
  for (const pool of [maxPool3d, avgPool3d]) {
    await expectSameAsCpu(() =>
      tidy(() => grad((a) => sum(pool(a as Tensor5D, 2, 2, 'valid')))(random([1, 4, 6, 4, 3], 1))),
    );
  }
});
