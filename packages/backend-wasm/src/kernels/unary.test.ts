import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import { expectSameAsCpu, numbers } from '../../test/both-backends.ts';

const names = ['relu', 'step', 'square', 'sqrt', 'rsqrt', 'neg', 'abs'] as const;
const special = [NaN, Infinity, -Infinity, 0, 1e-38, 1e38];

test('functions of one tensor equal cpu, at special values too', async () => {
  for (const size of [0, 1, 3, 4, 37]) {
    const x = tf.tensor1d([...numbers(size, 7), ...special.slice(0, size)]);
    for (const name of names) await expectSameAsCpu(() => tf[name](x), 1e-7);
  }
});

test('a step to another value below zero, and int32, equal cpu', async () => {
  await expectSameAsCpu(() => tf.tidy(() => tf.step(tf.tensor1d([-1, 0, 2, NaN, -3]), 0.25)), 0);
  await expectSameAsCpu(() =>
    tf.tidy(() => [tf.neg(tf.tensor1d([1, -2], 'int32')), tf.abs(tf.tensor1d([1, -2], 'int32'))]),
  );
});
