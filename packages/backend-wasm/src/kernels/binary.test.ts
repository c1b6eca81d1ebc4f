import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { test } from 'vitest';
import { expectSameAsCpu, numbers, random, runs, seeds } from '../../test/both-backends.ts';

const arithmetic = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'squaredDifference'] as const;
const comparisons = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const;

/** A shape, and the same shape with some axes made 1 or, at the front, left out. */
const shapes = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean(), fc.boolean()), { maxLength: 6 })
  .chain((axes) =>
    fc.record({
      a: fc.constant(axes.map(([size, one]) => (one ? 1 : size))),
      b: fc
        .integer({ min: 0, max: axes.length })
        .map((drop) => axes.slice(drop).map(([size, , one]) => (one ? 1 : size))),
      swapped: fc.boolean(),
      seed: seeds,
    }),
  );

test('arithmetic with any broadcast equals cpu, to the last bit, and so do its gradients', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, fc.constantFrom(...arithmetic), async ({ a, b, swapped, seed }, name) => {
      const [first, second] = swapped ? [b, a] : [a, b];
      await expectSameAsCpu(() => tf.tidy(() => tf[name](random(first, seed), random(second, seed + 1))), 0);
      // tfjs cannot sum a broadcast gradient of nothing, nor broadcast those of maximum, minimum and squaredDifference.
      if ([...a, ...b].includes(0) || !['add', 'sub', 'mul', 'div'].includes(name)) return;
      await expectSameAsCpu(() =>
        tf.tidy(() => tf.grads((x, y) => tf.sum(tf[name](x!, y!)))([random(first, seed), random(second, seed + 1)])),
      );
    }),
    { ...runs, numRuns: 150 },
  );
});

test('rows, columns, scalars and same shapes of any length equal cpu', async () => {
  const pairs: [number[], number[]][] = [];
  for (const n of [1, 3, 4, 5, 16, 31])
    pairs.push(
      [[7, n], [n]],
      [
        [7, n],
        [7, 1],
      ],
      [[7, n], []],
      [
        [7, n],
        [7, n],
      ],
    );
  for (const [a, b] of pairs) {
    for (const name of arithmetic) {
      await expectSameAsCpu(
        () => tf.tidy(() => [tf[name](random(a, 1), random(b, 2)), tf[name](random(b, 2), random(a, 1))]),
        0,
      );
    }
  }
});

test('comparisons of floats and integers equal cpu', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, fc.constantFrom(...comparisons), fc.boolean(), async ({ a, b, seed }, name, integers) => {
      await expectSameAsCpu(() =>
        tf.tidy(() => {
          const [x, y] = [random(a, seed), random(b, seed + 1)].map((t) => tf.round(tf.mul(t, 2)));
          return integers ? tf[name](tf.cast(x!, 'int32'), tf.cast(y!, 'int32')) : tf[name](x!, y!);
        }),
      );
    }),
    runs,
  );
});

test('NaN, Infinity and zero meet as on cpu', async () => {
  const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1];
  const a = tf.tensor1d(special.flatMap((x) => special.map(() => x)));
  const b = tf.tensor1d(special.flatMap(() => special));
  for (const name of [...arithmetic, ...comparisons]) await expectSameAsCpu(() => tf[name](a, b), 0);
});

test('int32 and bool stay with stock', async () => {
  const a = tf.tensor1d([1, -2, 7], 'int32');
  const b = tf.tensor1d([3, 3, -2], 'int32');
  for (const name of ['add', 'sub', 'mul', 'maximum', 'minimum'] as const) await expectSameAsCpu(() => tf[name](a, b));
  await expectSameAsCpu(() => tf.tidy(() => tf.logicalAnd(tf.tensor1d([1, 0], 'bool'), tf.tensor1d([1, 1], 'bool'))));
});

test('the gradient of relu equals cpu, also at NaN, Infinity and zero', async () => {
  const x = tf.tensor1d([NaN, Infinity, -Infinity, 0, -0, 2, -3, ...numbers(40, 4)]);
  for (const slope of [1, -2.5, 0, Infinity, NaN]) {
    await expectSameAsCpu(() => tf.tidy(() => tf.grad((a) => tf.sum(tf.mul(tf.relu(a), slope)))(x)), 0);
    await expectSameAsCpu(() => tf.tidy(() => tf.grad((a) => tf.sum(tf.mul(tf.square(a), slope)))(x)), 0);
  }
});
