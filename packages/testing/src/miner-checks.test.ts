import {
  pairMasks,
  stopGradient,
  withoutGradient,
  type Miner,
  type Pairs,
  type Relation,
  type Triplets,
} from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { add, greater, less, mul, stack, sub, tensor2d, tidy, unstack, type Tensor2D } from '@simile/core/ops';
import { describe, expect, test } from 'vitest';
import { minerChecks, type MinerTest } from './miner-checks.ts';
import type { MinedPair } from './run-miner.ts';

/** Positives farther than 1, negatives nearer than 1.5; `change` breaks it. */
type Change = (kept: Pairs, distances: Tensor2D, labels: Relation) => Pairs | Triplets;

function refuse(distances: Tensor2D, others: Relation | undefined): void {
  const square = distances.shape[0] === distances.shape[1];
  if (distances.rank === 2 && (square || others) && distances.dtype === 'float32') return;
  const code = distances.dtype === 'float32' ? 'ERR_SHAPE' : 'ERR_DTYPE';
  throw new SimileError({ where: 'within', rule: 'distances are wanted', remedy: 'Give them.', code });
}

const within =
  (change: Change = (kept) => kept, checked = true) =>
  (): Miner =>
  (labels, distances, others) => {
    if (checked) refuse(distances, others);
    const result = tidy(() => {
      const masks = pairMasks(labels, distances.shape[0], others && { labels: others, rows: distances.shape[1] });
      const kept = withoutGradient(distances, (d) =>
        stack([mul(masks.positive, greater(d, 1)), mul(masks.negative, less(d, 1.5))]),
      );
      const [positive, negative] = unstack(kept) as [Tensor2D, Tensor2D];
      return change({ kind: 'pairs', positive, negative }, distances, labels) as never;
    });
    return result as Pairs | Triplets;
  };

const minerTest: MinerTest<object> = {
  oracle: ({ distances, same }) => {
    const list = (wanted: boolean, keep: (d: number) => boolean): MinedPair[] =>
      distances.flatMap((row, i) =>
        [...row.keys()].filter((j) => same(i, j) === wanted && keep(row[j]!)).map((j) => [i, j] as const),
      );
    return { positive: list(true, (d) => d > 1), negative: list(false, (d) => d < 1.5) };
  },
  worked: [
    {
      labels: [0, 0, 1],
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
          [1, 2],
          [2, 1],
        ],
      },
    },
  ],
  golden: [
    {
      name: 'nothing near',
      labels: [0, 1],
      distances: [
        [0, 9],
        [9, 0],
      ],
      mined: { positive: [], negative: [] },
    },
  ],
  backends: ['cpu'],
};

async function failing(make: () => Miner, more: Partial<MinerTest<object>> = {}): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  for (const check of minerChecks(make, { ...minerTest, ...more })) {
    const { outcome, detail } = await check.run();
    if (outcome === 'failed') failed.set(check.name, detail);
  }
  return failed;
}

const data = (mask: Tensor2D): Float32Array => mask.dataSync() as Float32Array;
const triplets = (list: readonly (readonly [number, number, number])[]): Triplets => ({
  kind: 'triplets',
  anchors: Int32Array.from(list, ([a]) => a),
  positives: Int32Array.from(list, ([, p]) => p),
  negatives: Int32Array.from(list, ([, , n]) => n),
});
const some: Partial<MinerTest<object>> = { holds: () => undefined };
/** Without an oracle, only what the labels allow is asked for. */
const { oracle: _, ...free } = { ...minerTest, ...some };

const mutants: readonly { what: string; make: () => Miner; test?: MinerTest<object>; seenBy: string }[] = [
  {
    what: 'a margin off by 1 %',
    make: () => (labels, d, others) =>
      within()()(
        labels,
        tidy(() => mul(d, 1.01) as Tensor2D),
        others,
      ),
    seenBy: 'keeps what the oracle says',
  },
  {
    what: 'sides exchanged',
    make: within(({ positive, negative }) => ({ kind: 'pairs', positive: negative, negative: positive })),
    seenBy: 'keeps what paper says, case 1',
  },
  {
    what: 'something kept where nothing is near',
    make: within(({ positive, negative }) => ({ kind: 'pairs', positive, negative: sub(1, negative) as Tensor2D })),
    seenBy: 'keeps what was recorded of nothing near',
  },
  {
    what: 'a mask that is no mask',
    make: within(({ positive, negative }) => ({ kind: 'pairs', positive: mul(positive, 2) as Tensor2D, negative })),
    seenBy: 'keeps what the oracle says',
  },
  {
    what: 'triplets that are none',
    make: within(() => triplets([[0, 1, 1]])),
    test: { ...free, worked: [], golden: [] },
    seenBy: 'keeps what it may',
  },
  {
    what: 'rows beyond the last',
    make: within(() => triplets([[0, 1, 99]])),
    test: { ...free, worked: [], golden: [] },
    seenBy: 'keeps what it may',
  },
  {
    what: 'a draw beyond its bounds',
    make: within(),
    test: { ...free, holds: () => 'a pair is too far' },
    seenBy: 'keeps what it may',
  },
  {
    what: 'a draw without a seed',
    make: within(({ positive, negative }) => {
      const kept = data(negative).map((x) => (Math.random() < 0.5 ? x : 0));
      return { kind: 'pairs', positive, negative: tensor2d(kept, negative.shape) };
    }),
    test: { ...free, worked: [], golden: [] },
    seenBy: 'keeps the same from the same options',
  },
  {
    what: 'the first row favoured',
    make: within(({ positive, negative }) => ({
      kind: 'pairs',
      positive,
      negative: tensor2d(
        data(negative).map((x, at) => (at < negative.shape[1] ? 0 : x)),
        negative.shape,
      ),
    })),
    seenBy: 'does not depend on the order of rows',
  },
  {
    what: 'a tensor left behind',
    make: () => {
      const miner = within()();
      return (labels, d, others) => {
        tensor2d([[1]]);
        return miner(labels, d, others);
      };
    },
    seenBy: 'leaves no tensor behind',
  },
  {
    what: 'masks on the tape',
    make: within(({ positive, negative }, d) => ({
      kind: 'pairs',
      positive: add(positive, sub(d, stopGradient(d))) as Tensor2D,
      negative,
    })),
    test: {
      ...free,
      worked: [],
      golden: [],
    },
    seenBy: 'is outside the gradient',
  },
  { what: 'no look at its input', make: within(undefined, false), seenBy: 'refuses distances of whole numbers' },
  {
    what: 'class ids only',
    make: () => (labels, d, others) => {
      if ('kind' in labels) return triplets([]);
      return within()()(labels, d, others);
    },
    seenBy: 'takes every form of labels',
  },
];

describe('minerChecks', () => {
  test('all pass for a miner that is right', async () => {
    expect(await failing(within())).toEqual(new Map());
  });

  test.each(mutants)('notice $what', async ({ make, test: minerChecksTest, seenBy }) => {
    const failed = new Map<string, string>();
    for (const check of minerChecks(make, minerChecksTest ?? minerTest)) {
      const { outcome, detail } = await check.run();
      if (outcome === 'failed') failed.set(check.name, detail);
    }
    expect([...failed.keys()]).toContain(seenBy);
  });
});
