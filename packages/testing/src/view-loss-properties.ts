import type { ViewLoss } from '@simile/core';
import { centralDifferences } from './central-differences.ts';
import { expectClose, expectFinite, expectGradient, expectThat } from './compare.ts';
import type { CheckBody, Tolerance } from './on-backend.ts';
import { runViewLoss, type ViewLossRun } from './run-view-loss.ts';
import {
  degenerateViewBatches,
  describeViews,
  ordinaryViewBatches,
  reordered,
  rotated,
  swapped,
  type NamedViewBatch,
  type ViewBatch,
} from './view-batches.ts';
import type { ViewLossTest } from './view-loss-checks.ts';

type Body = (
  run: (batch: ViewBatch) => Promise<ViewLossRun>,
  batch: NamedViewBatch,
  tolerance: Tolerance,
) => Promise<void>;
type Oracle = (batch: Required<ViewBatch>, variables: readonly (readonly number[])[]) => number;

/** Names and bodies of the checks that need the oracle or none at all, for one set of options. */
export function viewLossProperties<Options extends object>(
  make: (options: Options, dimension: number) => ViewLoss,
  test: ViewLossTest<Options>,
  options: Options,
): CheckBody[] {
  const { symmetric = true, nonNegative = true, rotationInvariant = true } = test;
  const ordinary = ordinaryViewBatches();
  const oracle: Oracle = (batch, variables) => test.oracle(batch, options, variables);
  const run = (batch: ViewBatch): Promise<ViewLossRun> =>
    runViewLoss(() => make(options, batch.first[0]!.length), batch);
  const all = (batches: readonly NamedViewBatch[], body: Body) => async (tolerance: Tolerance) => {
    for (const batch of batches) await body(run, batch, tolerance);
  };
  const when = (holds: boolean, ...check: CheckBody): CheckBody[] => (holds ? [check] : []);

  return [
    ['agrees with the oracle', all(ordinary, agreesWith(oracle))],
    ['gradients agree with differences of the oracle', all(ordinary.slice(0, 4), gradientsAgreeWith(oracle))],
    ['has no gradient by its targets', all(ordinary.slice(0, 2), leavesTargetsAlone)],
    ['does not depend on the order of items', all(ordinary, unchanged(reordered))],
    ['leaves no tensor behind', all(ordinary.slice(0, 1), leavesNothing)],
    ...when(symmetric, 'does not depend on which view comes first', all(ordinary, unchanged(swapped))),
    ...when(nonNegative, 'is never below 0', all(ordinary, isNotNegative)),
    ...when(rotationInvariant, 'does not change when all rows are turned', all(ordinary, unchanged(rotated))),
    ...degenerateViewBatches().map((batch): CheckBody => [
      `is finite, and so are its gradients: ${batch.name}`,
      all([batch], isFinite),
    ]),
    ...degenerateViewBatches()
      .filter(({ exact }) => exact)
      .map((batch): CheckBody => [`agrees with the oracle: ${batch.name}`, all([batch], agreesWith(oracle))]),
  ];
}

function agreesWith(oracle: Oracle): Body {
  return async (run, batch, tolerance) => {
    const { value, variables } = await run(batch);
    expectClose([value], [oracle(batch, variables)], tolerance.value, 'the value', () => describeViews(batch));
  };
}

function gradientsAgreeWith(oracle: Oracle): Body {
  return async (run, batch, tolerance) => {
    const { gradients, byVariables, variables } = await run(batch);
    const input = (): string => describeViews(batch);
    const byFirst = centralDifferences((first) => oracle({ ...batch, first }, variables), batch.first);
    const bySecond = centralDifferences((second) => oracle({ ...batch, second }, variables), batch.second);
    expectGradient(gradients[0], byFirst, tolerance.gradient, 'the gradient by the first view', input);
    expectGradient(gradients[1], bySecond, tolerance.gradient, 'the gradient by the second view', input);
    if (variables.length === 0) return;
    const byOwn = centralDifferences((own) => oracle(batch, own), variables);
    const all = byVariables.flatMap((values) => Array.from(values));
    expectGradient(all, byOwn, tolerance.gradient, 'the gradient by its variables', input);
  };
}

const leavesTargetsAlone: Body = async (run, batch) => {
  const { byTargets } = await run(batch);
  const most = Math.max(0, ...byTargets.flatMap((slopes) => Array.from(slopes, Math.abs)));
  expectThat(most === 0, `the gradient by a target is up to ${most}`, () => describeViews(batch));
};

function unchanged(change: (batch: NamedViewBatch) => ViewBatch): Body {
  return async (run, batch, tolerance) => {
    const before = await run(batch);
    const after = await run(change(batch));
    const what = 'the value after the change';
    expectClose([after.value], [before.value], 2 * tolerance.value, what, () => describeViews(batch));
  };
}

const leavesNothing: Body = async (run, batch) => {
  const { made, kept } = await run(batch);
  const input = (): string => describeViews(batch);
  expectThat(made === 1, `a call made ${made} tensors in place of its result alone`, input);
  expectThat(kept === 0, `${kept} tensors were left after value, gradients and dispose`, input);
};

const isNotNegative: Body = async (run, batch, tolerance) => {
  const { value } = await run(batch);
  expectThat(value >= -tolerance.value, `the value is ${value}, below 0`, () => describeViews(batch));
};

const isFinite: Body = async (run, batch) => {
  const { value, gradients, byVariables } = await run(batch);
  const input = (): string => describeViews(batch);
  expectFinite([value], 'the value', input);
  gradients.forEach((slopes) => expectFinite(slopes, 'the gradient', input));
  byVariables.forEach((slopes) => expectFinite(slopes, 'the gradient by a variable', input));
};
