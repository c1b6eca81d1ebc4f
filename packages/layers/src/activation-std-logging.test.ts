import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from '../test/expect-close.ts';
import golden from './activation-std-logging.golden.json' with { type: 'json' };
import { activationStdLogging } from './activation-std-logging.ts';
import { useBackend } from '../test/use-backend.ts';

describe.each(['cpu', 'wasm'] as const)('activationStdLogging on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(golden.cases)('agrees with TensorFlow Similarity on $name', async ({ inputs, expected, tolerance }) => {
    const layer = activationStdLogging();
    for (const { data, shape } of inputs.batches) {
      const x = tf.tensor2d(data, shape as [number, number]);
      const output = layer.apply(x) as tf.Tensor;
      expect([...output.dataSync()]).toEqual([...x.dataSync()]);
    }
    expectClose([await layer.value()], [expected.value], tolerance.rel, tolerance.abs);
  });

  test('watches training without changing it, keeps one number, and forgets on demand', async () => {
    const watch = activationStdLogging({ name: 'hidden' });
    const kernelInitializer = initializers.glorotUniform({ seed: 7 });
    const net = sequential({ layers: [layers.dense({ units: 3, inputShape: [2], kernelInitializer }), watch] });
    const plain = sequential({ layers: [layers.dense({ units: 3, inputShape: [2], kernelInitializer })] });
    const x = tf.tensor2d([[1, 2], [3, -1], [0, 1], [2, 2]]); // prettier-ignore
    const y = tf.zeros([4, 3]);
    for (const trained of [net, plain]) {
      trained.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      await trained.fit(x, y, { epochs: 3, batchSize: 2, shuffle: false, verbose: 0 });
    }
    expect([...net.getWeights()[0]!.dataSync()]).toEqual([...plain.getWeights()[0]!.dataSync()]);
    expect(await watch.value()).toBeGreaterThan(0);
    const before = tf.memory().numTensors;
    watch.reset();
    expect(tf.memory().numTensors).toBe(before - 1);
    expect(await watch.value()).toBeNaN();
    watch.reset();
    const output = watch.apply(x) as tf.Tensor;
    expect(tf.memory().numTensors).toBe(before + 1); // the output, and the number kept
    output.dispose();
  });
});

test('two rows at right angles have a spread of one half, as in the example', async () => {
  await useBackend('cpu');
  const layer = activationStdLogging();
  layer.apply(tf.tensor2d([[1, 0], [0, 1]])); // prettier-ignore
  expect(await layer.value()).toBeCloseTo(0.5, 6);
});

test('activationStdLogging refuses an option that it does not know', () => {
  expect(() => activationStdLogging({ axis: 1 } as object)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: activation-std-logging: options are inputShape, batchInputShape, batchSize, dtype, name, trainable, weights, inputDType, but got 'axis'. Check the spelling. [ERR_OPTION]]`,
  );
});
