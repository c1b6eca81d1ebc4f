import { createRegistry, meanOfPositive } from '@simile/core';
import { distancesPlugin, euclidean } from '@simile/distances';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  memory,
  setBackend,
  tensor1d,
  tensor2d,
  tidy,
  valueAndGrad,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { circle } from './circle.ts';
import { contrastive } from './contrastive.ts';
import golden from './cross-batch-memory.golden.json' with { type: 'json' };
import { crossBatchMemory, type CrossBatchMemoryOptions } from './cross-batch-memory.ts';
import { dynamicSoftMargin } from './dynamic-soft-margin.ts';
import { liftedStructure } from './lifted-structure.ts';
import { margin } from './margin.ts';
import { matryoshka } from './matryoshka.ts';
import { multiSimilarity } from './multi-similarity.ts';
import { multipleLosses } from './multiple-losses.ts';
import { multipleNegativesRanking } from './multiple-negatives-ranking.ts';
import { pn } from './pn.ts';
import { regularized } from './regularized.ts';
import { lp } from './regularizers/lp.ts';
import { softNearestNeighbor } from './soft-nearest-neighbor.ts';
import { supCon } from './sup-con.ts';
import { tripletMargin } from './triplet-margin.ts';

beforeAll(() => setBackend('cpu'));

const registry = createRegistry([
  distancesPlugin,
  {
    spec: 1,
    name: 'losses of the recorded cases',
    losses: {
      circle,
      contrastive,
      'multi-similarity': multiSimilarity,
      'multiple-negatives-ranking': multipleNegativesRanking,
      pn,
      'soft-nearest-neighbor': softNearestNeighbor,
      'triplet-margin': tripletMargin,
    },
  },
]);

const column = (...x: number[]): Tensor2D => tensor2d(x, [x.length, 1]);
const plain = (options: Partial<CrossBatchMemoryOptions> = {}): ReturnType<typeof crossBatchMemory> =>
  crossBatchMemory({ loss: contrastive({ power: 1, negativeMargin: 10 }), memorySize: 4, ...options });
const valueOf = (loss: ReturnType<typeof crossBatchMemory>, labels: number[], rows: Tensor2D): number =>
  tidy(() => loss(tensor1d(labels, 'int32'), rows).dataSync()[0]!);

