import { testDistance } from '@simile/testing';
import { test } from 'vitest';
import golden from './manhattan.golden.json' with { type: 'json' };
import { manhattan } from './manhattan.ts';

testDistance(
  manhattan,
  {
    oracle: (a, b) => {
      let total = 0;
      for (let k = 0; k < a.length; k++) total += a[k]! > b[k]! ? a[k]! - b[k]! : b[k]! - a[k]!;
      return total;
    },
    worked: [
      // |3 − 0| + |4 − 0| = 7; |3 − 5| + |4 − 1| = 5
      {
        a: [
          [0, 0],
          [3, 4],
        ],
        distances: [
          [0, 7],
          [7, 0],
        ],
      },
      { a: [[3, 4]], b: [[5, 1]], distances: [[5]] },
    ],
    golden: golden.matrices,
    backends: ['cpu', 'wasm'],
    rotationInvariant: false,
  },
  { test },
);
