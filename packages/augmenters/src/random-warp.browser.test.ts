import { createRandom } from '@simile/core/random';
import { expect, test } from 'vitest';
import { randomWarp } from './random-warp.ts';

test('randomWarp gives the same numbers in a browser as in Node', () => {
  const data = Uint8Array.from({ length: 49 }, (_, i) => (i * 37) % 256);
  const options = { rotation: 15, logScale: 0.15, shear: 0.2, shift: 2, elastic: { grid: 5, deviation: 0.8 } };
  const { data: got } = randomWarp(options)({ data, shape: [1, 7, 7, 1] }, createRandom(1));
  const wanted = [
    0, 38, 95, 115, 127, 160, 182, 1, 19, 67, 122, 161, 180, 178, 3, 17, 62, 124, 165, 183, 196, 6, 57, 108, 124, 133,
    173, 228, 37, 94, 129, 130, 194, 221, 80, 50, 80, 84, 97, 203, 163, 12, 32, 13, 0, 0, 69, 0, 0,
  ]; // made in Node 24.21 with this code, rounded
  expect(Array.from(got, Math.round)).toEqual(wanted);
});
