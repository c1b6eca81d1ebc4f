import type { Distance } from '@simile/core';
import type { BackendName } from '@simile/core/backend';
import { ones, zeros, type Tensor, type Tensor2D } from '@simile/core/ops';
import type { Rows } from './batches.ts';
import type { Check } from './check.ts';
import { expectClose } from './compare.ts';
import { distanceProperties } from './distance-properties.ts';
import { onBackend, testBackends, type TestBackend } from './on-backend.ts';
import { refusalChecks } from './refusal-checks.ts';
import { describeRows, runDistance } from './run-distance.ts';

/** What {@link distanceChecks} needs to know of a distance. */
export interface DistanceTest {
  /** The distance of two vectors by a plain loop in float64, sharing no code with it. `a` is the row, `b` the column. */
  readonly oracle: (a: readonly number[], b: readonly number[]) => number;
  /** At least one matrix small enough to work out on paper. Without `b`, of `a` against itself. */
  readonly worked: readonly { readonly a: Rows; readonly b?: Rows; readonly distances: Rows }[];
  /** Matrices that another implementation recorded. */
  readonly golden?: readonly {
    readonly name: string;
    readonly a: Rows;
    readonly b?: Rows;
    readonly distances: readonly number[];
    /** Relative to the largest number, or to 1. Default that of the backend. */
    readonly tolerance?: number;
  }[];
  /** `d(a, b) = d(b, a)`. Default true. */
  readonly symmetric?: boolean;
  /** Equal rows are at distance 0 exactly, with gradient 0. Default true. */
  readonly zeroForEqualRows?: boolean;
  /** Never below 0. Default true. */
  readonly nonNegative?: boolean;
  /** Turning all rows together changes nothing. Default true. */
  readonly rotationInvariant?: boolean;
  /** The length of rows does not matter. Default false. */
  readonly scaleInvariant?: boolean;
  /** Backends. Default cpu and wasm in Node, all four in a page; those that do not work are skipped and say so. */
  readonly backends?: readonly BackendName[];
}

/**
 * The checks that every distance of Simile passes: a matrix on paper, an oracle on many shapes, gradients for both sides
 * against differences of the oracle, digits kept near zero, equal rows, symmetries, finite values and gradients at extremes,
 * no leaked tensor, errors with codes.
 *
 * @param make The distance's factory.
 * @example
 * const checks = distanceChecks(euclidean, { oracle, worked: [{ a: [[0, 0], [3, 4]], distances: [[0, 5], [5, 0]] }] });
 * for (const { name, backend, run } of checks) console.log(backend, name, (await run()).outcome);
 */
export function distanceChecks(make: () => Distance, test: DistanceTest): Check[] {
  const { worked, golden = [] } = test;
  return testBackends(test.backends).flatMap((backend) => [
    ...worked.map(({ a, b, distances }, i) =>
      onBackend(`gives the matrix worked out on paper, case ${i + 1}`, backend, async (tolerance) => {
        const { values } = await runDistance(make(), a, b);
        expectClose(values, distances.flat(), tolerance.value, 'the matrix', () => describeRows(a, b));
      }),
    ),
    ...golden.map(({ name, a, b, distances, tolerance: recorded = 0 }) =>
      onBackend(`gives the recorded numbers of ${name}`, backend, async (tolerance) => {
        const { values } = await runDistance(make(), a, b);
        expectClose(values, distances, Math.max(recorded, tolerance.value), 'the matrix', () => describeRows(a, b));
      }),
    ),
    ...distanceProperties(make, test).map(([name, body]) => onBackend(name, backend, body)),
    ...errorChecks(make(), backend),
  ]);
}

/** Bad input of a distance. */
function errorChecks(distance: Distance, backend: TestBackend): Check[] {
  const call = ([a, b]: Tensor[]): unknown => distance(a as Tensor2D, b as Tensor2D);
  return refusalChecks(
    [
      { name: 'a vector', code: 'ERR_SHAPE', inputs: () => [ones([3])], call },
      { name: 'no rows', code: 'ERR_SHAPE', inputs: () => [zeros([0, 3])], call },
      { name: 'rows of another width', code: 'ERR_SHAPE', inputs: () => [ones([2, 3]), ones([2, 4])], call },
      { name: 'whole numbers', code: 'ERR_DTYPE', inputs: () => [ones([2, 3], 'int32')], call },
    ],
    backend,
  );
}
