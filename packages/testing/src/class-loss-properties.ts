import type { Loss } from '@simile/core';
import { degenerateBatches, describeBatch, ordinaryBatches, type Rows } from './batches.ts';
import {
  extremeClassBatches,
  reversed,
  shuffled,
  turned,
  withStrangers,
  withWeights,
  type NamedBatch,
} from './class-batches.ts';
import { centralDifferences } from './central-differences.ts';
import type { ClassBatch, ClassLossTest } from './class-loss-checks.ts';
import { expectClose, expectFinite, expectGradient, expectThat } from './compare.ts';
import { tensorCount, type CheckBody, type Tolerance } from './on-backend.ts';
import { classLossValue, runClassLoss, type ClassIdKind } from './run-class-loss.ts';

type Body = (loss: Loss, batch: NamedBatch, tolerance: Tolerance) => Promise<void>;

/** Names and bodies of the checks that need the oracle or none at all, for one set of options. */
export function classLossProperties<Options extends object>(
  given: (options: Options, weights: Rows) => Loss,
  test: ClassLossTest<Options>,
  options: Options,
): CheckBody[] {
  const { nonNegative = true, rowsPerClass = () => 1 } = test;
  const perClass = rowsPerClass(options);
  const oracle = (batch: ClassBatch): number => test.oracle(batch, options);
  const ordinary = ordinaryBatches().map((batch) => withWeights(batch, perClass));
  const degenerate = degenerateBatches().map((batch) => ({ ...withWeights(batch, perClass), exact: batch.exact }));
  const all = (batches: readonly NamedBatch[], body: Body) => async (tolerance: Tolerance) => {
    for (const batch of batches) {
      const loss = given(options, batch.weights);
      try {
        await body(loss, batch, tolerance);
      } finally {
        loss.dispose?.();
      }
    }
  };
  const unchanged = (change: (batch: NamedBatch) => ClassBatch): Body => {
    return async (loss, batch, tolerance) => {
      const changed = change(batch);
      const other = given(options, changed.weights);
      const before = await classLossValue(loss, batch);
      const after = await classLossValue(other, changed);
      other.dispose?.();
      const what = 'the value after the change';
      expectClose([after], [before], 2 * tolerance.value, what, () => describeBatch(batch));
    };
  };

  return [
    ['agrees with the oracle', all(ordinary, agreesWith(oracle, ['class-ids']))],
    ['takes every form of class ids', all(ordinary.slice(0, 2), agreesWith(oracle, ['column', 'float-ids']))],
    [
      'gradients by rows and by weights agree with differences of the oracle',
      all(ordinary.slice(0, 7), gradientsAgreeWith(oracle)),
    ],
    ['does not depend on the order of rows', all(ordinary, unchanged(shuffled))],
    [
      'does not depend on the order of classes',
      all(
        ordinary,
        unchanged((batch) => reversed(batch, perClass)),
      ),
    ],
    ['does not change when rows and weights are turned', all(ordinary, unchanged(turned))],
    ['takes rows without a class out', all(ordinary.slice(0, 2), unchanged(withStrangers))],
    ['leaves no tensor behind', all(ordinary.slice(0, 1), leavesNothing)],
    ['frees its weights', all(ordinary.slice(0, 1), freesWeights)],
    ...(nonNegative ? [['is never below 0', all(ordinary, isNotNegative)] as CheckBody] : []),
    ...[...degenerate, ...extremeClassBatches(perClass)].map((batch): CheckBody => [
      `is finite, and so are its gradients: ${batch.name}`,
      all([batch], isFinite),
    ]),
    ...degenerate
      .filter(({ exact }) => exact)
      .map((batch): CheckBody => [
        `agrees with the oracle: ${batch.name}`,
        all([batch], agreesWith(oracle, ['class-ids'])),
      ]),
  ];
}

function agreesWith(oracle: (batch: ClassBatch) => number, kinds: readonly ClassIdKind[]): Body {
  const known = new Map<string, number>();
  return async (loss, batch, tolerance) => {
    const wanted = known.get(batch.name) ?? oracle(batch);
    known.set(batch.name, wanted);
    for (const kind of kinds) {
      const value = await classLossValue(loss, batch, kind);
      const what = `the value with labels as ${kind}`;
      expectClose([value], [wanted], tolerance.value, what, () => describeBatch(batch));
    }
  };
}

function gradientsAgreeWith(oracle: (batch: ClassBatch) => number): Body {
  const known = new Map<string, [(number | undefined)[], (number | undefined)[]]>(); // the oracle answers once for all backends
  return async (loss, batch, tolerance) => {
    const { gradient, weightsGradient } = await runClassLoss(loss, batch);
    const [byRows, byWeights] = known.get(batch.name) ?? [
      centralDifferences((rows) => oracle({ ...batch, rows }), batch.rows),
      centralDifferences((weights) => oracle({ ...batch, weights }), batch.weights),
    ];
    known.set(batch.name, [byRows, byWeights]);
    const input = (): string => describeBatch(batch);
    expectGradient(gradient, byRows, tolerance.gradient, 'the gradient', input);
    expectGradient(weightsGradient, byWeights, tolerance.gradient, 'the gradient by the weights', input);
  };
}

const leavesNothing: Body = async (loss, batch) => {
  const before = tensorCount();
  const { made } = await runClassLoss(loss, batch);
  const input = (): string => describeBatch(batch);
  expectThat(made === 1, `a call made ${made} tensors in place of its result alone`, input);
  const left = tensorCount() - before;
  expectThat(left === 0, `${left} tensors were left after value and gradients`, input);
};

const freesWeights: Body = async (loss, batch) => {
  const before = tensorCount();
  loss.dispose?.();
  const freed = before - tensorCount();
  expectThat(freed === 1, `dispose freed ${freed} tensors in place of its weights`, () => describeBatch(batch));
};

const isNotNegative: Body = async (loss, batch, tolerance) => {
  const value = await classLossValue(loss, batch);
  expectThat(value >= -tolerance.value, `the value is ${value}, below 0`, () => describeBatch(batch));
};

const isFinite: Body = async (loss, batch) => {
  const { value, gradient, weightsGradient } = await runClassLoss(loss, batch);
  const input = (): string => describeBatch(batch);
  expectFinite([value], 'the value', input);
  expectFinite(gradient, 'the gradient', input);
  expectFinite(weightsGradient, 'the gradient by the weights', input);
};
