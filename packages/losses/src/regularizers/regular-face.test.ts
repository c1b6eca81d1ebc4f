import { testLoss } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';

import { innerProduct } from '@simile/distances';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { asLoss } from '../../test/as-loss.ts';
import { cosineOf } from '../../test/class-oracle.ts';
import golden from './regular-face.golden.json' with { type: 'json' };
import { regularFace } from './regular-face.ts';

testLoss(
  () => asLoss(regularFace()),
  {
    // A lone row has nothing to be near to.
    oracle: ({ rows }) =>
      rows.length === 1
        ? 0
        : rows.reduce((total, row, i) => {
            const others = rows.filter((_, j) => j !== i);
            return total + Math.max(...others.map((other) => cosineOf(row, other))) / rows.length;
          }, 0),
    worked: [
      {
        labels: [0, 0, 0],
        rows: [
          [1, 0],
          [0, 2],
          [3, 4],
        ],
        value: (0.6 + 0.8 + 0.8) / 3,
      },
    ],
    golden: golden.cases,
    relations: ['class-ids'],
    reference: false,
    nonNegative: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('takes another similarity', async () => {
  await setBackend('cpu');
  // Products: 1·3 = 3 and 2·4 = 8, 8.
  const got = regularFace({ distance: innerProduct(), center: 0 })(
    tensor2d([
      [1, 0],
      [0, 2],
      [3, 4],
    ]),
  ).dataSync()[0];
  expect(got).toBeCloseTo((3 + 8 + 8) / 3, 5);
});

test('says what is wrong', () => {
  expect(() => regularFace({ center: Number.NaN })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: regular-face: center must be a finite number, but got NaN. Leave center out to use the default. [ERR_OPTION]]`,
  );
});
