import type { Distance } from '@simile/core';
import { createRandom } from '@simile/core/random';
import { normalRows, type Rows } from './batches.ts';
import { centralDifferences } from './central-differences.ts';
import { expectClose, expectFinite, expectGradient, expectThat } from './compare.ts';
import type { DistanceTest } from './distance-checks.ts';
import { extremeMatrices, ordinaryMatrices } from './distance-matrices.ts';
import { tensorCount, type CheckBody, type Tolerance } from './on-backend.ts';
import { rotateRows } from './rotate-rows.ts';
import { describeRows, runDistance } from './run-distance.ts';

type Body = (distance: Distance, a: Rows, b: Rows | undefined, tolerance: Tolerance) => Promise<void>;

/** Names and bodies of the checks that need the oracle or none at all. */
export function distanceProperties(make: () => Distance, test: DistanceTest): CheckBody[] {
  const { oracle, symmetric = true, zeroForEqualRows = true, nonNegative = true } = test;
  const { rotationInvariant = true, scaleInvariant = false } = test;
  const one =
    (body: Body, a: Rows, b?: Rows) =>
    (tolerance: Tolerance): Promise<void> =>
      body(make(), a, b, tolerance);
  const all = (body: Body) => async (tolerance: Tolerance) => {
    for (const [a, b] of ordinaryMatrices()) await body(make(), a, b, tolerance);
  };
  const [near, nearby] = nearRows();
  const row = [0.1, -0.7, 0.3, 1.9].map(Math.fround);
  const stretched = (rows: Rows): Rows => rows.map((x, i) => x.map((y) => Math.fround(y * (i % 2 ? 37 : 0.01))));

  const when = (holds: boolean, ...check: CheckBody): CheckBody[] => (holds ? [check] : []);

  return [
    ['agrees with the oracle', all(agreesWith(oracle))],
    ['gradient agrees with differences of the oracle', all(gradientAgreesWith(oracle))],
    ['keeps its digits where rows nearly agree', one(keepsDigits(oracle), near, nearby)],
    ['has an id and a metric', one(hasNames, near)],
    ['leaves no tensor behind', all(leavesNothing)],
    ...when(symmetric, 'is symmetric', all(isSymmetric)),
    ...when(nonNegative, 'is never below 0', all(isNotNegative)),
    ...when(rotationInvariant, 'does not change when all rows are turned', all(unchanged(rotateRows))),
    ...when(scaleInvariant, 'does not depend on the length of rows', all(unchanged(stretched))),
    ...when(zeroForEqualRows, 'puts equal rows at distance 0, with gradient 0', one(isZero, [row, row], [row])),
    ...extremeMatrices().map(([name, a, b]): CheckBody => [
      `is finite, and so is its gradient: ${name}`,
      one(isFinite, a, b),
    ]),
  ];
}

/** Two matrices whose rows differ by about 1e-3 from one another, row by row. */
function nearRows(): [Rows, Rows] {
  const a = normalRows(createRandom(31), 5, 6);
  return [a, a.map((row) => row.map((x, k) => Math.fround(x + 1e-3 * (k % 2 ? 1 : -2))))];
}

const tableOf = (oracle: DistanceTest['oracle'], a: Rows, b: Rows): number[] =>
  a.flatMap((row) => b.map((column) => oracle(row, column)));

function agreesWith(oracle: DistanceTest['oracle']): Body {
  return async (distance, a, b, tolerance) => {
    const { values } = await runDistance(distance, a, b);
    expectClose(values, tableOf(oracle, a, b ?? a), tolerance.value, 'the matrix', () => describeRows(a, b));
  };
}

