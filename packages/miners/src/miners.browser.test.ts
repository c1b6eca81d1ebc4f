import { minerChecks, registerChecks, type MinerOracleInput } from '@simile/testing';
import { selectBackend } from '@simile/core/backend';
import { tensor1d, tensor2d } from '@simile/core/ops';
import { expect, test } from 'vitest';
import { batchHard } from './batch-hard.ts';
import { multiSimilarityMiner } from './multi-similarity-miner.ts';
import { pairMarginMiner } from './pair-margin-miner.ts';

// A GPU made of software compiles every shader anew. Miners either read the distances back, as batchHard does, or compute like one of the
// two others; those stand for all, on a case from paper, every form of labels, tensors left and the gradient. Node runs the oracles.
const backends = ['webgl', 'webgpu'] as const;
const line = {
  labels: [0, 0, 1],
  distances: [
    [0, 2, 3],
    [2, 0, 1],
    [3, 1, 0],
  ],
};
const pairs = {
  positive: [
    [0, 1],
    [1, 0],
  ],
  negative: [
    [1, 2],
    [2, 1],
  ],
} as const;
const few = /paper|labels|behind|gradient|identical/;

test('what reads the distances back refuses webgpu', async () => {
  const { chosen } = await selectBackend({ prefer: 'webgpu' });
  expect(chosen).toBe('webgpu');
  const d = tensor2d(line.distances);
  expect(() => batchHard()(tensor1d(line.labels, 'int32'), d)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: batch-hard: the backend must be one that can be read at once: cpu, wasm or webgl, but got 'webgpu'. Take pairMarginMiner, multiSimilarityMiner or what the loss mines by itself, which stay on the backend, or another backend. [ERR_BACKEND]]`,
  );
});

const suites = {
  'batch-hard': minerChecks(batchHard, {
    worked: [
      {
        ...line,
        mined: {
          triplets: [
            [0, 1, 2],
            [1, 0, 2],
          ],
        },
      },
    ],
    holds: (mined) => ('triplets' in mined ? undefined : 'pairs'),
    backends: ['webgl'],
  }),
  'pair-margin-miner': minerChecks(pairMarginMiner, {
    options: [{ positiveMargin: 1, negativeMargin: 2 }],
    worked: [{ ...line, mined: pairs }],
    oracle: ({ distances, same }: MinerOracleInput) => {
      const list = (wanted: boolean, keep: (d: number) => boolean) =>
        distances.flatMap((row, i) =>
          row.flatMap((d, j) => (same(i, j) === wanted && keep(d) ? [[i, j] as const] : [])),
        );
      return { positive: list(true, (d) => d > 1), negative: list(false, (d) => d < 2) };
    },
    backends,
  }),
  'multi-similarity-miner': minerChecks(multiSimilarityMiner, {
    // Row 2 has no positive; row 0 keeps nothing at 2 against 3, row 1 keeps both, at 2 against 1.
    worked: [{ ...line, mined: { positive: [[1, 0]], negative: [[1, 2]] } }],
    backends,
  }),
};

for (const [id, checks] of Object.entries(suites)) {
  registerChecks(
    id,
    checks.filter(({ name }) => few.test(name)),
    test,
  );
}
