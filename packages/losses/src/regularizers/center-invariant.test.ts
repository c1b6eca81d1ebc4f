import { testLoss } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';

import { sumOfValid } from '@simile/core';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { asLoss } from '../../test/as-loss.ts';
import golden from './center-invariant.golden.json' with { type: 'json' };
import { centerInvariant } from './center-invariant.ts';

testLoss(
  () => asLoss(centerInvariant()),
  {
    oracle: ({ rows }) => {
      const squares = rows.map((row) => row.reduce((sum, x) => sum + x * x, 0));
      const mean = squares.reduce((total, x) => total + x) / squares.length;
      return squares.reduce((total, x) => total + (x - mean) ** 2 / 4, 0) / squares.length;
    },
    worked: [
      {
        labels: [0, 0],
        rows: [
          [1, 0],
          [0, 3],
        ],
        value: 4,
      },
    ], // squares 1 and 9, mean 5: 4² / 4 each
    golden: golden.cases,
    relations: ['class-ids'],
    reference: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('reduces as told, and takes nothing else', async () => {
  await setBackend('cpu');
  expect(
    centerInvariant({ reduce: sumOfValid })(
      tensor2d([
        [1, 0],
        [0, 3],
      ]),
    ).dataSync()[0],
  ).toBe(8);
  // @ts-expect-error no such option
  expect(() => centerInvariant({ weight: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: center-invariant: options are reduce, but got 'weight'. Check the spelling. [ERR_OPTION]]`,
  );
});
