import { depthwiseConv2d, grads, mul, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { test } from 'vitest';
import { expectSameAsCpu, random, runs, seeds } from '../../test/both-backends.ts';

const cases = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 4, max: 11 }),
  width: fc.integer({ min: 4, max: 11 }),
  channels: fc.constantFrom(1, 3, 4, 7, 8),
  multiplier: fc.integer({ min: 1, max: 3 }),
  filter: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  stride: fc.integer({ min: 1, max: 3 }),
  pad: fc.constantFrom<'same' | 'valid' | number>('same', 'valid', 1),
  seed: seeds,
});

test('depthwise convolutions and both gradients equal cpu', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (of) => {
      await expectSameAsCpu(() =>
        tidy(() => {
          const x = random([of.batch, of.height, of.width, of.channels], of.seed);
          const filter = random([...of.filter, of.channels, of.multiplier], of.seed + 1);
          const convolve = (a: Tensor, b: Tensor): Tensor4D =>
            depthwiseConv2d(
              a as Tensor4D,
              b as Tensor4D,
              of.stride,
              of.pad,
              'NHWC',
              1,
              typeof of.pad === 'string' ? undefined : 'floor',
            );
          const y = convolve(x, filter);
          const slope = random(y.shape, of.seed + 2);
          return [y, ...grads((a, b) => sum(mul(convolve(a!, b!), slope)))([x, filter])];
        }),
      );
    }),
    { ...runs, numRuns: 80 },
  );
});
