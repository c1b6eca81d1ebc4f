import { testDistance } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { test } from 'vitest';
import { hamming } from './hamming.ts';

testDistance(
  hamming,
  {
    oracle: (a, b) => a.map((x, k) => Math.abs(x - b[k]!)).reduce((total, x) => total + x) / a.length,
    worked: [
      // Of four places, rows 0 and 1 differ at two, 0 and 2 at all, 1 and 2 at two.
      {
        a: [
          [0, 1, 1, 0],
          [1, 1, 0, 0],
          [1, 0, 0, 1],
        ],
        distances: [
          [0, 0.5, 1],
          [0.5, 0, 0.5],
          [1, 0.5, 0],
        ],
      },
    ],
    rotationInvariant: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);
