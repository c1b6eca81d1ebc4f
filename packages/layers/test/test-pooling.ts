import * as tf from '@tensorflow/tfjs-core';
import { input, loadLayersModel, model, type layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GeneralizedMeanPoolingOptions } from '../src/generalized-mean-pooling.ts';
import { registerLayers } from '../src/register-layers.ts';
import { expectClose } from './expect-close.ts';
import { useBackend } from './use-backend.ts';

interface Values {
  readonly shape: number[];
  readonly data: number[];
}

/** A recorded case; an infinite p is text. */
interface PoolingCase {
  readonly name: string;
  readonly options: { readonly p: number | string; readonly dataFormat: string; readonly keepDims: boolean };
  readonly inputs: { readonly input: Values; readonly cotangent: Values };
  readonly expected: { readonly output?: Values; readonly gradientInput?: Values; readonly gradientP?: number };
  readonly tolerance: { readonly rel: number; readonly abs: number };
}

/** Runs the recorded cases of a pooling layer, and what is true of both layers. `shape` is one of a small input. */
export function testPooling(
  pooling: (options?: GeneralizedMeanPoolingOptions) => layers.Layer,
  cases: readonly PoolingCase[],
  shape: number[],
): void {
  const optionsOf = ({ options }: PoolingCase) => options as GeneralizedMeanPoolingOptions;

  describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
    beforeAll(() => useBackend(backend));

    test.each(cases)('agrees with TensorFlow Similarity on $name', (sample) => {
      const { inputs, expected, tolerance } = sample;
      const x = tf.tensor(inputs.input.data, inputs.input.shape);
      // Infinite p with kept axes: the cotangent was recorded for the library's wrong shape; only the output counts.
      const cotangent = tf.tensor(inputs.cotangent.data, inputs.cotangent.shape);
      const layer = pooling(optionsOf(sample));
      const before = tf.memory().numTensors;
      const output = layer.apply(x) as tf.Tensor;
      expect(tf.memory().numTensors).toBe(before + 1);
      expect(output.shape).toEqual(expected.output!.shape);
      expect(layer.computeOutputShape(x.shape)).toEqual(output.shape);
      expectClose(output.dataSync(), expected.output!.data, tolerance.rel, tolerance.abs);
      if (cotangent.size !== output.size) return;
      const score = (at: tf.Tensor) => tf.sum(tf.mul(layer.apply(at) as tf.Tensor, cotangent)) as tf.Scalar;
      expectClose(tf.grad(score)(x).dataSync(), expected.gradientInput!.data, tolerance.rel, tolerance.abs);
    });

    test.each(cases.filter(({ expected }) => expected.gradientP !== undefined))(
      'trains p, with the gradient of float64 differences, on $name',
      (sample) => {
        const { inputs, expected } = sample;
        const x = tf.tensor(inputs.input.data, inputs.input.shape);
        const cotangent = tf.tensor(inputs.cotangent.data, inputs.cotangent.shape);
        const layer = pooling({ ...optionsOf(sample), trainP: true });
        layer.build(x.shape);
        expect(layer.trainableWeights).toHaveLength(1);
        const { grads } = tf.variableGrads(() => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, cotangent)) as tf.Scalar);
        expectClose(Object.values(grads)[0]!.dataSync(), [expected.gradientP!], 1e-4, 1e-4);
        for (const weight of layer.weights) weight.dispose();
      },
    );

    test('takes any values: large powers do not overflow, and equal values share their gradient', () => {
      const x = tf.mul(tf.ones(shape), 1000);
      const rest = tf.add(x, tf.reshape(tf.range(0, x.size), shape));
      expect((pooling({ p: 200 }).apply(rest) as tf.Tensor).dataSync().every(Number.isFinite)).toBe(true);
      for (const p of [3, Infinity, -Infinity] as number[]) {
        const layer = pooling({ p });
        const score = (at: tf.Tensor) => tf.sum(layer.apply(at) as tf.Tensor) as tf.Scalar;
        const gradient = [...tf.grad(score)(x).dataSync()];
        // Adding the same to every value adds as much to the result: over one channel the gradient sums up to 1.
        const channels = shape.at(-1)!;
        const total = gradient.reduce((sum, value) => sum + value, 0);
        expect(total).toBeCloseTo(shape[0]! * channels, 3);
        for (const value of gradient) expect(value).toBeCloseTo(total / gradient.length, 5);
      }
    });
  });

  test('saves and loads with tfjs alone, with an infinite or trained p', async () => {
    await useBackend('cpu');
    for (const options of [
      { p: -Infinity, keepDims: true },
      { p: 2, trainP: true, dataFormat: 'channelsFirst' },
    ] as const) {
      const at = input({ shape: shape.slice(1) });
      const net = model({ inputs: at, outputs: pooling(options).apply(at) as SymbolicTensor });
      let artifacts: tf.io.ModelArtifacts | undefined;
      const handler = tf.io.withSaveHandler(async (saved) => {
        artifacts = saved;
        return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
      });
      await net.save(handler);
      const topology = JSON.parse(JSON.stringify(artifacts!.modelTopology)) as object;
      registerLayers();
      const loaded = await loadLayersModel(tf.io.fromMemory({ ...artifacts!, modelTopology: topology }));
      const x = tf.randomNormal(shape);
      expect([...(loaded.predict(x) as tf.Tensor).dataSync()]).toEqual([...(net.predict(x) as tf.Tensor).dataSync()]);
      expect(loaded.trainableWeights).toHaveLength('trainP' in options ? 1 : 0);
    }
  });
}
