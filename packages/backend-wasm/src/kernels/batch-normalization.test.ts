import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import { expectSameAsCpu, random } from '../../test/both-backends.ts';

const positive = (shape: number[], seed: number): tf.Tensor => tf.add(tf.abs(random(shape, seed)), 0.1);

test('batch normalisation and all five gradients equal cpu', async () => {
  for (const channels of [1, 3, 4, 8, 13]) {
    await expectSameAsCpu(() =>
      tf.tidy(() => {
        const x = random([5, 6, 7, channels], 1);
        const of = [random([channels], 2), positive([channels], 3), random([channels], 4), random([channels], 5)];
        const normalize = (...[a, mean, variance, offset, scale]: tf.Tensor[]): tf.Tensor =>
          tf.batchNorm(
            a as tf.Tensor4D,
            mean as tf.Tensor1D,
            variance as tf.Tensor1D,
            offset as tf.Tensor1D,
            scale as tf.Tensor1D,
            1e-3,
          );
        const slope = positive(x.shape, 6); // so that no sum over a channel cancels
        return [normalize(x, ...of), ...tf.grads((...all) => tf.sum(tf.mul(normalize(...all), slope)))([x, ...of])];
      }),
    );
  }
});

test('without scale or offset, and with mean and variance of the full shape, equals cpu', async () => {
  const x = random([4, 2, 2, 3], 1) as tf.Tensor4D;
  await expectSameAsCpu(() =>
    tf.tidy(() => tf.batchNorm(x, random([3], 2) as tf.Tensor1D, positive([3], 3) as tf.Tensor1D)),
  );
  await expectSameAsCpu(() =>
    tf.tidy(() => {
      const [mean, variance, offset, scale] = [
        random(x.shape, 2),
        positive(x.shape, 3),
        tf.zerosLike(x),
        tf.onesLike(x),
      ];
      const normalize = (a: tf.Tensor): tf.Tensor4D =>
        tf.batchNorm(a as tf.Tensor4D, mean as tf.Tensor4D, variance as tf.Tensor4D, offset, scale);
      return [normalize(x), tf.grad((a) => tf.sum(normalize(a)))(x)];
    }),
  );
});

test('moments and normalisation of one batch, differentiated through both, equal cpu', async () => {
  await expectSameAsCpu(() =>
    tf.tidy(() => {
      const x = random([9, 5, 5, 8], 1);
      const slope = random(x.shape, 2);
      const [offset, scale] = [random([8], 3) as tf.Tensor1D, random([8], 4) as tf.Tensor1D];
      return tf.grad((a) => {
        const { mean, variance } = tf.moments(a, [0, 1, 2]);
        const y = tf.batchNorm(a as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale);
        return tf.sum(tf.mul(y, slope));
      })(x);
    }),
  );
});
