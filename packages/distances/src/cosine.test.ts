import { testDistance } from '@simile/testing';
import { test } from 'vitest';
import golden from './cosine.golden.json' with { type: 'json' };
import { cosine } from './cosine.ts';

testDistance(
  cosine,
  {
    oracle: (a, b) => {
      let [product, lengthA, lengthB] = [0, 0, 0];
      for (let k = 0; k < a.length; k++) {
        product += a[k]! * b[k]!;
        lengthA += a[k]! ** 2;
        lengthB += b[k]! ** 2;
      }
      return 1 - product / Math.sqrt(lengthA * lengthB);
    },
    worked: [
      // Same direction 0, right angle 1, opposite 2; no direction 1.
      {
        a: [[3, 0]],
        b: [
          [5, 0],
          [0, 2],
          [-1, 0],
          [0, 0],
        ],
        distances: [[0, 1, 2, 1]],
      },
      // 1 − (3·4 + 4·3) / (5·5) = 1 / 25
      { a: [[3, 4]], b: [[4, 3]], distances: [[0.04]] },
      { a: [[0, 0]], distances: [[1]] },
    ],
    golden: golden.matrices,
    backends: ['cpu', 'wasm'],
    scaleInvariant: true,
  },
  { test },
);
