import type { Loss } from '@simile/core';
import {
  degenerateBatches,
  describeBatch,
  ordinaryBatches,
  referenceBatches,
  type Rows,
  type TestBatch,
} from './batches.ts';
import { centralDifferences } from './central-differences.ts';
import { relabelled, shuffled, turned } from './changed-batches.ts';
import { expectClose, expectFinite, expectGradient, expectThat } from './compare.ts';
import type { LossOracleInput, LossTest } from './loss-checks.ts';
import { reducerCheck } from './loss-reducer-check.ts';
import { tensorCount, type CheckBody, type Tolerance } from './on-backend.ts';
import { relationKinds, relationOf, sameClass, type RelationKind, type Same } from './relations.ts';
import { lossValue, runLoss } from './run-loss.ts';

type Body = (loss: Loss, batch: TestBatch, tolerance: Tolerance) => Promise<void>;
type Oracle = (batch: TestBatch, same: Same, at?: TestBatch) => number;

/** Names and bodies of the checks that need the oracle or none at all, for one set of options and every backend. */
export function lossProperties<Options extends object>(
  make: (options?: Options) => Loss,
  test: LossTest<Options>,
  options: Options,
): CheckBody[] {
  const { relations = relationKinds, reference = true, nonNegative = true, rotationInvariant = true } = test;
  const kind = relations[0]!;
  const ordinary = ordinaryBatches();
  const compared = reference ? referenceBatches() : [];
  const both = [...ordinary, ...compared];
  const oracle: Oracle = (batch, same, at = batch) => {
    const input = ({ rows, reference: others }: TestBatch): LossOracleInput => ({
      rows,
      columns: others?.rows ?? rows,
      same,
    });
    return test.oracle(input(batch), options, input(at));
  };
  const rotates = typeof rotationInvariant === 'function' ? rotationInvariant(options) : rotationInvariant;
  const all = (batches: readonly TestBatch[], body: Body) => async (tolerance: Tolerance) => {
    const loss = make(options);
    try {
      for (const batch of batches) await body(loss, batch, tolerance);
    } finally {
      loss.dispose?.();
    }
  };

  const when = (holds: boolean, ...check: CheckBody): CheckBody[] => (holds ? [check] : []);

  return [
    ['agrees with the oracle', all(both, agreesWith(oracle, [kind]))],
    [
      'takes every form of labels',
      all([...ordinary.slice(0, 2), ...compared.slice(0, 1)], agreesWith(oracle, relations)),
    ],
    [
      'gradient agrees with differences of the oracle',
      all([...ordinary.slice(0, 7), ...compared], gradientAgreesWith(oracle, kind)),
    ],
    ['does not depend on the order of rows', all(ordinary, unchanged(shuffled))],
    ['does not depend on the names of classes', all(both, unchanged(relabelled))],
    ['leaves no tensor behind', all([ordinary[0]!, ...compared.slice(0, 1)], leavesNothing)],
    reducerCheck(make, options, [ordinary[0]!, ...compared], kind),
    ...when(nonNegative, 'is never below 0', all(both, isNotNegative)),
    ...when(rotates, 'does not change when all rows are turned', all(both, unchanged(turned))),
    ...degenerateBatches().map((batch): CheckBody => [
      `is finite, and so is its gradient: ${batch.name}`,
      all([batch], isFinite),
    ]),
    ...degenerateBatches()
      .filter(({ exact }) => exact)
      .map((batch): CheckBody => [`agrees with the oracle: ${batch.name}`, all([batch], agreesWith(oracle, [kind]))]),
  ];
}

function agreesWith(oracle: Oracle, kinds: readonly RelationKind[]): Body {
  const known = new Map<string, number>();
  return async (loss, batch, tolerance) => {
    for (const kind of kinds) {
      const relation = relationOf(batch, kind);
      const wanted = once(known, `${batch.name}, ${kind}`, () => oracle(batch, relation.same));
      const value = await lossValue(loss, batch, relation);
      const what = `the value with labels as ${kind}`;
      expectClose([value], [wanted], tolerance.value, what, () => describeBatch(batch));
    }
  };
}

/** What was computed under a name before, or is now: the oracle answers once for all backends. */
function once<T>(known: Map<string, T>, name: string, compute: () => T): T {
  const value = known.get(name) ?? compute();
  known.set(name, value);
  return value;
}

function gradientAgreesWith(oracle: Oracle, kind: RelationKind): Body {
  const known = new Map<string, (number | undefined)[][]>();
  return async (loss, batch, tolerance) => {
    const { rows, reference } = batch;
    const same = sameClass(batch);
    const at = (x: Rows, others: Rows | undefined): number =>
      oracle(
        { ...batch, rows: x, ...(reference && others && { reference: { ...reference, rows: others } }) },
        same,
        batch,
      );
    const differences = once(known, batch.name, () => [
      centralDifferences((x) => at(x, reference?.rows), rows),
      ...(reference ? [centralDifferences((x) => at(rows, x), reference.rows)] : []),
    ]);
    const { gradients } = await runLoss(loss, batch, relationOf(batch, kind));
    differences.forEach((wanted, part) => {
      const what = part === 0 ? 'the gradient' : 'the gradient by the reference';
      expectGradient(gradients[part]!, wanted, tolerance.gradient, what, () => describeBatch(batch));
    });
  };
}

function unchanged(change: (batch: TestBatch) => TestBatch): Body {
  return async (loss, batch, tolerance) => {
    const changed = change(batch);
    const before = await lossValue(loss, batch, relationOf(batch, 'class-ids'));
    const after = await lossValue(loss, changed, relationOf(changed, 'class-ids'));
    const what = 'the value after the change';
    expectClose([after], [before], 2 * tolerance.value, what, () => describeBatch(batch));
  };
}

const leavesNothing: Body = async (loss, batch) => {
  const before = tensorCount();
  const { made } = await runLoss(loss, batch, relationOf(batch, 'class-ids'));
  const input = (): string => describeBatch(batch);
  expectThat(made === 1, `a call made ${made} tensors in place of its result alone`, input);
  const left = tensorCount() - before;
  expectThat(left === 0, `${left} tensors were left after value and gradient`, input);
};

const isNotNegative: Body = async (loss, batch, tolerance) => {
  const value = await lossValue(loss, batch, relationOf(batch, 'class-ids'));
  expectThat(value >= -tolerance.value, `the value is ${value}, below 0`, () => describeBatch(batch));
};

const isFinite: Body = async (loss, batch) => {
  const { value, gradients } = await runLoss(loss, batch, relationOf(batch, 'class-ids'));
  expectFinite([value], 'the value', () => describeBatch(batch));
  expectFinite(gradients[0]!, 'the gradient', () => describeBatch(batch));
};
