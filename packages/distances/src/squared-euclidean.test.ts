import { testDistance } from '@simile/testing';
import { test } from 'vitest';
import golden from './squared-euclidean.golden.json' with { type: 'json' };
import { squaredEuclidean } from './squared-euclidean.ts';

testDistance(
  squaredEuclidean,
  {
    oracle: (a, b) => {
      let total = 0;
      for (let k = 0; k < a.length; k++) total += (a[k]! - b[k]!) * (a[k]! - b[k]!);
      return total;
    },
    worked: [
      // (3 − 0)² + (4 − 0)² = 25; (3 − 1)² + (4 − 1)² = 13
      {
        a: [
          [0, 0],
          [3, 4],
        ],
        distances: [
          [0, 25],
          [25, 0],
        ],
      },
      {
        a: [[3, 4]],
        b: [
          [1, 1],
          [3, 4],
        ],
        distances: [[13, 0]],
      },
    ],
    golden: golden.matrices,
    backends: ['cpu', 'wasm'],
  },
  { test },
);
