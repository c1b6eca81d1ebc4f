import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, valueAndGrad } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { cosineOf, meanCrossEntropy } from '../test/class-oracle.ts';
import golden from './arc-face.golden.json' with { type: 'json' };
import { arcFace } from './arc-face.ts';

interface Options {
  margin?: number;
  scale?: number;
}

const oracle = ({ labels, rows, weights }: ClassBatch, { margin = 0.5, scale = 64 }: Options): number =>
  meanCrossEntropy(labels, (i, label) =>
    weights.map((weight, j) => {
      const cosine = Math.min(1, Math.max(-1, cosineOf(rows[i]!, weight)));
      if (j !== label) return scale * cosine;
      const angle = Math.acos(cosine) + margin;
      return scale * (angle < Math.PI ? Math.cos(angle) : cosine - margin * Math.sin(margin));
    }),
  );

const axes = [
  [1, 0],
  [0, 2],
];

testClassLoss<Options>(
  'arc-face',
  arcFace,
  {
    oracle,
    worked: [
      // θ = 0 to the own weight, 90° to the other: cos 30° against 0.
      {
        options: { scale: 1, margin: Math.PI / 6 },
        labels: [0],
        rows: [[3, 0]],
        weights: axes,
        value: Math.log(1 + Math.exp(-Math.cos(Math.PI / 6))),
      },
      // θ = 180° to the own weight: past π, so −1 − m sin m against 0.
      {
        options: { scale: 2, margin: Math.PI / 2 },
        labels: [0],
        rows: [[-3, 0]],
        weights: axes,
        value: Math.log(1 + Math.exp(2 * (1 + Math.PI / 2))),
      },
    ],
    options: [{}, { margin: 1.2, scale: 4 }],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

test('arc-face sees an angle too small for its cosine, and pulls on it', () => {
  // θ = 1e-4: cos θ = 1 − 5e-9 is 1 in float32. The slope by θ is s sin(θ + m) times the share of the other class.
  const angle = 1e-4;
  const [scale, margin] = [2, 0.5];
  const loss = arcFace({ classes: 2, dimension: 2, scale, margin, weights: axes });
  const { value, grad } = valueAndGrad((x) => loss(tensor1d([0]), x as never))(
    tensor2d([[Math.cos(angle), Math.sin(angle)]]),
  );
  const [own, other] = [scale * Math.cos(angle + margin), scale * Math.sin(angle)];
  const share = Math.exp(other) / (Math.exp(own) + Math.exp(other));
  expect(value.dataSync()[0]! / Math.log(1 + Math.exp(other - own))).toBeCloseTo(1, 5);
  expect(grad.dataSync()[1]! / (share * scale * (Math.sin(angle + margin) + Math.cos(angle)))).toBeCloseTo(1, 4);
});

test('arc-face says what is wrong with an option', () => {
  const make = (options: Options) => () => arcFace({ classes: 2, dimension: 2, ...options });
  expect(make({ margin: -0.1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: arc-face: margin must be a number from 0 to 3.141592653589793, but got -0.1. Leave margin out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ margin: 28.6 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: arc-face: margin must be a number from 0 to 3.141592653589793, but got 28.6. Leave margin out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ scale: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: arc-face: scale must be a finite number above 0, but got 0. Leave scale out to use the default. [ERR_OPTION]]`,
  );
});
