import { testMiner, type GoldenMiner, type Mined, type MinerOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { angularMiner, type AngularMinerOptions } from './angular-miner.ts';
import golden from './angular-miner.golden.json' with { type: 'json' };

/** The median of a triangle by Apollonius, from squared sides. */
function oracle({ distances, same }: MinerOracleInput, options: AngularMinerOptions): Mined {
  const { angle = Math.PI / 9, metric = 'euclidean' } = options;
  const squared = (d: number): number => (metric === 'euclidean' ? d * d : metric === 'cosine' ? 2 * d : d);
  const triplets: [number, number, number][] = [];
  distances.forEach((row, a) =>
    row.forEach((_, p) =>
      row.forEach((__, n) => {
        if (same(a, p) !== true || same(a, n) !== false) return;
        const [ap, an, pn] = [squared(row[p]!), squared(row[n]!), squared(distances[p]![n]!)];
        const median = (2 * an + 2 * pn - ap) / 4;
        const tangent = Math.sqrt(ap) / (2 * Math.sqrt(Math.max(0, median)));
        if (ap > 0 && Math.atan(tangent) > angle) triplets.push([a, p, n]);
      }),
    ),
  );
  return { triplets };
}

testMiner(
  'angular-miner',
  angularMiner,
  {
    oracle,
    reference: false,
    options: [{}, { angle: 0.6 }, { angle: 0.5, metric: 'squared-euclidean' }, { angle: 0.7, metric: 'cosine' }],
    worked: [
      // (−1, 0), (1, 0) of one class, (0, ½) and (0, 3) of another. arctan(2 / (2·½)) = 63.4°, arctan(2 / 6) = 18.4°.
      // From the second class: d_ap = 2.5, middle (0, 1.75), at √(1 + 1.75²) = 2.0156: arctan(2.5 / 4.0311) = 31.8°.
      {
        labels: [0, 0, 1, 1],
        options: { angle: Math.PI / 4 },
        distances: [
          [0, 2, Math.sqrt(1.25), Math.sqrt(10)],
          [2, 0, Math.sqrt(1.25), Math.sqrt(10)],
          [Math.sqrt(1.25), Math.sqrt(1.25), 0, 2.5],
          [Math.sqrt(10), Math.sqrt(10), 2.5, 0],
        ],
        mined: {
          triplets: [
            [0, 1, 2],
            [1, 0, 2],
          ],
        },
      },
    ],
    golden: golden.cases as unknown as GoldenMiner<AngularMinerOptions>[],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('keeps a triplet whose negative is the middle, and none of one point', async () => {
  await setBackend('cpu');
  const d = tensor2d([
    [0, 2, 1],
    [2, 0, 1],
    [1, 1, 0],
  ]);
  const labels = tensor1d([0, 0, 1], 'int32');
  expect([...angularMiner({ angle: 1.5 })(labels, d).anchors]).toEqual([0, 1]);
  const zeros = tensor2d(new Float32Array(9), [3, 3]);
  expect([...angularMiner({ angle: 0 })(labels, zeros).anchors]).toEqual([]);
});

test('says what is wrong with its options, and with a reference', () => {
  expect(() => angularMiner({ angle: 40 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: angular-miner: angle must be a number from 0 to 1.5707963267948966, but got 40. Leave angle out to use the default. [ERR_OPTION]]`,
  );
  // @ts-expect-error a distance that tells no Euclidean one
  expect(() => angularMiner({ metric: 'manhattan' })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: angular-miner: metric must be one of 'euclidean', 'squared-euclidean', 'cosine', but got 'manhattan'. Leave metric out to use the default. [ERR_OPTION]]`,
  );
  const labels = tensor1d([0, 0]);
  const d = tensor2d([
    [0, 1],
    [1, 0],
  ]);
  expect(() => angularMiner()(labels, d, labels)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: angular-miner: a batch must be compared with itself, not with a reference. Leave the reference out, or take another miner. [ERR_OPTION]]`,
  );
});
