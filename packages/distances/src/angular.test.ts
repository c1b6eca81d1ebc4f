import { testDistance } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { angular } from './angular.ts';

/** By the length of the cross product, which Lagrange's identity gives, over the dot product. */
function oracle(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((total, x, k) => total + x * b[k]!, 0);
  let cross = 0;
  for (let k = 0; k < a.length; k++) for (let l = 0; l < k; l++) cross += (a[k]! * b[l]! - a[l]! * b[k]!) ** 2;
  return dot === 0 && cross === 0 ? Math.PI / 2 : Math.atan2(Math.sqrt(cross), dot);
}

testDistance(
  angular,
  {
    oracle,
    worked: [
      { a: [[0, 0]], b: [[1, 0]], distances: [[Math.PI / 2]] }, // no direction on one side
      {
        a: [[3, 0]],
        b: [
          [5, 0],
          [0, 2],
          [-1, 0],
          [0, 0],
          [1, 1],
          [-1, 1],
        ],
        distances: [[0, Math.PI / 2, Math.PI, Math.PI / 2, Math.PI / 4, (3 * Math.PI) / 4]],
      },
    ],
    scaleInvariant: true,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('keeps its digits where rows nearly oppose', async () => {
  await setBackend('cpu');
  const [a, b] = [Math.fround(1e-4), Math.fround(3e-4)];
  const got = angular()(tensor2d([[1, a]]), tensor2d([[-1, b]])).dataSync()[0]!;
  // π − (a + b), less than 1e-11 away; arccos in float32 has no digit below 3e-4 there.
  expect(Math.abs(Math.PI - got - (a + b))).toBeLessThan(3e-7);
});
