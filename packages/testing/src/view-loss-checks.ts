import type { ViewLoss } from '@simile/core';
import type { BackendName } from '@simile/core/backend';
import type { Check } from './check.ts';
import { expectClose } from './compare.ts';
import { describeOptions } from './describe-options.ts';
import { onBackend, testBackends, type Tolerance } from './on-backend.ts';
import { runViewLoss } from './run-view-loss.ts';
import { describeViews, type ViewBatch } from './view-batches.ts';
import { viewLossErrorChecks } from './view-loss-error-checks.ts';
import { viewLossProperties } from './view-loss-properties.ts';

/** A loss over two views whose value was worked out on paper. */
export interface WorkedViewLoss<Options> extends ViewBatch {
  readonly options?: Options;
  readonly value: number;
}

/** A loss over two views whose numbers another implementation recorded. */
export interface GoldenViewLoss<Options> extends WorkedViewLoss<Options> {
  readonly name: string;
  /** By the views, row-major. */
  readonly gradients?: { readonly first?: readonly number[]; readonly second?: readonly number[] };
  /** By each of its variables. */
  readonly byVariables?: readonly (readonly number[])[];
  /** Relative to the largest number, or to 1. Default that of the backend. */
  readonly tolerance?: number;
}

/** What {@link viewLossChecks} needs to know of a loss. */
export interface ViewLossTest<Options> {
  /**
   * The loss by plain loops in float64, sharing no code with it. Targets are there whether it takes them or not; `variables` are the
   * values of its own, in their order.
   */
  readonly oracle: (batch: Required<ViewBatch>, options: Options, variables: readonly (readonly number[])[]) => number;
  /** At least one case small enough to work out on paper. */
  readonly worked: readonly WorkedViewLoss<Options>[];
  /** Options to make the loss with; what does not come from a case runs for each. Default one, `{}`. */
  readonly options?: readonly Options[];
  readonly golden?: readonly GoldenViewLoss<Options>[];
  /** The two views count alike. Default true. */
  readonly symmetric?: boolean;
  /** It is never below 0. Default true. */
  readonly nonNegative?: boolean;
  /** Turning all rows together changes nothing, as with Euclidean and cosine distances. Default true. */
  readonly rotationInvariant?: boolean;
  /** Backends. Default cpu and wasm in Node, all four in a page; those that do not work are skipped and say so. */
  readonly backends?: readonly BackendName[];
}

/**
 * The checks of a loss over two views: a case on paper, an oracle on ordinary and degenerate batches, gradients by both views and by
 * its variables against differences of the oracle, none by targets, recorded values, invariances, finite values and gradients
 * at extremes, no leaked tensor, errors with codes.
 *
 * @param make The loss's factory; as second argument it is given the width of the rows.
 * @example
 * const checks = viewLossChecks(ntXent, { oracle, worked: [{ first: [[1, 0]], second: [[0, 1]], value: 0 }] });
 * for (const { name, backend, run } of checks) console.log(backend, name, (await run()).outcome);
 */
export function viewLossChecks<Options extends object>(
  make: (options: Options, dimension: number) => ViewLoss,
  test: ViewLossTest<Options>,
): Check[] {
  const { worked, golden = [], options = [{} as Options] } = test;
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
    ...options.flatMap((each) => {
      const suffix = describeOptions(each);
      return viewLossProperties(make, test, each).map(([name, body]) => onBackend(`${name}${suffix}`, backend, body));
    }),
    ...viewLossErrorChecks(() => make(options[0]!, 4), backend),
  ]);
}

/** Value and, where they are known, gradients are those of the record. */
async function agreesWithRecord<Options extends object>(
  make: (options: Options, dimension: number) => ViewLoss,
  sample: GoldenViewLoss<Options>,
  tolerance: Tolerance,
): Promise<void> {
  const run = await runViewLoss(() => make(sample.options ?? ({} as Options), sample.first[0]!.length), sample);
  const close = Math.max(sample.tolerance ?? 0, tolerance.value);
  const input = (): string => describeViews(sample);
  const compare = (got: ArrayLike<number>, wanted: ArrayLike<number> | undefined, what: string): void => {
    if (wanted) expectClose(got, wanted, close, what, input);
  };
  compare([run.value], [sample.value], 'the value');
  compare(run.gradients[0], sample.gradients?.first, 'the gradient by the first view');
  compare(run.gradients[1], sample.gradients?.second, 'the gradient by the second view');
  sample.byVariables?.forEach((wanted, i) =>
    compare(run.byVariables[i] ?? [], wanted, `the gradient by variable ${i + 1}`),
  );
}
