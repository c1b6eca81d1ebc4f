import { defineViewLoss, stopGradient, type ViewLoss } from '@simile/core';
import {
  add,
  div,
  exp,
  eye,
  keep,
  logSumExp,
  matMul,
  mean,
  mul,
  norm,
  scalar,
  slice,
  sqrt,
  square,
  sub,
  sum,
  tidy,
  transpose,
  variable,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Variable,
} from '@simile/core/ops';
import { describe, expect, test } from 'vitest';
import { viewLossChecks, type ViewLossTest } from './view-loss-checks.ts';

interface Options {
  readonly scale?: number;
}

/** The parts of a loss that pulls views to targets, each in its own direction, so that each can be broken alone. */
const parts = {
  target: (x: Tensor2D): Tensor2D => stopGradient(x),
  second: (x: Tensor2D): Tensor2D => x,
  scale: (own: Variable): Tensor => exp(own),
  distance: (a: Tensor2D, b: Tensor2D): Tensor => sum(square(sub(a, b)), 1),
  finish: (value: Tensor, _first: Tensor2D): Tensor => value,
  dispose: (own: Variable): void => own.dispose(),
  define: defineViewLoss,
  takesTargets: true,
};
type Parts = typeof parts;

/** Mean over items of s · (|a − t₂|² + |b − t₁|²), s learnt as its logarithm. */
function pulled(broken: Partial<Parts> = {}): (options: Options, dimension: number) => ViewLoss {
  const {
    target,
    second: seen,
    scale: learnt,
    distance,
    finish,
    dispose,
    define,
    takesTargets,
  } = { ...parts, ...broken };
  return ({ scale = 1 }) => {
    const own = tidy(() => variable(scalar(Math.log(scale))));
    const formula = (first: Tensor2D, second: Tensor2D, given?: { first: Tensor2D; second: Tensor2D }): Scalar => {
      const targets = given ?? { first, second };
      const off = add(distance(first, target(targets.second)), distance(seen(second), target(targets.first)));
      return finish(mul(mean(off), learnt(own)), first) as Scalar;
    };
    return define('pulled', { scale }, formula, { takesTargets, variables: [own], dispose: () => dispose(own) });
  };
}

const viewLossTest: ViewLossTest<Options> = {
  oracle: ({ first, second, targets }, { scale = 1 }, [own]) => {
    let total = 0;
    first.forEach((row, i) =>
      row.forEach((x, k) => {
        total += (x - targets.second[i]![k]!) ** 2 + (second[i]![k]! - targets.first[i]![k]!) ** 2;
      }),
    );
    return ((own ? Math.exp(own[0]!) : scale) * total) / first.length;
  },
  // 2 · ((1 − 4)² + (2 − 3)²)
  worked: [{ options: { scale: 2 }, first: [[1]], second: [[2]], targets: { first: [[3]], second: [[4]] }, value: 20 }],
  golden: [
    {
      name: 'itself',
      first: [[1]],
      second: [[2]],
      targets: { first: [[3]], second: [[4]] },
      value: 10,
      gradients: { first: [-6], second: [-2] },
      byVariables: [[10]],
    },
  ],
  options: [{ scale: 0.5 }],
  backends: ['cpu'],
};

/** What fails, by name without options. */
async function failing(
  make: (options: Options, dimension: number) => ViewLoss,
  test: ViewLossTest<Options> = viewLossTest,
): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  for (const check of viewLossChecks(make, test)) {
    const { outcome, detail } = await check.run();
    expect(outcome).not.toBe('skipped');
    if (outcome === 'failed') failed.set(check.name.replace(/ \(scale.*\)$/, ''), detail);
  }
  return failed;
}

const GRADIENTS = 'gradients agree with differences of the oracle';
const unchecked = ((name, options, formula, { takesTargets = false, ...others } = {}) =>
  Object.defineProperties((...views: Parameters<typeof formula>) => tidy(() => formula(...views)), {
    name: { value: name },
    ...Object.fromEntries(Object.entries({ options, takesTargets, ...others }).map(([key, value]) => [key, { value }])),
  }) as unknown as ViewLoss) as typeof defineViewLoss;

