import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { numbers } from './numbers.ts';

/** A model to train for a few steps, with the shape of its inputs; `ids` counts the values of integer inputs. */
export interface Case {
  readonly shape: readonly number[];
  readonly ids?: number;
  readonly model: () => layers.LayersModel;
}

/** Models whose training uses, between them, every kernel of ours. */
export const cases: Readonly<Record<string, Case>> = {
  dense: {
    shape: [37],
    model: () => sequential(dense(33, { inputShape: [37], activation: 'relu' }), dense(8)),
  },
  convolutional: {
    shape: [12, 12, 3],
    model: () =>
      sequential(
        convolution(8, { inputShape: [12, 12, 3], activation: 'relu' }),
        convolution(12, { strides: 2, padding: 'same', activation: 'relu' }),
        layers.layers.flatten(),
        dense(8),
      ),
  },
  'convolution, pooling and batch normalisation': {
    shape: [14, 14, 1],
    model: () =>
      sequential(
        convolution(16, { inputShape: [14, 14, 1] }),
        layers.layers.batchNormalization({ momentum: 0.95, epsilon: 1e-3 }),
        layers.layers.activation({ activation: 'relu' }),
        layers.layers.maxPooling2d({ poolSize: 2 }),
        convolution(24),
        layers.layers.batchNormalization({ momentum: 0.95, epsilon: 1e-3 }),
        layers.layers.activation({ activation: 'relu' }),
        layers.layers.averagePooling2d({ poolSize: 2 }),
        layers.layers.flatten(),
        dense(8),
      ),
  },
  depthwise: {
    shape: [10, 10, 4],
    model: () =>
      sequential(
        layers.layers.depthwiseConv2d({
          inputShape: [10, 10, 4],
          kernelSize: 3,
          depthMultiplier: 2,
          depthwiseInitializer: values(),
        }),
        layers.layers.reLU(),
        convolution(6, { kernelSize: 1 }),
        layers.layers.globalAveragePooling2d({}),
        dense(8),
      ),
  },
  embedding: {
    shape: [5],
    ids: 20,
    model: () =>
      sequential(
        layers.layers.embedding({ inputDim: 20, outputDim: 6, inputLength: 5, embeddingsInitializer: values() }),
        layers.layers.flatten(),
        dense(8),
      ),
  },
};

type Layer = layers.layers.Layer;

const BATCH = 12;

/** Losses of `steps` steps of `optimizer` on the active backend, always from the same weights and batches. */
export function losses({ shape, ids, model }: Case, optimizer: tf.Optimizer, steps = 5): number[] {
  seed = 0;
  const network = model();
  const size = shape.reduce((a, b) => a * b, BATCH);
  const result = Array.from({ length: steps }, (_, step) => {
    const data = numbers(size, 100 + step);
    const x = tf.tensor(ids ? data.map((value) => Math.floor(((value + 1) / 2) * ids)) : data, [BATCH, ...shape]);
    const cost = optimizer.minimize(() => pairwiseLoss(network.apply(x, { training: true }) as tf.Tensor2D), true);
    const value = cost!.dataSync()[0]!;
    tf.dispose([x, cost!]);
    return value;
  });
  network.dispose();
  return result;
}

/** A multi-similarity style loss: every third row is of one class. */
function pairwiseLoss(outputs: tf.Tensor2D): tf.Scalar {
  const norms = tf.sqrt(tf.maximum(tf.sum(tf.square(outputs), 1, true), 1e-12));
  const rows = tf.div(outputs, norms) as tf.Tensor2D;
  const similarity = tf.matMul(rows, rows, false, true);
  const classes = tf.mod(tf.range(0, BATCH, 1, 'int32'), tf.scalar(3, 'int32'));
  const same = tf.cast(tf.equal(tf.reshape(classes, [BATCH, 1]), tf.reshape(classes, [1, BATCH])), 'float32');
  const pull = tf.log(tf.add(1, tf.sum(tf.mul(tf.exp(tf.mul(-2, tf.sub(similarity, 0.5))), same), 1)));
  const push = tf.log(tf.add(1, tf.sum(tf.mul(tf.exp(tf.mul(4, tf.sub(similarity, 0.5))), tf.sub(1, same)), 1)));
  return tf.mean(tf.add(tf.div(pull, 2), tf.div(push, 4)));
}

let seed = 0;

function values(): ReturnType<typeof layers.initializers.glorotUniform> {
  return layers.initializers.glorotUniform({ seed: ++seed });
}

function sequential(...parts: Layer[]): layers.Sequential {
  return layers.sequential({ layers: parts });
}

function dense(units: number, of: object = {}): Layer {
  return layers.layers.dense({ units, kernelInitializer: values(), ...of });
}

function convolution(filters: number, of: object = {}): Layer {
  return layers.layers.conv2d({ filters, kernelSize: 3, kernelInitializer: values(), ...of });
}
