import { testLoss } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';

import { sumOfValid } from '@simile/core';
import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { asLoss } from '../../test/as-loss.ts';
import golden from './zero-mean.golden.json' with { type: 'json' };
import { zeroMean } from './zero-mean.ts';

testLoss(
  () => asLoss(zeroMean()),
  {
    oracle: ({ rows }) =>
      rows.reduce((total, row) => total + Math.abs(row.reduce((sum, x) => sum + x, 0)) / rows.length, 0),
    worked: [
      {
        labels: [0, 0],
        rows: [
          [3, -4],
          [1, 2],
        ],
        value: 2,
      },
    ], // (1 + 3) / 2
    golden: golden.cases,
    relations: ['class-ids'],
    reference: false,
    rotationInvariant: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('reduces as told, and takes nothing else', async () => {
  await setBackend('cpu');
  expect(
    zeroMean({ reduce: sumOfValid })(
      tensor2d([
        [3, -4],
        [1, 2],
      ]),
    ).dataSync()[0],
  ).toBe(4);
  // @ts-expect-error no such option
  expect(() => zeroMean({ weight: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: zero-mean: options are reduce, but got 'weight'. Check the spelling. [ERR_OPTION]]`,
  );
});
