import {
  classIds,
  defineLoss,
  l2Normalize,
  meanOfValid,
  pointers,
  rowHasAny,
  stopGradient,
  type Loss,
} from '@simile/core';
import { SimileError } from '@simile/core/errors';
import {
  add,
  div,
  keep,
  logSumExp,
  matMul,
  mean,
  mul,
  norm,
  onesLike,
  reshape,
  scalar,
  slice,
  sub,
  sum,
  tensor2d,
  variable,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import { describe, expect, test } from 'vitest';
import { classLossChecks, type ClassLossTest, type GivenWeights } from './class-loss-checks.ts';

interface Options {
  readonly margin?: number;
}

/** The parts of a softmax over cosines with a margin, so that each can be broken alone. */
const parts = {
  unit: l2Normalize as (x: Tensor2D) => Tensor2D,
  weights: (weights: Tensor2D): Tensor2D => weights,
  margin: (margin: number): number => margin,
  valid: (own: Tensor2D): Tensor1D => rowHasAny(own),
  ids: classIds,
  finish: (value: Tensor, _x: Tensor2D, _weights: Tensor2D): Tensor => value,
  dispose: (free: () => void): void => free(),
  checkReference: true,
};
type Parts = typeof parts;

const refuse = (code: 'ERR_SHAPE' | 'ERR_OPTION', rule: string): never => {
  throw new SimileError({ where: 'margin-softmax', rule, remedy: 'Look again.', code });
};

function marginSoftmax(broken: Partial<Parts> = {}): (options: Options & GivenWeights) => Loss {
  const { unit, weights: seen, margin: taken, valid, ids, finish, dispose, checkReference } = { ...parts, ...broken };
  return ({ margin = 0.5, classes, dimension, weights: given }) => {
    const start = tensor2d(given.map((row) => [...row]));
    const weights = variable(start);
    start.dispose();
    return defineLoss(
      'margin-softmax',
      { margin },
      (labels, x, reference) => {
        if (reference && checkReference) refuse('ERR_OPTION', 'there must be no reference');
        if (x.shape[1] !== dimension) refuse('ERR_SHAPE', 'rows must be as wide as the weights');
        const own = pointers(ids('margin-softmax', labels, x.shape[0]), classes) as Tensor2D;
        const w = seen(weights as unknown as Tensor2D);
        const logits = sub(matMul(unit(x), unit(w), false, true), mul(own, taken(margin))) as Tensor2D;
        const costs = sub(logSumExp(logits, 1), sum(mul(logits, own), 1)) as Tensor1D;
        return finish(meanOfValid(costs, valid(own)), x, w) as Scalar;
      },
      { variables: [weights], dispose: () => dispose(() => weights.dispose()) },
    );
  };
}

const classLossTest: ClassLossTest<Options> = {
  oracle: ({ labels, rows, weights }, { margin = 0.5 }) => {
    const length = (row: readonly number[]): number => Math.sqrt(row.reduce((total, x) => total + x * x, 0));
    let total = 0;
    labels.forEach((label, i) => {
      const row = rows[i]!;
      const logits = weights.map((weight, j) => {
        const dot = weight.reduce((sum, x, k) => sum + x * row[k]!, 0);
        return dot / (length(weight) * length(row)) - (j === label ? margin : 0);
      });
      total += Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)) - logits[label]!;
    });
    return total / labels.length;
  },
  // Cosines 1 and 0, and the margin takes 1 from the own.
  worked: [
    {
      options: { margin: 1 },
      labels: [0],
      rows: [[2, 0]],
      weights: [
        [1, 0],
        [0, 3],
      ],
      value: Math.log(2),
    },
  ],
  golden: [
    {
      name: 'itself',
      options: { margin: 0 },
      labels: [0],
      rows: [[0, 1]],
      weights: [
        [1, 0],
        [-1, 0],
      ],
      value: Math.log(2),
      // Halves of the direction to the other weight less that to the own.
      gradient: [-1, 0],
      weightsGradient: [0, -0.5, 0, 0.5],
    },
  ],
  options: [{}, { margin: 0.2 }],
  backends: ['cpu'],
};

