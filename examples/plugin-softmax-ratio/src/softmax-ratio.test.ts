import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { softmaxRatio } from './softmax-ratio.ts';

/** The loss by loops over triplets, in float64. */
function oracle({ rows, columns, same }: LossOracleInput): number {
  const distance = (i: number, j: number): number => Math.hypot(...rows[i]!.map((x, k) => x - columns[j]![k]!));
  const costs: number[] = [];
  for (let a = 0; a < rows.length; a++)
    for (let p = 0; p < columns.length; p++)
      for (let n = 0; n < columns.length; n++)
        if (same(a, p) === true && same(a, n) === false)
          costs.push((1 / (1 + Math.exp(distance(a, n) - distance(a, p)))) ** 2);
  return costs.length === 0 ? 0 : costs.reduce((total, cost) => total + cost, 0) / costs.length;
}

testLoss(
  softmaxRatio,
  {
    oracle,
    worked: [
      // Anchors 0 and 1 are 1 apart, and 3 and 2 from the negative: ((1 / (1 + e²))² + (1 / (1 + e))²) / 2.
      { labels: [0, 0, 1], rows: [[0], [1], [3]], value: (0.11920292 ** 2 + 0.26894142 ** 2) / 2 },
    ],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('says what is wrong with an option', () => {
  assert.throws(() => softmaxRatio({ margin: 1 } as object), {
    message: "softmax-ratio: options are distance, reduce, but got 'margin'. Check the spelling. [ERR_OPTION]",
  });
});
