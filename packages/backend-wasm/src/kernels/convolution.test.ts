import { conv2d, fused, grads, mul, sum, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { test } from 'vitest';
import { expectClose, expectSameAsCpu, numbers, random, runs, seeds } from '../../test/both-backends.ts';

type Explicit = [[number, number], [number, number], [number, number], [number, number]];

const channels = fc.constantFrom(1, 2, 3, 4, 5, 8, 9, 12, 16, 20);
const cases = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 5, max: 13 }),
  width: fc.integer({ min: 5, max: 13 }),
  inChannels: channels,
  outChannels: channels,
  filterHeight: fc.integer({ min: 1, max: 4 }),
  filterWidth: fc.integer({ min: 1, max: 4 }),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pad: fc.oneof(
    fc.constantFrom<'same' | 'valid'>('same', 'valid'),
    fc.integer({ min: 0, max: 2 }),
    fc.tuple(...[0, 0, 0, 0].map(() => fc.integer({ min: 0, max: 2 }))).map(([top, bottom, left, right]): Explicit => [
      [0, 0],
      [top!, bottom!],
      [left!, right!],
      [0, 0],
    ]),
  ),
  seed: seeds,
});

test('convolutions and both gradients equal cpu for any shape, stride and padding', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (of) => {
      await expectSameAsCpu(() =>
        tidy(() => {
          const x = random([of.batch, of.height, of.width, of.inChannels], of.seed) as Tensor4D;
          const shape = [of.filterHeight, of.filterWidth, of.inChannels, of.outChannels];
          const filter = random(shape, of.seed + 1) as Tensor4D;
          const convolve = (a: Tensor, b: Tensor): Tensor4D =>
            conv2d(
              a as Tensor4D,
              b as Tensor4D,
              of.strides,
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
    { ...runs, numRuns: 120 },
  );
});

const eights = fc.constantFrom(16, 24, 32, 40);
const winogradCases = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  size: fc.tuple(fc.integer({ min: 3, max: 17 }), fc.integer({ min: 3, max: 17 })),
  inChannels: eights,
  outChannels: eights,
  pad: fc.constantFrom<'same' | 'valid' | number>('same', 'valid', 1, 2, 3),
  seed: seeds,
});

test('3 × 3 convolutions after Winograd and both gradients equal cpu', async () => {
  await fc.assert(
    fc.asyncProperty(winogradCases, async ({ batch, size, inChannels, outChannels, pad, seed }) => {
      await expectSameAsCpu(
        () =>
          tidy(() => {
            const x = random([batch, ...size, inChannels], seed) as Tensor4D;
            const filter = random([3, 3, inChannels, outChannels], seed + 1) as Tensor4D;
            const convolve = (a: Tensor, b: Tensor): Tensor4D => conv2d(a as Tensor4D, b as Tensor4D, 1, pad);
            const y = convolve(x, filter);
            const slope = random(y.shape, seed + 2);
            return [y, ...grads((a, b) => sum(mul(convolve(a!, b!), slope)))([x, filter])];
          }),
        5e-6,
      );
    }),
    { ...runs, numRuns: 25 },
  );
});

test('dilated convolutions equal cpu', async () => {
  for (const [dilations, inChannels] of [
    [2, 8],
    [3, 16],
    [[1, 2], 9],
    [2, 3],
  ] as [number | [number, number], number][]) {
    for (const pad of ['same', 'valid'] as const) {
      await expectSameAsCpu(() =>
        tidy(() =>
          conv2d(
            random([2, 11, 12, inChannels], 1) as Tensor4D,
            random([3, 3, inChannels, 10], 2) as Tensor4D,
            1,
            pad,
            'NHWC',
            dilations,
          ),
        ),
      );
    }
  }
});

test('is right where stock wasm is wrong: SAME padding that leaves pixels out', async () => {
  // (out − 1) · stride + filter < in: stock gives XNNPACK another padding than tfjs works out.
  for (const [size, filter, stride] of [
    [9, 2, 3],
    [10, 2, 4],
    [13, 3, 5],
    [7, 3, 4],
  ] as [number, number, number][]) {
    for (const inChannels of [1, 3, 8]) {
      await expectSameAsCpu(() =>
        tidy(() => {
          const x = random([1, size, size, inChannels], 1) as Tensor4D;
          return conv2d(x, random([filter, filter, inChannels, 4], 2) as Tensor4D, stride, 'same');
        }),
      );
    }
  }
});

test('filters beyond one block in depth and width equal a loop in float64', async () => {
  const [height, width, inChannels, outChannels] = [3, 4, 600, 270];
  const x = numbers(height * width * inChannels, 1);
  const filter = numbers(2 * 2 * inChannels * outChannels, 2);
  const wanted = new Float64Array((height - 1) * (width - 1) * outChannels);
  for (let row = 0; row < height - 1; row++) {
    for (let column = 0; column < width - 1; column++) {
      for (let tap = 0; tap < 4; tap++) {
        const pixel = ((row + (tap >> 1)) * width + column + (tap & 1)) * inChannels;
        for (let c = 0; c < inChannels; c++) {
          for (let o = 0; o < outChannels; o++) {
            wanted[(row * (width - 1) + column) * outChannels + o]! +=
              x[pixel + c]! * filter[(tap * inChannels + c) * outChannels + o]!;
          }
        }
      }
    }
  }
  await expectSameAsCpu(() =>
    tidy(() => {
      const y = conv2d(
        random([1, height, width, inChannels], 1) as Tensor4D,
        random([2, 2, inChannels, outChannels], 2) as Tensor4D,
        1,
        'valid',
      );
      expectClose(y.dataSync(), wanted, 2e-6);
      return y;
    }),
  );
});

test('fused convolutions equal cpu, with gradients where tfjs has them', async () => {
  for (const activation of ['linear', 'relu', 'sigmoid'] as const) {
    for (const inChannels of [3, 8]) {
      const bias = tensor1d(numbers(5, 3));
      const filter = random([3, 3, inChannels, 5], 2) as Tensor4D;
      const x = random([2, 6, 7, inChannels], 1) as Tensor4D;
      const convolve = (a: Tensor, b: Tensor, c: Tensor): Tensor4D =>
        fused.conv2d({
          x: a as Tensor4D,
          filter: b as Tensor4D,
          bias: c as Tensor1D,
          strides: 1,
          pad: 'same',
          activation,
        });
      await expectSameAsCpu(() => convolve(x, filter, bias));
      await expectSameAsCpu(() => tidy(() => grads((a, b, c) => sum(convolve(a!, b!, c!)))([x, filter, bias])));
    }
  }
});

test('empty batches give empty results', async () => {
  await expectSameAsCpu(() =>
    tidy(() => conv2d(random([0, 6, 6, 8], 1) as Tensor4D, random([3, 3, 8, 4], 2) as Tensor4D, 1, 'same')),
  );
});
