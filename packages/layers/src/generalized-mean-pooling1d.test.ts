import * as tf from '@tensorflow/tfjs-core';
import { input } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { testPooling } from '../test/test-pooling.ts';
import golden from './generalized-mean-pooling1d.golden.json' with { type: 'json' };
import { generalizedMeanPooling1d } from './generalized-mean-pooling1d.ts';
import { useBackend } from '../test/use-backend.ts';

testPooling(generalizedMeanPooling1d, golden.cases, [2, 5, 3]);

test('the mean of 1, 2 and 3 is 2, as in the example', async () => {
  await useBackend('cpu');
  const pooled = generalizedMeanPooling1d({ p: 1 }).apply(tf.tensor3d([[[1], [2], [3]]])) as tf.Tensor;
  expect(pooled.arraySync()).toEqual([[expect.closeTo(2, 6)]]);
});

test('generalizedMeanPooling1d refuses images, and options that make no sense', () => {
  expect(() => generalizedMeanPooling1d().apply(input({ shape: [4, 4, 3] }))).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: generalized-mean-pooling1d: its input must have 3 axes: batch, steps, channels, but got [null, 4, 4, 3]. Check what comes before it. [ERR_SHAPE]]`,
  );
  expect(() => generalizedMeanPooling1d({ p: NaN })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: generalized-mean-pooling1d: p must be a number, ±Infinity included, but got NaN. Leave p out to use the default. [ERR_OPTION]]`,
  );
  expect(() => generalizedMeanPooling1d({ p: Infinity, trainP: true })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: generalized-mean-pooling1d: p must be finite and not 0 where it is trained, but got Infinity. Leave p out to use the default. [ERR_OPTION]]`,
  );
  expect(() => generalizedMeanPooling1d({ dataFormat: 'channels_last' } as object)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: generalized-mean-pooling1d: dataFormat must be one of 'channelsLast', 'channelsFirst', but got 'channels_last'. Leave dataFormat out to use the default. [ERR_OPTION]]`,
  );
  expect(() => generalizedMeanPooling1d({ keepdims: true } as object)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: generalized-mean-pooling1d: options are p, trainP, dataFormat, keepDims, inputShape, batchInputShape, batchSize, dtype, name, trainable, weights, inputDType, but got 'keepdims'. Check the spelling. [ERR_OPTION]]`,
  );
});
