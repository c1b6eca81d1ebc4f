import {
  defineLoss,
  meanOfValid,
  pairMasks,
  stopGradient,
  tripletMask,
  type Loss,
  type PairMasks,
  type Reference,
  type Relation,
} from '@simile/core';
import { SimileError } from '@simile/core/errors';
import {
  add,
  eye,
  expandDims,
  keep,
  mean,
  mul,
  relu,
  reshape,
  scalar,
  slice,
  sqrt,
  square,
  sub,
  sum,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import { describe, expect, test } from 'vitest';
import { lossChecks, type LossTest } from './loss-checks.ts';

interface Options {
  readonly margin?: number;
}

/** The parts of a loss over all triplets, so that each can be broken alone. */
const parts = {
  /** Squared distances `[n, m]`. */
  distances: (x: Tensor2D, y: Tensor2D): Tensor => sum(square(sub(expandDims(x, 1), expandDims(y, 0))), 2),
  /** `[n, p, k]` from distances `[n, m]`. */
  violation: (d: Tensor, margin: number): Tensor => add(sub(expandDims(d, 2), expandDims(d, 1)), margin),
  masks: pairMasks as (...input: Parameters<typeof pairMasks>) => PairMasks,
  reference: (reference?: Reference): Reference | undefined => reference,
  finish: (value: Tensor, _x: Tensor2D, _labels: Relation): Tensor => value,
  define: defineLoss,
};
type Parts = typeof parts;

/** Mean over all triplets of max(0, d_ap² − d_an² + margin), with some parts exchanged. */
function allTriplets(broken: Partial<Parts> = {}): (options?: Options) => Loss {
  const { distances, violation, masks, reference: seen, finish, define } = { ...parts, ...broken };
  return ({ margin = 1 } = {}) =>
    define('all-triplets', { margin }, (labels, x, given) => {
      const reference = seen(given);
      const d = distances(x, reference?.embeddings ?? x) as Tensor2D; // [n, m]
      const others = reference && { labels: reference.labels, rows: d.shape[1] };
      const costs = reshape(relu(violation(d, margin)), [-1]) as Tensor1D;
      const valid = reshape(tripletMask(masks(labels, d.shape[0], others)), [-1]) as Tensor1D;
      return finish(meanOfValid(costs, valid), x, labels) as Scalar;
    });
}

const lossTest: LossTest<Options> = {
  oracle: ({ rows, columns, same }, { margin = 1 }) => {
    const squared = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((total, x, k) => total + (x - b[k]!) ** 2, 0);
    let [total, count] = [0, 0];
    rows.forEach((row, a) =>
      columns.forEach((p, j) =>
        columns.forEach((n, k) => {
          if (same(a, j) !== true || same(a, k) !== false) return;
          total += Math.max(0, squared(row, p) - squared(row, n) + margin);
          count++;
        }),
      ),
    );
    return count === 0 ? 0 : total / count;
  },
  // Anchor 0: 2² − 3² + 6 = 1; anchor 2: 2² − 1² + 6 = 9; mean 5.
  worked: [{ options: { margin: 6 }, labels: [0, 1, 0], rows: [[0], [3], [2]], value: 5 }],
  golden: [
    {
      name: 'itself',
      options: { margin: 6 },
      labels: [0, 1, 0],
      rows: [[0], [3], [2]],
      value: 5,
      gradient: [-1, -4, 5],
    },
  ],
  options: [{}, { margin: 0.5 }],
  backends: ['cpu'],
};

/** Names of the checks that fail, without options. */
async function failing(make: (options?: Options) => Loss): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  for (const check of lossChecks(make, lossTest)) {
    const { outcome, detail } = await check.run();
    expect(outcome).not.toBe('skipped');
    if (outcome === 'failed') failed.set(check.name.replace(/ \(.*\)$/, ''), detail);
  }
  return failed;
}

const dropped = (labels: Relation, rows: number, reference?: Parameters<typeof pairMasks>[2]): PairMasks => {
  const { positive, negative } = pairMasks(labels, rows, reference);
  return { positive: reference ? positive : (add(positive, eye(rows)) as Tensor2D), negative };
};

