import * as tf from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  loadLayersModel,
  model,
  sequential,
  layers,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from '../test/expect-close.ts';
import golden from './metric-embedding.golden.json' with { type: 'json' };
import { metricEmbedding } from './metric-embedding.ts';
import { registerLayers } from './register-layers.ts';
import { useBackend } from '../test/use-backend.ts';

interface Values {
  readonly shape: number[];
  readonly data: number[];
}

/** Rows of x·W + b brought to length 1, by plain loops in float64. */
function oracle(x: Values, kernel: Values, bias: readonly number[]): number[] {
  const [n, d] = x.shape as [number, number];
  const units = kernel.shape[1]!;
  return Array.from({ length: n }).flatMap((_, row) => {
    const z = Array.from({ length: units }, (_, unit) => {
      let sum = bias[unit] ?? 0;
      for (let i = 0; i < d; i++) sum += x.data[row * d + i]! * kernel.data[i * units + unit]!;
      return sum;
    });
    const length = Math.hypot(...z);
    return z.map((value) => (length === 0 ? 0 : value / length));
  });
}

describe.each(['cpu', 'wasm'] as const)('metricEmbedding on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(golden.cases)('agrees with TensorFlow Similarity on $name', ({ options, inputs, expected, tolerance }) => {
    const { units, useBias, activation } = options;
    const x = tf.tensor2d(inputs.input.data, inputs.input.shape as [number, number]);
    const cotangent = tf.tensor2d(inputs.cotangent.data, inputs.cotangent.shape as [number, number]);
    const layer = metricEmbedding({ units, useBias, ...(activation ? { activation: 'relu' as const } : {}) });
    layer.build(x.shape);
    const weights = [inputs.kernel, ...('bias' in inputs ? [inputs.bias] : [])];
    layer.setWeights(weights.map(({ data, shape }) => tf.tensor(data, shape)));

    const output = layer.call(x, {}) as tf.Tensor2D;
    expect(output.shape).toEqual(expected.output.shape);
    expectClose(output.dataSync(), expected.output.data, tolerance.rel, tolerance.abs);

    // The library's gradient of a row of zeros is a million times the cotangent; ours is 0.
    const zeros = expected.output.data.flatMap((_, i, all) =>
      i % units === 0 && all.slice(i, i + units).every((value) => value === 0) ? [i / units] : [],
    );
    const score = (at: tf.Tensor) => tf.sum(tf.mul(layer.call(at, {}) as tf.Tensor, cotangent)) as tf.Scalar;
    const gradient = tf.grad(score)(x).dataSync();
    const width = x.shape[1];
    const wanted = expected.gradientInput.data.map((value, i) => (zeros.includes(Math.floor(i / width)) ? 0 : value));
    expectClose(gradient, wanted, tolerance.rel, tolerance.gradientAbs);

    const { grads } = tf.variableGrads(() => score(x));
    const byRank = new Map(Object.values(grads).map((grad) => [grad.rank, grad.dataSync()]));
    expectClose(byRank.get(2)!, expected.gradientKernel.data, tolerance.rel, tolerance.gradientAbs);
    if ('gradientBias' in expected && zeros.length === 0) {
      expectClose(byRank.get(1)!, expected.gradientBias!.data, tolerance.rel, tolerance.gradientAbs);
    }
  });

  test('works in tf.model and tf.sequential, and leaves no tensor behind', () => {
    const at = input({ shape: [3] });
    const net = model({ inputs: at, outputs: metricEmbedding({ units: 2 }).apply(at) as SymbolicTensor });
    const chain = sequential({ layers: [metricEmbedding({ units: 2, inputShape: [3] })] });
    const x = tf.tensor2d([[1, -2, 0.5], [0, 0, 0]]); // prettier-ignore
    const [kernel, bias] = net.getWeights();
    const wanted = oracle(
      { shape: x.shape, data: [...x.dataSync()] },
      { shape: kernel!.shape, data: [...kernel!.dataSync()] },
      [...bias!.dataSync()],
    );
    chain.setWeights(net.getWeights());
    const before = tf.memory().numTensors;
    for (const trained of [net, chain]) {
      const output = trained.predict(x) as tf.Tensor;
      expect(tf.memory().numTensors).toBe(before + 1);
      expectClose(output.dataSync(), wanted, 1e-5, 1e-6);
      output.dispose();
    }
  });
});

