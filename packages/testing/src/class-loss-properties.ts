import type { Loss } from '@simile/core';
import { createRandom } from '@simile/core/random';
import { degenerateBatches, describeBatch, normalRows, ordinaryBatches, type Rows } from './batches.ts';
import { centralDifferences } from './central-differences.ts';
import type { ClassBatch, ClassLossTest } from './class-loss-checks.ts';
import { expectClose, expectFinite, expectGradient, expectThat } from './compare.ts';
import { tensorCount, type CheckBody, type Tolerance } from './on-backend.ts';
import { rotateRows } from './rotate-rows.ts';
import { runClassLoss, type ClassIdKind } from './run-class-loss.ts';

interface NamedBatch extends ClassBatch {
  readonly name: string;
}
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
      const before = await runClassLoss(loss, batch);
      const after = await runClassLoss(other, changed);
      other.dispose?.();
      const what = 'the value after the change';
      expectClose([after.value], [before.value], 2 * tolerance.value, what, () => describeBatch(batch));
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
    ...[...degenerate, ...extremes(perClass)].map((batch): CheckBody => [
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

/** Weights for every class up to the largest label, and for one that the batch lacks. */
function withWeights(
  { name, labels, rows }: { name: string; labels: readonly number[]; rows: Rows },
  perClass: number,
): NamedBatch {
  const random = createRandom(20_260_104);
  const classes = Math.max(...labels) + 2;
  return { name, labels, rows, weights: normalRows(random, classes * perClass, rows[0]!.length) };
}

/** Rows and weights where an angle is 0 or π, or has no meaning. */
function extremes(perClass: number): NamedBatch[] {
  const weights = normalRows(createRandom(20_260_105), 3 * perClass, 4);
  const own = (sign: number): number[][] => [0, 1, 2].map((label) => weights[label * perClass]!.map((x) => sign * x));
  const labels = [0, 1, 2];
  const rows = normalRows(createRandom(20_260_106), 3, 4);
  const filled = (value: number): number[][] => weights.map((row) => row.map(() => value));
  const scaled = (scale: number): number[][] => weights.map((row) => row.map((x) => Math.fround(scale * x)));
  return [
    { name: 'rows along their weights', labels, rows: own(1), weights },
    { name: 'rows against their weights', labels, rows: own(-1), weights },
    { name: 'weights of zeros', labels, rows, weights: filled(0) },
    { name: 'identical weights', labels, rows, weights: filled(1) },
    { name: 'weights of size 1e4', labels, rows, weights: scaled(1e4) },
    { name: 'weights of size 1e-4', labels, rows, weights: scaled(1e-4) },
  ];
}

function agreesWith(oracle: (batch: ClassBatch) => number, kinds: readonly ClassIdKind[]): Body {
  return async (loss, batch, tolerance) => {
    const wanted = oracle(batch);
    for (const kind of kinds) {
      const { value } = await runClassLoss(loss, batch, kind);
      const what = `the value with labels as ${kind}`;
      expectClose([value], [wanted], tolerance.value, what, () => describeBatch(batch));
    }
  };
}

function gradientsAgreeWith(oracle: (batch: ClassBatch) => number): Body {
  return async (loss, batch, tolerance) => {
    const { gradient, weightsGradient } = await runClassLoss(loss, batch);
    const byRows = centralDifferences((rows) => oracle({ ...batch, rows }), batch.rows);
    const byWeights = centralDifferences((weights) => oracle({ ...batch, weights }), batch.weights);
    const input = (): string => describeBatch(batch);
    expectGradient(gradient, byRows, tolerance.gradient, 'the gradient', input);
    expectGradient(weightsGradient, byWeights, tolerance.gradient, 'the gradient by the weights', input);
  };
}

function shuffled({ labels, rows, weights }: NamedBatch): ClassBatch {
  const order = createRandom(5).shuffle(labels.map((_, i) => i));
  return { labels: order.map((i) => labels[i]!), rows: order.map((i) => rows[i]!), weights };
}

/** The last class becomes the first, with its weights. */
function reversed({ labels, rows, weights }: NamedBatch, perClass: number): ClassBatch {
  const classes = weights.length / perClass;
  const last = (at: number): number => classes - 1 - at;
  const moved = weights.map((_, i) => weights[last(Math.floor(i / perClass)) * perClass + (i % perClass)]!);
  return { labels: labels.map(last), rows, weights: moved };
}

function turned({ labels, rows, weights }: NamedBatch): ClassBatch {
  const both = rotateRows([...rows, ...weights]);
  return { labels, rows: both.slice(0, rows.length), weights: both.slice(rows.length) };
}

/** With two rows whose labels are no class of the loss. */
function withStrangers({ labels, rows, weights }: NamedBatch): ClassBatch {
  return { labels: [-1, ...labels, weights.length], rows: [rows[1]!, ...rows, rows[0]!], weights };
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
  const { value } = await runClassLoss(loss, batch);
  expectThat(value >= -tolerance.value, `the value is ${value}, below 0`, () => describeBatch(batch));
};

const isFinite: Body = async (loss, batch) => {
  const { value, gradient, weightsGradient } = await runClassLoss(loss, batch);
  const input = (): string => describeBatch(batch);
  expectFinite([value], 'the value', input);
  expectFinite(gradient, 'the gradient', input);
  expectFinite(weightsGradient, 'the gradient by the weights', input);
};
