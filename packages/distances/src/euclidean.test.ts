import { testDistance } from '@simile/testing';
import { test } from 'vitest';
import golden from './euclidean.golden.json' with { type: 'json' };
import { euclidean } from './euclidean.ts';

testDistance(
  euclidean,
  {
    oracle: (a, b) => Math.hypot(...a.map((x, k) => x - b[k]!)),
    worked: [
      // √(3² + 4²) = 5; √(2² + 3²) = √13
      {
        a: [
          [0, 0],
          [3, 4],
        ],
        distances: [
          [0, 5],
          [5, 0],
        ],
      },
      {
        a: [[3, 4]],
        b: [
          [1, 1],
          [3, 4],
        ],
        distances: [[Math.sqrt(13), 0]],
      },
    ],
    golden: golden.matrices,
    backends: ['cpu', 'wasm'],
  },
  { test },
);
