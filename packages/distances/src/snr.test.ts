import { testDistance } from '@simile/testing';
import { test } from 'vitest';
import golden from './snr.golden.json' with { type: 'json' };
import { snr } from './snr.ts';

testDistance(
  snr,
  {
    oracle: (a, b) => {
      const variance = (x: readonly number[]): number => {
        let [sum, squares] = [0, 0];
        for (const value of x) [sum, squares] = [sum + value, squares + value * value];
        return squares / x.length - (sum / x.length) ** 2;
      };
      return variance(a.map((x, k) => x - b[k]!)) / variance(a);
    },
    worked: [
      // var(0, 2) = 1. Differences: (0, 0), (0, −2) of variance 1, (−2, 2) of variance 4.
      {
        a: [[0, 2]],
        b: [
          [0, 2],
          [0, 4],
          [2, 0],
        ],
        distances: [[0, 1, 4]],
      },
      // A constant anchor counts as variance 1e-12: 1 / 1e-12 from a row of variance 1, 0 from another constant.
      {
        a: [[5, 5]],
        b: [
          [5, 7],
          [6, 6],
        ],
        distances: [[1e12, 0]],
      },
    ],
    golden: golden.matrices,
    backends: ['cpu', 'wasm'],
    symmetric: false,
    rotationInvariant: false,
  },
  { test },
);