/** By both sides, of the sum of the matrix under random weights; a row against itself has no weight, for there lie kinks. */
function gradientAgreesWith(oracle: DistanceTest['oracle']): Body {
  return async (distance, a, b, tolerance) => {
    const weights = normalRows(createRandom(9), a.length, (b ?? a).length).map((row, i) =>
      row.map((x, j) => (!b && i === j ? 0 : x)),
    );
    const weighted = (rows: Rows, others: Rows): number => {
      const distances = tableOf(oracle, rows, others);
      return weights.flat().reduce((total, weight, at) => total + (weight === 0 ? 0 : weight * distances[at]!), 0);
    };
    const differences = b
      ? [centralDifferences((x) => weighted(x, b), a), centralDifferences((x) => weighted(a, x), b)]
      : [centralDifferences((x) => weighted(x, x), a)];
    const { gradients } = await runDistance(distance, a, b, weights);
    differences.forEach((wanted, part) => {
      const what = `the gradient by ${part === 0 ? 'a' : 'b'}`;
      expectGradient(gradients[part]!, wanted, tolerance.gradient, what, () => describeRows(a, b));
    });
  };
}

function keepsDigits(oracle: DistanceTest['oracle']): Body {
  return async (distance, a, b = a, tolerance) => {
    const { values } = await runDistance(distance, a, b);
    a.forEach((row, i) => {
      const wanted = oracle(row, b[i]!);
      // Relative to the small distance itself. Inputs of size 1 that differ by 1e-3 keep three digits fewer than float32 has.
      const got = values[i * b.length + i]! / wanted;
      expectClose([got], [1], 100 * tolerance.value, 'a small distance, relative to itself,', () =>
        describeRows([row], [b[i]!]),
      );
    });
  };
}

const hasNames: Body = async ({ name, metric }) => {
  expectThat(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name), `its name ${name} is not kebab-case`, () => 'defineDistance');
  expectThat(typeof metric === 'string' && metric.length > 0, 'it names no metric', () => 'defineDistance');
};

const leavesNothing: Body = async (distance, a, b) => {
  const before = tensorCount();
  const { made } = await runDistance(distance, a, b);
  expectThat(made === 1, `a call made ${made} tensors in place of its result alone`, () => describeRows(a, b));
  const left = tensorCount() - before;
  expectThat(left === 0, `${left} tensors were left after value and gradient`, () => describeRows(a, b));
};

const isSymmetric: Body = async (distance, a, b = a, tolerance) => {
  const { values } = await runDistance(distance, a, b);
  const { values: turned } = await runDistance(distance, b, a);
  const back = Array.from(values, (_, at) => turned[(at % b.length) * a.length + Math.floor(at / b.length)]!);
  expectClose(values, back, tolerance.value, 'the matrix against that of b and a', () => describeRows(a, b));
};

const isNotNegative: Body = async (distance, a, b) => {
  const { values } = await runDistance(distance, a, b);
  const least = Math.min(...values);
  expectThat(least >= 0, `the least distance is ${least}`, () => describeRows(a, b));
};

function unchanged(change: (rows: Rows) => Rows): Body {
  return async (distance, a, b, tolerance) => {
    const before = await runDistance(distance, a, b);
    const after = await runDistance(distance, change(a), b && change(b));
    const what = 'the matrix after the change';
    expectClose(after.values, before.values, 2 * tolerance.value, what, () => describeRows(a, b));
  };
}

const isZero: Body = async (distance, a, b) => {
  const { values, gradients } = await runDistance(distance, a, b);
  const slopes = gradients.flatMap((gradient) => [...gradient]);
  expectThat(
    values.every((x) => x === 0),
    `equal rows are at distance ${values.join(', ')}`,
    () => describeRows(a, b),
  );
  expectThat(
    slopes.every((x) => x === 0),
    `the gradient there is ${slopes.join(', ')}`,
    () => describeRows(a, b),
  );
};

const isFinite: Body = async (distance, a, b) => {
  const { values, gradients } = await runDistance(distance, a, b);
  expectFinite(values, 'the matrix', () => describeRows(a, b));
  gradients.forEach((gradient) => expectFinite(gradient, 'the gradient', () => describeRows(a, b)));
};
