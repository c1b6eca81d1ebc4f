import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { cosineOf, meanCrossEntropy } from '../test/class-oracle.ts';
import golden from './cos-face.golden.json' with { type: 'json' };
import { cosFace } from './cos-face.ts';

interface Options {
  margin?: number;
  scale?: number;
}

const oracle = ({ labels, rows, weights }: ClassBatch, { margin = 0.35, scale = 64 }: Options): number =>
  meanCrossEntropy(labels, (i, label) =>
    weights.map((weight, j) => scale * (cosineOf(rows[i]!, weight) - (j === label ? margin : 0))),
  );

testClassLoss<Options>(
  'cos-face',
  cosFace,
  {
    oracle,
    worked: [
      // Cosines 1 and 0: 1 − 0.5 against 0.
      {
        options: { scale: 1, margin: 0.5 },
        labels: [0],
        rows: [[3, 0]],
        weights: [
          [1, 0],
          [0, 2],
        ],
        value: Math.log(1 + Math.exp(-0.5)),
      },
    ],
    options: [{}, { margin: 0.1, scale: 4 }],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('cos-face says what is wrong with an option', () => {
  const make = (options: Options) => () => cosFace({ classes: 2, dimension: 2, ...options });
  expect(make({ margin: -0.1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: cos-face: margin must be a finite number, 0 or more, but got -0.1. Leave margin out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ scale: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: cos-face: scale must be a finite number above 0, but got 0. Leave scale out to use the default. [ERR_OPTION]]`,
  );
});
