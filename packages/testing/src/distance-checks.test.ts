import { defineDistance, safeSqrt, stopGradient, type Distance } from '@simile/core';
import {
  abs,
  add,
  expandDims,
  keep,
  matMul,
  maximum,
  mul,
  range,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';
import { describe, expect, test } from 'vitest';
import { distanceChecks, type DistanceTest } from './distance-checks.ts';

const differences = (a: Tensor2D, b: Tensor2D): Tensor => sub(expandDims(a, 1), expandDims(b, 0));
const euclid = (a: Tensor2D, b: Tensor2D): Tensor => safeSqrt(sum(square(differences(a, b)), 2));
const make = (formula: (a: Tensor2D, b: Tensor2D) => Tensor) => (): Distance =>
  defineDistance('euclid', formula as (a: Tensor2D, b: Tensor2D) => Tensor2D);

const distanceTest: DistanceTest = {
  oracle: (a, b) => Math.hypot(...a.map((x, k) => x - b[k]!)),
  worked: [
    {
      a: [
        [0, 0],
        [3, 4],
      ],
      distances: [
        [0, 5],
        [5, 0],
      ],
    },
  ],
  golden: [{ name: 'itself', a: [[0, 0]], b: [[6, 8]], distances: [10] }],
  backends: ['cpu'],
};

async function failing(factory: () => Distance, more: Partial<DistanceTest> = {}): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  for (const check of distanceChecks(factory, { ...distanceTest, ...more })) {
    const { outcome, detail } = await check.run();
    if (outcome === 'failed') failed.set(check.name, detail);
  }
  return failed;
}

const expanded = (a: Tensor2D, b: Tensor2D): Tensor => {
  const squares = add(sum(square(a), 1, true), transpose(sum(square(b), 1, true)));
  return safeSqrt(maximum(sub(squares, mul(2, matMul(a, b, false, true))), 0));
};

const mutants: readonly { what: string; factory: () => Distance; more?: Partial<DistanceTest>; seenBy: string[] }[] = [
  {
    what: 'the wrong axis',
    factory: make((a, b) => transpose(euclid(a, b))),
    seenBy: ['agrees with the oracle'],
  },
  {
    what: 'a scale off by 0.1 %',
    factory: make((a, b) => mul(1.001, euclid(a, b))),
    seenBy: [
      'gives the matrix worked out on paper, case 1',
      'gives the recorded numbers of itself',
      'agrees with the oracle',
    ],
  },
  {
    what: 'digits lost near 0',
    factory: make(expanded),
    seenBy: ['keeps its digits where rows nearly agree'],
  },
  {
    what: 'equal rows that are not at 0',
    factory: make((a, b) => sqrt(add(square(euclid(a, b)), 1e-12))),
    seenBy: ['puts equal rows at distance 0, with gradient 0'],
  },
  {
    what: 'a gradient that is NaN where rows coincide',
    factory: make((a, b) => sqrt(sum(square(differences(a, b)), 2))),
    seenBy: ['is finite, and so is its gradient: identical rows', 'puts equal rows at distance 0, with gradient 0'],
  },
  {
    what: 'a kept tensor',
    factory: make((a, b) => add(euclid(a, b), keep(scalar(0)))),
    seenBy: ['leaves no tensor behind'],
  },
  {
    what: 'a distance that hangs on which side is which',
    factory: make((a, b) => add(euclid(a, b), mul(0.1, sum(abs(a), 1, true)))),
    seenBy: ['is symmetric', 'agrees with the oracle'],
  },
  { what: 'distances below 0', factory: make((a, b) => sub(euclid(a, b), 1)), seenBy: ['is never below 0'] },
  {
    what: 'coordinates that do not count alike',
    factory: make((a, b) => safeSqrt(sum(mul(square(differences(a, b)), add(1, mul(0.01, range(0, a.shape[1]!)))), 2))),
    seenBy: ['does not change when all rows are turned'],
  },
  {
    what: 'a length that matters where it must not',
    factory: make(euclid),
    more: { scaleInvariant: true },
    seenBy: ['does not depend on the length of rows'],
  },
  {
    what: 'a side without a gradient',
    factory: make((a, b) => euclid(a, stopGradient(b))),
    seenBy: ['gradient agrees with differences of the oracle'],
  },
  {
    what: 'a second matrix that is not looked at',
    factory: make((a) => euclid(a, a)),
    seenBy: ['gives the recorded numbers of itself'],
  },
  {
    what: 'input that is not checked',
    factory: () =>
      Object.defineProperties((a: Tensor2D, b: Tensor2D = a) => tidy(() => euclid(a, b)), {
        name: { value: 'euclid' },
        metric: { value: 'euclid' },
      }) as unknown as Distance,
    seenBy: ['refuses no rows', 'refuses whole numbers'],
  },
  {
    what: 'a name that no registry takes',
    factory: () => defineDistance('L2 Distance', euclid as (a: Tensor2D, b: Tensor2D) => Tensor2D),
    seenBy: ['has an id and a metric'],
  },
];

describe('distanceChecks', () => {
  test('passes a distance that is right', async () => {
    expect(await failing(make(euclid))).toEqual(new Map());
  });

  test.each(mutants)('sees $what', async ({ factory, more, seenBy }) => {
    const failed = await failing(factory, more);
    expect([...failed.keys()]).toEqual(expect.arrayContaining(seenBy));
  });

  test('says the rows that broke it', async () => {
    const failed = await failing(mutants[1]!.factory);
    expect(failed.get('gives the matrix worked out on paper, case 1')).toMatchInlineSnapshot(
      `"the matrix at 1 of 4 is 5.005000114440918 in place of 5; a [[0,0],[3,4]]"`,
    );
  });
});
