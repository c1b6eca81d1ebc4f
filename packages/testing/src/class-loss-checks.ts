import type { Loss } from '@simile/core';
import type { BackendName } from '@simile/core/backend';
import { describeBatch, type Rows } from './batches.ts';
import type { Check } from './check.ts';
import { classLossErrorChecks } from './class-loss-error-checks.ts';
import { classLossProperties } from './class-loss-properties.ts';
import { expectClose } from './compare.ts';
import { describeOptions } from './describe-options.ts';
import { onBackend, testBackends, type Tolerance, type CheckBody } from './on-backend.ts';
import { runClassLoss } from './run-class-loss.ts';

/** A batch of class ids, and the weights that a loss owns, class after class. */
export interface ClassBatch {
  readonly labels: readonly number[];
  readonly rows: Rows;
  /** `[classes · rows a class, d]` */
  readonly weights: Rows;
}

/** What a loss with weights a class is made with by the checks, beside its own options. */
export interface GivenWeights {
  readonly classes: number;
  readonly dimension: number;
  readonly weights: Rows;
}

/** A class loss whose value was worked out on paper. */
export interface WorkedClassLoss<Options> extends ClassBatch {
  readonly options?: Options;
  readonly value: number;
}

/** A class loss whose numbers another implementation recorded. */
export interface GoldenClassLoss<Options> extends WorkedClassLoss<Options> {
  readonly name: string;
  /** By the rows, row-major. */
  readonly gradient?: readonly number[];
  /** By the weights, row-major. */
  readonly weightsGradient?: readonly number[];
  /** Relative to the largest number, or to 1. Default that of the backend. */
  readonly tolerance?: number;
}

/** What {@link classLossChecks} needs to know of a loss. */
export interface ClassLossTest<Options> {
  /** The loss by plain loops in float64, sharing no code with it. */
  readonly oracle: (batch: ClassBatch, options: Options) => number;
  /** At least one case small enough to work out on paper. */
  readonly worked: readonly WorkedClassLoss<Options>[];
  /** Options to make the loss with; what does not come from a case runs for each. Default one, `{}`. */
  readonly options?: readonly Options[];
  readonly golden?: readonly GoldenClassLoss<Options>[];
  /** Rows of weights that belong to a class. Default 1. */
  readonly rowsPerClass?: (options: Options) => number;
  /** It is never below 0. Default true. */
  readonly nonNegative?: boolean;
  /** Backends. Default cpu and wasm in Node, all four in a page; those that do not work are skipped and say so. */
  readonly backends?: readonly BackendName[];
}

/**
 * The checks of a loss that owns weights for each class: a case on paper, an oracle on ordinary and degenerate batches,
 * gradients by rows and by weights against differences of the oracle, recorded values, invariances, finite values and
 * gradients at extremes (rows along and against their weights among them), no leaked tensor, errors with codes.
 *
 * @param make The loss's factory; it is given the weights.
 * @example
 * const checks = classLossChecks(cosFace, { oracle, worked: [{ labels: [0], rows: [[1, 0]], weights: [[1, 0], [0, 1]], value }] });
 * for (const { name, backend, run } of checks) console.log(backend, name, (await run()).outcome);
 */
export function classLossChecks<Options extends object>(
  make: (options: Options & GivenWeights) => Loss,
  test: ClassLossTest<Options>,
): Check[] {
  const { worked, golden = [], options = [{} as Options], rowsPerClass = () => 1 } = test;
  const classesOf = (weights: Rows, each: Options): number => weights.length / rowsPerClass(each);
  const given = (each: Options, weights: Rows): Loss =>
    make({ ...each, classes: classesOf(weights, each), dimension: weights[0]!.length, weights });
  const properties = options.flatMap((each) => {
    const suffix = describeOptions(each);
    return classLossProperties(given, test, each).map(([name, body]): CheckBody => [`${name}${suffix}`, body]);
  });
  return testBackends(test.backends).flatMap((backend) => [
    ...worked.map((sample, i) =>
      onBackend(`gives the value worked out on paper, case ${i + 1}`, backend, (tolerance) =>
        agreesWithRecord(given, { name: `paper ${i + 1}`, ...sample }, tolerance),
      ),
    ),
    ...golden.map((sample) =>
      onBackend(`gives the recorded numbers of ${sample.name}`, backend, (tolerance) =>
        agreesWithRecord(given, sample, tolerance),
      ),
    ),
    ...properties.map(([name, body]) => onBackend(name, backend, body)),
    ...classLossErrorChecks((weights) => given(options[0]!, weights), rowsPerClass(options[0]!), backend),
  ]);
}

/** Value and, where they are known, gradients are those of the record. */
async function agreesWithRecord<Options extends object>(
  given: (options: Options, weights: Rows) => Loss,
  sample: GoldenClassLoss<Options>,
  tolerance: Tolerance,
): Promise<void> {
  const loss = given(sample.options ?? ({} as Options), sample.weights);
  const { value, gradient, weightsGradient } = await runClassLoss(loss, sample);
  loss.dispose?.();
  const close = Math.max(sample.tolerance ?? 0, tolerance.value);
  const input = (): string => describeBatch(sample);
  expectClose([value], [sample.value], close, 'the value', input);
  if (sample.gradient) expectClose(gradient, sample.gradient, close, 'the gradient', input);
  if (sample.weightsGradient)
    expectClose(weightsGradient, sample.weightsGradient, close, 'the gradient by the weights', input);
}
