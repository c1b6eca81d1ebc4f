import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { test } from 'vitest';
import { cosineOf, meanCrossEntropy } from '../test/class-oracle.ts';
import golden from './normalized-softmax.golden.json' with { type: 'json' };
import { normalizedSoftmax } from './normalized-softmax.ts';

interface Options {
  temperature?: number;
}

const oracle = ({ labels, rows, weights }: ClassBatch, { temperature = 0.05 }: Options): number =>
  meanCrossEntropy(labels, (i) => weights.map((weight) => cosineOf(rows[i]!, weight) / temperature));

testClassLoss<Options>(
  'normalized-softmax',
  normalizedSoftmax,
  {
    oracle,
    worked: [
      // Cosines 1 and 0 of the first row, 0 and 1 of the second: log(1 + e^−1) and log(1 + e).
      {
        options: { temperature: 1 },
        labels: [0, 0],
        rows: [
          [3, 0],
          [0, 5],
        ],
        weights: [
          [1, 0],
          [0, 2],
        ],
        value: (Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.E)) / 2,
      },
    ],
    options: [{}, { temperature: 0.5 }],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);
