import { testDistance } from '@simile/testing';
import { test } from 'vitest';
import golden from './inner-product.golden.json' with { type: 'json' };
import { innerProduct } from './inner-product.ts';

testDistance(
  innerProduct,
  {
    oracle: (a, b) => {
      let total = 0;
      for (let k = 0; k < a.length; k++) total -= a[k]! * b[k]!;
      return total;
    },
    worked: [
      // −(1·3 + 2·4) = −11; −(1·0 − 2·1) = 2
      {
        a: [[1, 2]],
        b: [
          [3, 4],
          [0, -1],
        ],
        distances: [[-11, 2]],
      },
    ],
    golden: golden.matrices,
    backends: ['cpu', 'wasm'],
    zeroForEqualRows: false,
    nonNegative: false,
  },
  { test },
);
