import type { Loss } from '@simile/core';
import type { BackendName } from '@simile/core/backend';
import { describeBatch, type Rows, type TestBatch } from './batches.ts';
import type { Check } from './check.ts';
import { expectClose } from './compare.ts';
import { describeOptions } from './describe-options.ts';
import { lossErrorChecks } from './loss-error-checks.ts';
import { lossProperties } from './loss-properties.ts';
import { onBackend, testBackends, type Tolerance, type CheckBody } from './on-backend.ts';
import { relationOf, type RelationKind, type Same } from './relations.ts';
import { runLoss } from './run-loss.ts';

/** What an oracle computes a loss from, in float64. */
export interface LossOracleInput {
  /** Embeddings of the batch. */
  readonly rows: Rows;
  /** What they are compared with: the reference's embeddings, or the batch's own. */
  readonly columns: Rows;
  /** Whether row `i` and column `j` are a positive pair (true), a negative one (false) or none (undefined). */
  readonly same: Same;
}

/** A loss whose value was worked out on paper. */
export interface WorkedLoss<Options> {
  readonly options?: Options;
  readonly labels: readonly number[];
  readonly rows: Rows;
  readonly value: number;
}

/** A loss whose value, and where known gradient, another implementation recorded. */
export interface GoldenLoss<Options> {
  readonly name: string;
  readonly options?: Options;
  readonly labels: readonly number[];
  readonly rows: Rows;
  readonly reference?: TestBatch['reference'];
  readonly value: number;
  /** By the rows, row-major. */
  readonly gradient?: readonly number[];
  /** Relative to the largest number, or to 1. Default that of the backend. */
  readonly tolerance?: number;
}

/** What {@link lossChecks} needs to know of a loss. */
export interface LossTest<Options> {
  /**
   * The loss by plain loops in float64, sharing no code with it. `at` is where a gradient is taken, and `input` itself where none is:
   * what the loss holds constant while it is differentiated is computed from `at`.
   */
  readonly oracle: (input: LossOracleInput, options: Options, at: LossOracleInput) => number;
  /** At least one case small enough to work out on paper. */
  readonly worked: readonly WorkedLoss<Options>[];
  /** Options to make the loss with; what does not come from a case runs for each. Default one, `{}`. */
  readonly options?: readonly Options[];
  readonly golden?: readonly GoldenLoss<Options>[];
  /** Forms of labels that it takes. Default all. */
  readonly relations?: readonly RelationKind[];
  /** It takes a reference. Default true. */
  readonly reference?: boolean;
  /** It is never below 0. Default true. */
  readonly nonNegative?: boolean;
  /** Turning all rows together changes nothing, as with Euclidean and cosine distances. Default true. */
  readonly rotationInvariant?: boolean | ((options: Options) => boolean);
  /** Backends. Default cpu and wasm in Node, all four in a page; those that do not work are skipped and say so. */
  readonly backends?: readonly BackendName[];
}

/**
 * The checks that every loss of Simile passes: a case on paper, an oracle on ordinary, reference and degenerate batches,
 * every form of labels, gradients against differences of the oracle, recorded values, invariances, finite values and
 * gradients at extremes, no leaked tensor, errors with codes.
 *
 * @param make The loss's factory.
 * @example
 * const checks = lossChecks(tripletMargin, { oracle, worked: [{ labels: [0, 0, 1], rows: [[0], [2], [3]], value: 0.5 }] });
 * for (const { name, backend, run } of checks) console.log(backend, name, (await run()).outcome);
 */
export function lossChecks<Options extends object>(
  make: (options?: Options) => Loss,
  test: LossTest<Options>,
): Check[] {
  const { worked, golden = [], options = [{} as Options], reference = true } = test;
  const properties = options.flatMap((each) => {
    const suffix = describeOptions(each);
    return lossProperties(make, test, each).map(([name, body]): CheckBody => [`${name}${suffix}`, body]);
  });
  return testBackends(test.backends).flatMap((backend) => [
    ...worked.map((sample, i) =>
      onBackend(`gives the value worked out on paper, case ${i + 1}`, backend, (tolerance) =>
        agreesWithRecord(make, { name: `paper ${i + 1}`, ...sample }, tolerance),
      ),
    ),
    ...golden.map((sample) =>
      onBackend(`gives the recorded numbers of ${sample.name}`, backend, (tolerance) =>
        agreesWithRecord(make, sample, tolerance),
      ),
    ),
    ...properties.map(([name, body]) => onBackend(name, backend, body)),
    ...lossErrorChecks(make(options[0]), backend, reference),
  ]);
}

/** Value and, where it is known, gradient are those of the record. */
async function agreesWithRecord<Options extends object>(
  make: (options?: Options) => Loss,
  sample: GoldenLoss<Options>,
  tolerance: Tolerance,
): Promise<void> {
  const loss = make(sample.options);
  const { name, labels, rows, reference } = sample;
  const batch: TestBatch = { name, labels, rows, ...(reference && { reference }) };
  const { value, gradients } = await runLoss(loss, batch, relationOf(batch, 'class-ids'));
  loss.dispose?.();
  const close = sample.tolerance ?? 0;
  expectClose([value], [sample.value], Math.max(close, tolerance.value), 'the value', () => describeBatch(batch));
  if (!sample.gradient) return;
  expectClose(gradients[0]!, sample.gradient, Math.max(close, tolerance.value), 'the gradient', () =>
    describeBatch(batch),
  );
}
