import { testLoss } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';

import { sumOfValid } from '@simile/core';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { asLoss } from '../../test/as-loss.ts';
import golden from './lp.golden.json' with { type: 'json' };
import { lp, type LpOptions } from './lp.ts';

testLoss(
  (options: LpOptions = {}) => asLoss(lp(options)),
  {
    oracle: ({ rows }, { p = 2, power = 1 }) => {
      const norms = rows.map((row) => row.reduce((total, x) => total + Math.abs(x) ** p, 0) ** (power / p));
      return norms.reduce((total, x) => total + x) / norms.length;
    },
    worked: [
      // Lengths 5 and 1; squares 25 and 1; sums of sizes 7 and 1.
      {
        labels: [0, 0],
        rows: [
          [3, 4],
          [0, -1],
        ],
        value: 3,
      },
      {
        options: { power: 2 },
        labels: [0, 0],
        rows: [
          [3, 4],
          [0, -1],
        ],
        value: 13,
      },
      {
        options: { p: 1 },
        labels: [0, 0],
        rows: [
          [3, 4],
          [0, -1],
        ],
        value: 4,
      },
      {
        options: { p: Infinity },
        labels: [0, 0],
        rows: [
          [3, 4],
          [0, -1],
        ],
        value: 2.5,
      },
    ],
    options: [{}, { p: 1 }, { p: 3 }, { power: 2 }, { p: 1.5, power: 1.5 }],
    golden: golden.cases,
    relations: ['class-ids'],
    reference: false,
    rotationInvariant: ({ p = 2 }) => p === 2,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('reduces as told', async () => {
  await setBackend('cpu');
  expect(
    lp({ reduce: sumOfValid })(
      tensor2d([
        [3, 4],
        [0, 1],
      ]),
    ).dataSync()[0],
  ).toBe(6);
});

test('says what is wrong', () => {
  expect(() => lp({ p: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: minkowski: p must be a number from 1 to 1000, but got 0. Leave p out to use the default. [ERR_OPTION]]`,
  );
  expect(() => lp({ power: 0.5 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: lp: power must be a number from 1 to 1000, but got 0.5. Leave power out to use the default. [ERR_OPTION]]`,
  );
  expect(() => lp()(tensor2d([[1]], undefined, 'int32'))).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: lp: rows must be float32, but got 'int32'. Convert with cast('float32'). [ERR_DTYPE]]`,
  );
});
