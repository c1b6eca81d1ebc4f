import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, variableGrads } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { cosineOf, meanCrossEntropy } from '../test/class-oracle.ts';
import golden from './sub-center-arc-face.golden.json' with { type: 'json' };
import { subCenterArcFace } from './sub-center-arc-face.ts';

interface Options {
  subCenters?: number;
  margin?: number;
  scale?: number;
}

function oracle({ labels, rows, weights }: ClassBatch, { subCenters = 3, margin = 0.5, scale = 64 }: Options): number {
  return meanCrossEntropy(labels, (i, label) => {
    const logits: number[] = [];
    for (let j = 0; j * subCenters < weights.length; j++) {
      const near = weights.slice(j * subCenters, (j + 1) * subCenters).map((weight) => cosineOf(rows[i]!, weight));
      const cosine = Math.min(1, Math.max(...near));
      const angle = Math.acos(cosine) + margin;
      const target = angle < Math.PI ? Math.cos(angle) : cosine - margin * Math.sin(margin);
      logits.push(scale * (j === label ? target : cosine));
    }
    return logits;
  });
}

testClassLoss<Options>(
  'sub-center-arc-face',
  subCenterArcFace,
  {
    oracle,
    rowsPerClass: ({ subCenters = 3 }) => subCenters,
    worked: [
      // Class 0 at 0° and −90°, class 1 at 90° and 180°: the row at 0° is 0° from its class and 90° from the other.
      {
        options: { subCenters: 2, scale: 1, margin: Math.PI / 6 },
        labels: [0],
        rows: [[3, 0]],
        weights: [
          [1, 0],
          [0, -1],
          [0, 1],
          [-1, 0],
        ],
        value: Math.log(1 + Math.exp(-Math.cos(Math.PI / 6))),
      },
    ],
    options: [{}, { subCenters: 2, margin: 1, scale: 4 }],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('sub-center-arc-face trains one of two equal sub-centers, not both', async () => {
  await setBackend('cpu');
  const weights = [
    [1, 0],
    [1, 0],
    [0, 1],
    [0, 1],
  ];
  const loss = subCenterArcFace({ classes: 2, dimension: 2, subCenters: 2, scale: 1, weights });
  const { grads } = variableGrads(() => loss(tensor1d([0]), tensor2d([[3, 1]])));
  const [a, b, c, d] = Object.values(grads)[0]!.arraySync() as number[][];
  expect(Math.abs(a![1]!)).toBeGreaterThan(0.1);
  expect(Math.abs(c![0]!)).toBeGreaterThan(0.1);
  expect([...b!, ...d!].map(Math.abs)).toEqual([0, 0, 0, 0]);
});

test('sub-center-arc-face says what is wrong with an option', () => {
  const make = (options: Options) => () => subCenterArcFace({ classes: 2, dimension: 2, ...options });
  expect(make({ subCenters: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sub-center-arc-face: subCenters must be a whole number of at least 1, but got 0. Leave subCenters out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ margin: 4 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sub-center-arc-face: margin must be a number from 0 to 3.141592653589793, but got 4. Leave margin out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ scale: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sub-center-arc-face: scale must be a finite number above 0, but got 0. Leave scale out to use the default. [ERR_OPTION]]`,
  );
});