const mutants: readonly {
  readonly what: string;
  readonly broken: Partial<Parts>;
  readonly seenBy: readonly string[];
}[] = [
  {
    what: 'positives and negatives exchanged',
    broken: { violation: (d, margin) => add(sub(expandDims(d, 1), expandDims(d, 2)), margin) },
    seenBy: [
      'gives the value worked out on paper, case 1',
      'gives the recorded numbers of itself',
      'agrees with the oracle',
    ],
  },
  {
    what: 'anchors taken along the wrong axis',
    broken: { violation: (d, margin) => add(sub(expandDims(d, 2), expandDims(d, 0)), margin) },
    seenBy: ['agrees with the oracle'],
  },
  {
    what: 'a margin off by 1 %',
    broken: { violation: (d, margin) => parts.violation(d, margin * 1.01) },
    seenBy: ['agrees with the oracle', 'gives the value worked out on paper, case 1'],
  },
  { what: 'an anchor that is its own positive', broken: { masks: dropped }, seenBy: ['agrees with the oracle'] },
  {
    what: 'class ids only',
    broken: {
      masks: (labels, rows, reference) => {
        if ('kind' in labels) throw new TypeError('labels must be a tensor');
        return pairMasks(labels, rows, reference);
      },
    },
    seenBy: ['takes every form of labels'],
  },
  {
    what: 'a reference that is not looked at',
    broken: { reference: () => undefined },
    seenBy: ['agrees with the oracle'],
  },
  {
    what: 'a gradient that leaves the negatives out',
    broken: {
      violation: (d, margin) => add(sub(expandDims(d, 2), expandDims(stopGradient(d), 1)), margin),
    },
    seenBy: ['gradient agrees with differences of the oracle', 'gives the recorded numbers of itself'],
  },
  {
    what: 'a gradient that is NaN where rows coincide',
    broken: { distances: (x, y) => square(sqrt(parts.distances(x, y))) },
    seenBy: [
      'is finite, and so is its gradient: identical rows',
      'is finite, and so is its gradient: rows of zeros only',
      'is finite, and so is its gradient: one row',
    ],
  },
  {
    what: 'a value that overflows',
    broken: { distances: (x, y) => mul(parts.distances(x, y), add(1, mul(1e31, sum(relu(sub(square(x), 1e5)))))) },
    seenBy: ['is finite, and so is its gradient: rows of size 1e4'],
  },
  {
    what: 'a tensor kept',
    broken: { finish: (value) => add(value, keep(scalar(0))) },
    seenBy: ['leaves no tensor behind'],
  },
  {
    what: 'intermediate tensors that are not freed',
    broken: {
      define: (name, options, formula) => {
        const tidied = defineLoss(name, options, formula);
        const loss = (...input: Parameters<Loss>): Scalar => {
          tidied(...input); // checks the input; its result is lost
          return formula(...input);
        };
        return Object.defineProperties(loss, { name: { value: name }, options: { value: options } }) as unknown as Loss;
      },
    },
    seenBy: ['leaves no tensor behind'],
  },
  {
    what: 'a value that hangs on the first row',
    broken: { finish: (value, x) => add(value, mean(slice(x, [0, 0], [1, -1]))) },
    seenBy: ['does not depend on the order of rows', 'does not change when all rows are turned'],
  },
  {
    what: 'a value that hangs on the class ids',
    broken: { finish: (value, _, labels) => ('kind' in labels ? value : add(value, mul(1e-3, mean(labels)))) },
    seenBy: ['does not depend on the names of classes'],
  },
  { what: 'a value below 0', broken: { finish: (value) => sub(value, 3) }, seenBy: ['is never below 0'] },
  {
    what: 'input that is not checked',
    broken: {
      define: (name, options, formula) =>
        Object.defineProperties((...input: Parameters<Loss>) => tidy(() => formula(...input)), {
          name: { value: name },
          options: { value: options },
        }) as unknown as Loss,
    },
    seenBy: ['refuses an empty batch', 'refuses embeddings of whole numbers', 'refuses embeddings that are no matrix'],
  },
  {
    what: 'errors with another code',
    broken: {
      define: (name, options, formula) => {
        const strict = defineLoss(name, options, formula);
        const loss = (...input: Parameters<Loss>): Scalar => {
          try {
            return strict(...input);
          } catch (error) {
            if (!SimileError.is(error)) throw error;
            throw new SimileError({ where: name, rule: 'input is wrong', remedy: 'Mend it.', code: 'ERR_OPTION' });
          }
        };
        return Object.defineProperties(loss, { name: { value: name }, options: { value: options } }) as unknown as Loss;
      },
    },
    seenBy: ['refuses an empty batch', 'refuses a reference of another width', 'refuses one-hot labels'],
  },
  {
    what: 'one cost an anchor in place of one number',
    broken: { finish: (value) => reshape(value, [1]) },
    seenBy: ['gives the value worked out on paper, case 1'],
  },
];

describe('lossChecks', () => {
  test('passes a loss that is right', async () => {
    expect(await failing(allTriplets())).toEqual(new Map());
  });

  test.each(mutants)('sees $what', async ({ broken, seenBy }) => {
    const failed = await failing(allTriplets(broken));
    expect([...failed.keys()]).toEqual(expect.arrayContaining([...seenBy]));
  });

  test('says the batch that broke it', async () => {
    const failed = await failing(allTriplets(mutants[2]!.broken));
    expect(failed.get('gives the value worked out on paper, case 1')).toMatchInlineSnapshot(
      `"the value is 5.059999465942383 in place of 5; batch “paper 1”: labels [0,1,0], rows [[0],[3],[2]]"`,
    );
  });

  test('says how near numbers came, where it compares numbers', async () => {
    const numbersOf = async (make: (options?: Options) => Loss, name: string) =>
      (
        await lossChecks(make, lossTest)
          .find((check) => check.name === name)!
          .run()
      ).comparison;
    const paper = 'gives the value worked out on paper, case 1';
    expect(await numbersOf(allTriplets(), paper)).toEqual({ count: 1, furthest: 0, allowed: 1e-5 });
    const wrong = await numbersOf(allTriplets(mutants[2]!.broken), paper);
    expect(wrong!.furthest).toBeCloseTo(0.06 / 5, 6); // 5.06 in place of 5, in units of 5
    expect(await numbersOf(allTriplets(), 'refuses an empty batch')).toBeUndefined();
  });

  test('fails on a backend that was asked for and does not work, and skips one that was not', async () => {
    const [asked] = lossChecks(allTriplets(), { ...lossTest, backends: ['webgpu'] });
    const { outcome, detail } = await asked!.run();
    expect(outcome).toBe('failed');
    expect(detail).toContain('webgpu');
  });

  test('runs on cpu and wasm in Node unless told otherwise', () => {
    const { backends: _, ...usual } = lossTest;
    expect(new Set(lossChecks(allTriplets(), usual).map(({ backend }) => backend))).toEqual(new Set(['cpu', 'wasm']));
  });
});