describe('crossBatchMemory', () => {
  test.each(golden.cases)('gives the recorded numbers of $name', (sample) => {
    const { reduce, ...others } = sample.lossOptions as { reduce?: string };
    const loss = crossBatchMemory({
      loss: registry.loss(sample.loss, {
        ...others,
        distance: registry.distance(sample.distance),
        ...(reduce && { reduce: meanOfPositive }),
      }),
      memorySize: sample.memorySize,
      warmupSteps: sample.warmupSteps,
      throughBatch: sample.throughBatch,
    });
    for (const { labels, rows, value: wanted, gradient } of sample.steps as {
      labels: number[];
      rows: number[][];
      value: number;
      gradient?: number[];
    }[]) {
      const [ids, x] = [tensor1d(labels, 'int32'), tensor2d(rows)];
      const { value, grad } = valueAndGrad((batch: Tensor) => loss(ids, batch as Tensor2D))(x);
      const close = 2e-5 * Math.max(1, Math.abs(wanted));
      expect(Math.abs(value.dataSync()[0]! - wanted)).toBeLessThan(close);
      const largest = Math.max(1, ...(gradient ?? []).map(Math.abs));
      const slopes = grad.dataSync();
      for (const [at, slope] of (gradient ?? []).entries()) {
        expect(Math.abs(slopes[at]! - slope)).toBeLessThan(3e-5 * largest);
      }
      for (const made of [ids, x, value, grad]) made.dispose();
    }
    loss.dispose!();
  });

  test('compares with the batch and what came before, newest first, and forgets the oldest', () => {
    const loss = plain({ memorySize: 3 });
    // Alone: no pair. Then 2 from 0, a positive. Then 5: negatives at 5 and 3, (5 + 7) / 2.
    expect(valueOf(loss, [0], column(0))).toBe(0);
    expect(valueOf(loss, [0], column(2))).toBe(2);
    expect(valueOf(loss, [1], column(5))).toBe(6);
    // The memory is [1: 5, 0: 2, 0: 0]; of it the row at 0 leaves: 6 is 1 from 5, and 4 from 2, which costs 10 − 4.
    expect(valueOf(loss, [1], column(6))).toBe(7);
    // [1: 6, 1: 5] and the batch: 7 is 1 and 2 from its class, 1.5 on average.
    expect(valueOf(loss, [1], column(7))).toBe(1.5);
    loss.dispose!();
  });

  test('remembers nothing while it warms up', () => {
    const loss = plain({ warmupSteps: 2 });
    expect([0, 3, 5].map((x) => valueOf(loss, [0], column(x)))).toEqual([0, 0, 0]);
    expect(valueOf(loss, [0], column(9))).toBe(4);
    loss.dispose!();
  });

  test.each([
    [false, [-1, 1]],
    [true, [-2, 2]],
  ])('lets the gradient through what is compared with: %s', (throughBatch, wanted) => {
    // A pair at distance 3, both ways: each row as an anchor moves by 1/2 a pair, and as compared with by as much again.
    const loss = plain({ throughBatch });
    const labels = tensor1d([0, 0], 'int32');
    const { grad } = valueAndGrad((x: Tensor) => loss(labels, x as Tensor2D))(column(0, 3));
    expect([...grad.dataSync()].map((x) => 2 * x)).toEqual(wanted);
    loss.dispose!();
  });

  test('holds three tensors, and frees them', () => {
    const loss = plain();
    const before = memory().numTensors;
    for (const x of [1, 2, 3]) valueOf(loss, [x, 0], column(x, 0));
    // The inputs of three calls are freed by tidy all but the rows.
    expect(memory().numTensors - before).toBe(3 + 3);
    loss.dispose!();
    expect(memory().numTensors - before).toBe(3);
    expect(valueOf(loss, [0], column(1))).toBe(0);
    loss.dispose!();
  });

  test('has what it remembers in its state, from which another goes on', () => {
    const numbers = (loss: ReturnType<typeof plain>): number[][] => loss.state!.map((each) => [...each.dataSync()]);
    const [loss, other] = [plain({ warmupSteps: 1 }), plain({ warmupSteps: 1 })];
    expect(loss.state).toEqual([]); // the width is not known yet
    for (const each of [loss, other]) each.prepare!({ dimension: 1, variables: [] });
    const held = [...loss.state!];
    loss.prepare!({ dimension: 1, variables: [] });
    expect(loss.state).toEqual(held);
    for (const x of [8, 0, 2]) valueOf(loss, [x % 3], column(x));
    // The row at 8 came in the warm-up. Newest first: 2 of class 2, 0 of class 0; two rows, three calls.
    expect(numbers(loss)).toEqual([
      [2, 0, 0, 0],
      [2, 0, 0, 0],
      [2, 3],
    ]);
    const before = loss.state!.map((each) => tidy(() => each.clone()));
    other.state!.forEach((each, i) => each.assign(before[i]!));
    const wanted = valueOf(loss, [0], column(3)); // 3 from its class, 1 from the other: 3 + 9
    expect(wanted).toBe(12);
    expect(valueOf(other, [0], column(3))).toBe(wanted);
    loss.state!.forEach((each, i) => each.assign(before[i]!)); // a step back
    expect(valueOf(loss, [0], column(3))).toBe(wanted);
    expect(numbers(loss)).toEqual(numbers(other));
    expect(() => loss.prepare!({ dimension: 2, variables: [] })).toThrow('as wide as those remembered, 1, but got 2');
    for (const each of [loss, other]) each.dispose!();
  });

  test('has the state of the loss within as well', () => {
    const inner = dynamicSoftMargin();
    const loss = multipleLosses({ losses: [plain({ loss: inner }), contrastive()] });
    expect(loss.state).toEqual(inner.state);
    loss.prepare!({ dimension: 2, variables: [] });
    expect(loss.state!.map(({ shape }) => shape)).toEqual([[51], [4], [4, 2], [2]]);
    const prefixes = matryoshka({ loss: [plain(), plain()], dimensions: [1, 2] });
    prefixes.prepare!({ dimension: 2, variables: [] });
    expect(prefixes.state!.map(({ shape }) => shape)).toEqual([[4], [4, 1], [2], [4], [4, 2], [2]]);
    const priced = regularized({ loss: plain(), regularizer: lp() });
    priced.prepare!({ dimension: 3, variables: [] });
    expect(priced.state![1]!.shape).toEqual([4, 3]);
    for (const each of [loss, prefixes, priced]) each.dispose!();
  });

  test('goes around every loss over pairs and triplets', () => {
    const inner = [
      tripletMargin({ swap: true, positives: 'all', negatives: 'all' }),
      pn(),
      multiSimilarity(),
      circle(),
      liftedStructure(),
      supCon(),
      margin({ learnBeta: true }),
    ];
    for (const loss of inner.map((each) => crossBatchMemory({ loss: each, memorySize: 6 }))) {
      for (const seed of [1, 2, 3, 4]) {
        const rows = tensor2d([
          [1, seed],
          [seed, -1],
          [2, 0.5 * seed],
        ]);
        expect(Number.isFinite(valueOf(loss, [0, 1, seed % 2], rows))).toBe(true);
      }
      loss.dispose!();
    }
  });

  test('has the distance and the variables of the loss within, and tells its options', () => {
    const distance = euclidean();
    expect(plain({ loss: supCon({ distance }) }).distance).toBe(distance);
    const inner = margin({ learnBeta: true });
    const loss = plain({ loss: inner });
    expect(loss.variables).toBe(inner.variables);
    expect(loss.options).toEqual({ loss: 'margin', memorySize: 4, warmupSteps: 0, throughBatch: false });
    loss.dispose!();
    expect(inner.variables![0]!.isDisposed).toBe(true);
    expect(plain().variables).toBeUndefined();
  });

  test('says what is wrong with an option', () => {
    const loss = contrastive();
    // @ts-expect-error a loss is needed
    expect(() => crossBatchMemory({ memorySize: 4 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cross-batch-memory: loss must be a loss, such as multiSimilarity(). Pass the loss to compare the batch and the memory with. [ERR_OPTION]]`,
    );
    // @ts-expect-error a size is needed
    expect(() => crossBatchMemory({ loss })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cross-batch-memory: memorySize must be a whole number of at least 1. Leave memorySize out to use the default. [ERR_OPTION]]`,
    );
    expect(() => crossBatchMemory({ loss, memorySize: 4, warmupSteps: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cross-batch-memory: warmupSteps must be a whole number of at least 0, but got -1. Leave warmupSteps out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error not true or false
    expect(() => crossBatchMemory({ loss, memorySize: 4, throughBatch: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cross-batch-memory: throughBatch must be one of true, false, but got 1. Leave throughBatch out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a name of another library
    expect(() => crossBatchMemory({ loss, memory_size: 4 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cross-batch-memory: options are loss, memorySize, warmupSteps, throughBatch, but got 'memory_size'. Check the spelling. [ERR_OPTION]]`,
    );
  });

  test('says what is wrong with a batch', () => {
    const loss = plain();
    const labels = tensor1d([0, 1], 'int32');
    const reference = { labels, embeddings: column(1, 2) };
    expect(() => loss(labels, column(1, 2), reference)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cross-batch-memory: rows are compared with the memory, not with a reference. Leave the reference out, or use the loss within. [ERR_OPTION]]`,
    );
    expect(() => valueOf(loss, [1, 2, 3, 4, 5], column(1, 2, 3, 4, 5))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cross-batch-memory: a batch must not have more rows than the memory, 4, but got 5. Make memorySize several times that of a batch. [ERR_SHAPE]]`,
    );
    valueOf(loss, [0], column(1));
    expect(() => valueOf(loss, [0], tensor2d([[1, 2]]))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cross-batch-memory: embeddings must be as wide as those remembered, 1, but got 2. Make one loss a model. [ERR_SHAPE]]`,
    );
    const pairs = { kind: 'pair-matrix', matrix: tensor2d([[-1]]) } as const;
    expect(() => tidy(() => loss(pairs, column(1)))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: cross-batch-memory: labels must be class ids, but got 'pair-matrix'. Use a loss over pairs for other relations. [ERR_SHAPE]]`,
    );
    loss.dispose!();
  });
});