const mutants: readonly {
  readonly what: string;
  readonly broken: Partial<Parts>;
  readonly seenBy: readonly string[];
}[] = [
  {
    what: 'a value off by 1 %',
    broken: { finish: (value) => mul(value, 1.01) },
    seenBy: [
      'gives the value worked out on paper, case 1',
      'gives the recorded numbers of itself',
      'agrees with the oracle',
    ],
  },
  { what: 'targets that are trained', broken: { target: (x) => x }, seenBy: ['has no gradient by its targets'] },
  {
    what: 'a second view that is held constant',
    broken: { second: (x) => add(stopGradient(x), mul(x, 0)) as Tensor2D },
    seenBy: [GRADIENTS, 'gives the recorded numbers of itself'],
  },
  {
    what: 'a scale that is not trained',
    broken: { scale: (own) => add(stopGradient(exp(own)), mul(own, 0)) },
    seenBy: [GRADIENTS, 'gives the recorded numbers of itself'],
  },
  {
    what: 'a value that hangs on the first item',
    broken: { finish: (value, first) => add(value, mean(square(slice(first, [0, 0], [1, -1])))) },
    seenBy: ['does not depend on the order of items', 'does not depend on which view comes first'],
  },
  {
    what: 'a value that hangs on the axes',
    broken: { finish: (value, first) => add(value, mean(square(slice(first, [0, 0], [-1, 1])))) },
    seenBy: ['does not change when all rows are turned'],
  },
  { what: 'a value below 0', broken: { finish: (value) => sub(value, 99) }, seenBy: ['is never below 0'] },
  {
    what: 'a tensor kept',
    broken: { finish: (value) => add(value, keep(scalar(0))) },
    seenBy: ['leaves no tensor behind'],
  },
  { what: 'weights that are not freed', broken: { dispose: () => undefined }, seenBy: ['leaves no tensor behind'] },
  {
    what: 'a gradient that is not finite where views are equal to their targets',
    broken: { distance: (a, b) => square(norm(sub(a, b), 2, 1)) },
    seenBy: ['is finite, and so are its gradients: rows of zeros only'],
  },
  {
    what: 'a value that is not finite for large rows',
    broken: { finish: (value) => add(value, mul(0, exp(sqrt(value)))) },
    seenBy: ['is finite, and so are its gradients: rows of size 1e4'],
  },
  {
    what: 'nothing refused',
    broken: { define: unchecked },
    seenBy: [
      'refuses a view that is no matrix',
      'refuses views without items',
      'refuses a view of whole numbers',
      'refuses targets where it takes none, or none where it takes them',
    ],
  },
];

describe('viewLossChecks', () => {
  test('a right loss passes all of them', async () => {
    expect(await failing(pulled())).toEqual(new Map());
  });

  test('so does one that takes no targets and owns nothing', async () => {
    // Mean of the cross entropy of finding the other view by −|a − b|², one way.
    const found = (): ViewLoss =>
      defineViewLoss('found', {}, (first, second) => {
        const [a, b] = [first, second].map((rows) => sum(square(rows), 1, true)) as [Tensor2D, Tensor2D];
        const products = matMul(first, second, false, true);
        const logits = sub(sub(mul(products, 2), a), transpose(b)) as Tensor2D;
        const own = sum(mul(logits, eye(first.shape[0])), 1);
        return div(sum(sub(logSumExp(logits, 1), own)), first.shape[0]) as Scalar;
      });
    const oracle: ViewLossTest<object>['oracle'] = ({ first, second }) => {
      const costs = first.map((row, i) => {
        const logits = second.map((other) => -row.reduce((total, x, k) => total + (x - other[k]!) ** 2, 0));
        const top = Math.max(...logits);
        return top + Math.log(logits.reduce((total, x) => total + Math.exp(x - top), 0)) - logits[i]!;
      });
      return costs.reduce((total, cost) => total + cost, 0) / costs.length;
    };
    const worked = [{ first: [[0], [1]], second: [[0], [1]], value: Math.log1p(Math.exp(-1)) }];
    expect(await failing(found, { oracle, worked, symmetric: false, backends: ['cpu'] })).toEqual(new Map());
    const misplaced = await failing(found, { oracle, worked, backends: ['cpu'] });
    expect([...misplaced.keys()]).toEqual(['does not depend on which view comes first']);
  });

  test.each(mutants)('notice $what', async ({ broken, seenBy }) => {
    const failed = await failing(pulled(broken));
    expect([...failed.keys()]).toEqual(expect.arrayContaining([...seenBy]));
  });

  test('say which batch broke it', async () => {
    const failed = await failing(pulled({ finish: (value) => mul(value, 1.01) }));
    expect(failed.get('gives the value worked out on paper, case 1')).toMatch(
      /^the value is 20\.2.* in place of 20; batch “paper 1”: \[\[1\]\], \[\[2\]\]; targets \[\[3\]\], \[\[4\]\]$/,
    );
  });
});