/** Names of the checks that fail, without options. */
async function failing(make: (options: Options & GivenWeights) => Loss): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  for (const check of classLossChecks(make, classLossTest)) {
    const { outcome, detail } = await check.run();
    expect(outcome).not.toBe('skipped');
    if (outcome === 'failed') failed.set(check.name.replace(/ \(margin.*\)$/, ''), detail);
  }
  return failed;
}

const GRADIENTS = 'gradients by rows and by weights agree with differences of the oracle';

const mutants: readonly {
  readonly what: string;
  readonly broken: Partial<Parts>;
  readonly seenBy: readonly string[];
}[] = [
  {
    what: 'a margin off by 1 %',
    broken: { margin: (margin) => margin * 1.01 },
    seenBy: ['gives the value worked out on paper, case 1', 'agrees with the oracle'],
  },
  {
    what: 'rows that are not normalised',
    broken: { unit: (x) => x },
    seenBy: ['gives the value worked out on paper, case 1', 'agrees with the oracle'],
  },
  {
    what: 'weights that are not trained',
    broken: { weights: (weights) => add(stopGradient(weights), mul(weights, 0)) },
    seenBy: [GRADIENTS, 'gives the recorded numbers of itself'],
  },
  {
    what: 'a gradient that is NaN for rows and weights of zeros',
    broken: { unit: (x) => div(x, norm(x, 2, 1, true)) as Tensor2D },
    seenBy: [
      'is finite, and so are its gradients: rows of zeros only',
      'is finite, and so are its gradients: weights of zeros',
    ],
  },
  {
    what: 'rows without a class that count',
    broken: { valid: (own) => onesLike(rowHasAny(own)) },
    seenBy: ['takes rows without a class out'],
  },
  {
    what: 'class ids in a column refused',
    broken: {
      ids: (where, labels, rows) =>
        'rank' in labels && labels.rank === 2
          ? refuse('ERR_SHAPE', 'labels must be flat')
          : classIds(where, labels, rows),
    },
    seenBy: ['takes every form of class ids'],
  },
  {
    what: 'labels that are no class ids taken',
    broken: {
      ids: (where, labels, rows) =>
        'kind' in labels
          ? (reshape(slice((labels as never as { matrix: Tensor2D }).matrix, [0, 0], [rows, 1]), [rows]) as Tensor1D)
          : classIds(where, labels, rows),
    },
    seenBy: ['refuses labels that are no class ids'],
  },
  { what: 'a reference that is not looked at', broken: { checkReference: false }, seenBy: ['refuses a reference'] },
  {
    what: 'a value that hangs on the first row',
    broken: { finish: (value, x) => add(value, mean(slice(x, [0, 0], [1, -1]))) },
    seenBy: ['does not depend on the order of rows', 'does not change when rows and weights are turned'],
  },
  {
    what: 'a value that hangs on the first weight',
    broken: { finish: (value, _, weights) => add(value, mean(slice(weights, [0, 0], [1, -1]))) },
    seenBy: ['does not depend on the order of classes'],
  },
  {
    what: 'a value below 0',
    broken: { finish: (value) => sub(value, 3) },
    seenBy: ['is never below 0'],
  },
  {
    what: 'a tensor kept',
    broken: { finish: (value) => add(value, keep(scalar(0))) },
    seenBy: ['leaves no tensor behind'],
  },
  { what: 'weights that are not freed', broken: { dispose: () => undefined }, seenBy: ['frees its weights'] },
];

describe('classLossChecks', () => {
  test('a right loss passes all of them', async () => {
    expect(await failing(marginSoftmax())).toEqual(new Map());
  });

  test.each(mutants)('notice $what', async ({ broken, seenBy }) => {
    const failed = await failing(marginSoftmax(broken));
    expect([...failed.keys()]).toEqual(expect.arrayContaining([...seenBy]));
  });
});
