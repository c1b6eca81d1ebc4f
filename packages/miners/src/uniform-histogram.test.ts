import { testMiner, type MinedPair } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { uniformHistogram, type UniformHistogramOptions } from './uniform-histogram.ts';

const options: UniformHistogramOptions[] = [
  { bins: 4, positivesPerBin: 2, negativesPerBin: 3, seed: 5 },
  { bins: 1, positivesPerBin: 1, negativesPerBin: 1 },
  {},
];

testMiner(
  'uniform-histogram',
  uniformHistogram,
  {
    options,
    holds: (mined, { distances, same }, { bins = 100, positivesPerBin = 10, negativesPerBin = 10 }) => {
      if ('triplets' in mined) return 'triplets';
      const wrong = (wanted: boolean, kept: readonly MinedPair[], most: number): string | undefined => {
        const all = distances.flatMap((row, i) => row.flatMap((d, j) => (same(i, j) === wanted ? [d] : [])));
        const [least, largest] = [Math.min(...all), Math.max(...all)];
        const width = (largest - least) / bins;
        for (let bin = 0; bin < bins; bin++) {
          const inside = (d: number): boolean =>
            (width === 0 ? bin === 0 : d >= least + bin * width && d < least + (bin + 1) * width) ||
            (bin === bins - 1 && width > 0 && d >= least + bin * width);
          const count = all.filter(inside).length;
          const got = kept.filter(([i, j]) => inside(distances[i]![j]!)).length;
          if (got !== Math.min(count, most)) return `bin ${bin} of ${String(wanted)} has ${got} of ${count}`;
        }
        return undefined;
      };
      return wrong(true, mined.positive, positivesPerBin) ?? wrong(false, mined.negative, negativesPerBin);
    },
    worked: [
      // One pair of each kind and distance in a bin: all are kept. Positives at 2 and 2; negatives at 3, 1, 3 and 1.
      {
        labels: [0, 0, 1],
        options: { bins: 2, positivesPerBin: 2, negativesPerBin: 2 },
        distances: [
          [0, 2, 3],
          [2, 0, 1],
          [3, 1, 0],
        ],
        mined: {
          positive: [
            [0, 1],
            [1, 0],
          ],
          negative: [
            [0, 2],
            [1, 2],
            [2, 0],
            [2, 1],
          ],
        },
      },
    ],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('draws anew with each call, each pair of a bin about as often', async () => {
  await setBackend('cpu');
  const miner = uniformHistogram({ bins: 1, negativesPerBin: 1, seed: 3 });
  const labels = tensor1d([0, 1], 'int32');
  const d = tensor2d([
    [0, 1],
    [1, 0],
  ]);
  let first = 0;
  for (let call = 0; call < 400; call++) {
    const { positive, negative } = miner(labels, d);
    first += negative.dataSync()[1]!;
    positive.dispose();
    negative.dispose();
  }
  expect(Math.abs(first - 200)).toBeLessThan(50); // five deviations of a fair coin
});

test('says what is wrong with its options', () => {
  expect(() => uniformHistogram({ bins: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: uniform-histogram: bins must be a whole number of at least 1, but got 0. Leave bins out to use the default. [ERR_OPTION]]`,
  );
  expect(() => uniformHistogram({ seed: 0.5 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: uniform-histogram: seed must be a whole number of at least 0, but got 0.5. Leave seed out to use the default. [ERR_OPTION]]`,
  );
});