describe('metricEmbedding', () => {
  beforeAll(() => useBackend('cpu'));

  test('brings rows to length 1, as in its example', () => {
    const at = input({ shape: [2] });
    const output = metricEmbedding({ units: 2, kernelInitializer: 'identity' }).apply(at) as SymbolicTensor;
    const embedded = model({ inputs: at, outputs: output }).predict(tf.tensor2d([[3, 4]])) as tf.Tensor;
    expectClose(embedded.dataSync(), [0.6, 0.8], 0, 1e-7); // 3/5, 4/5
  });

  test('begins with Glorot-uniform weights', () => {
    const layer = metricEmbedding({ units: 50 });
    layer.build([null, 100]);
    const weights = [...layer.getWeights()[0]!.dataSync()];
    const limit = Math.sqrt(6 / 150);
    expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(limit);
    const variance = weights.reduce((sum, value) => sum + value * value, 0) / weights.length;
    expect(variance / (limit ** 2 / 3)).toBeCloseTo(1, 1); // variance of a uniform distribution
  });

  test('is trained by fit', async () => {
    const net = sequential({ layers: [metricEmbedding({ units: 2, inputShape: [2] })] });
    net.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const x = tf.tensor2d([[1, 0], [0, 1]]); // prettier-ignore
    const { history } = await net.fit(x, tf.tensor2d([[0, 1], [1, 0]]), { epochs: 60, verbose: 0 }); // prettier-ignore
    expect(Number(history['loss']!.at(-1))).toBeLessThan(Number(history['loss']![0]));
  });

  test('saves and loads with tfjs alone, options and weights included', async () => {
    const net = sequential({
      layers: [
        layers.dense({ units: 4, inputShape: [3], activation: 'relu' }),
        metricEmbedding({
          units: 2,
          useBias: false,
          name: 'embedding',
          kernelInitializer: initializers.heNormal({ seed: 3 }),
        }),
      ],
    });
    let artifacts: tf.io.ModelArtifacts | undefined;
    await net.save(tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
    })); // prettier-ignore
    // Through text, as a file would have it.
    const topology = JSON.parse(JSON.stringify(artifacts!.modelTopology)) as object;
    registerLayers();
    registerLayers();
    const loaded = await loadLayersModel(tf.io.fromMemory({ ...artifacts!, modelTopology: topology }));
    const layer = loaded.getLayer('embedding');
    expect(layer.getClassName()).toBe('MetricEmbedding');
    expect(layer.getConfig()).toMatchObject({ units: 2, useBias: false, name: 'embedding' });
    const x = tf.tensor2d([[0.5, 1, -1], [2, 0, 1]]); // prettier-ignore
    expect([...(loaded.predict(x) as tf.Tensor).dataSync()]).toEqual([...(net.predict(x) as tf.Tensor).dataSync()]);
  });

  test('refuses input that is not of rank 2', () => {
    const image = input({ shape: [4, 4, 3] });
    expect(() => metricEmbedding({ units: 2 }).apply(image)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: metric-embedding: its input must have shape [n, d], one row an item, with d known, but got [null, 4, 4, 3]. Put a flatten or global pooling layer before it. [ERR_SHAPE]]`,
    );
    const vague = input({ shape: [null] });
    expect(() => metricEmbedding({ units: 2 }).apply(vague)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: metric-embedding: its input must have shape [n, d], one row an item, with d known, but got [null, null]. Put a flatten or global pooling layer before it. [ERR_SHAPE]]`,
    );
  });

  test('refuses units that are no count, and options that it does not know', () => {
    expect(() => metricEmbedding({ units: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: metric-embedding: units must be a whole number of at least 1, but got 0. Leave units out to use the default. [ERR_OPTION]]`,
    );
    expect(() => metricEmbedding({ units: 2, unit: 3 } as { units: number })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: metric-embedding: options are units, activation, useBias, kernelInitializer, biasInitializer, inputDim, kernelConstraint, biasConstraint, kernelRegularizer, biasRegularizer, activityRegularizer, inputShape, batchInputShape, batchSize, dtype, name, trainable, weights, inputDType, but got 'unit'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
