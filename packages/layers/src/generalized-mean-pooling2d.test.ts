import * as tf from '@tensorflow/tfjs-core';
import { input } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { testPooling } from '../test/test-pooling.ts';
import golden from './generalized-mean-pooling2d.golden.json' with { type: 'json' };
import { generalizedMeanPooling2d } from './generalized-mean-pooling2d.ts';
import { useBackend } from '../test/use-backend.ts';

testPooling(generalizedMeanPooling2d, golden.cases, [2, 3, 4, 3]);

test('the mean of 1, 2, 3 and 6 is 3, as in the example', async () => {
  await useBackend('cpu');
  const pooled = generalizedMeanPooling2d({ p: 1 }).apply(tf.tensor4d([[[[1], [2]], [[3], [6]]]])) as tf.Tensor; // prettier-ignore
  expect(pooled.arraySync()).toEqual([[expect.closeTo(3, 6)]]);
});

test('generalizedMeanPooling2d refuses sequences', () => {
  expect(() => generalizedMeanPooling2d().apply(input({ shape: [4, 3] }))).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: generalized-mean-pooling2d: its input must have 4 axes: batch, height, width, channels, but got [null, 4, 3]. Check what comes before it. [ERR_SHAPE]]`,
  );
});
