import { l2Normalize } from '@simile/core';
import { checkInteger, checkNames, SimileError } from '@simile/core/errors';
import { tidy, type Tensor, type Tensor2D } from '@simile/core/ops';
import { serialization } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';

type DenseOptions = Parameters<typeof layers.dense>[0];
type Dense = ReturnType<typeof layers.dense>;

/** Options of {@link metricEmbedding}: all those of `tf.layers.dense`. */
export interface MetricEmbeddingOptions extends DenseOptions {
  /** Length of an embedding; a whole number above 0. */
  units: number;
  /** Whether a bias is added before the rows are normalised. Default true. */
  useBias?: boolean;
  /** Default `'glorotUniform'`, as Keras has it (`tf.layers.dense` itself begins with `'glorotNormal'`). */
  kernelInitializer?: NonNullable<DenseOptions['kernelInitializer']>;
}

/**
 * Dense layer whose rows are brought to length 1: the last layer of an embedding model.
 *
 * $$ y = z / \lVert z \rVert_2, \quad z = \operatorname{activation}(x W + b) $$
 *
 * | tensor | shape        | dtype   | unit                                             |
 * | ------ | ------------ | ------- | ------------------------------------------------ |
 * | input  | `[n, d]`     | float32 | any                                              |
 * | kernel | `[d, units]` | float32 |                                                  |
 * | bias   | `[units]`    | float32 |                                                  |
 * | output | `[n, units]` | float32 | rows of length 1; a row shorter than 1e-12 is 0  |
 *
 * Gradients are finite everywhere; that of a row of zeros is 0. Saved models hold the layer as `MetricEmbedding`; to load
 * one with tfjs alone, call `registerLayers()` before. Cost: O(n·d·units) time.
 *
 * @throws `ERR_OPTION` for `units` or an unknown option; `ERR_SHAPE` for an input that is not of rank 2.
 * @see Schroff, Kalenichenko & Philbin, “FaceNet”, CVPR 2015, section 3 (embeddings on the unit sphere):
 *   https://arxiv.org/abs/1503.03832
 * @example
 * const layer = metricEmbedding({ units: 2, kernelInitializer: 'identity' });
 * layer.apply(tensor2d([[3, 4]])); // [[0.6, 0.8]]
 */
export function metricEmbedding(options: MetricEmbeddingOptions): layers.Layer {
  checkNames('metric-embedding', options, KNOWN);
  checkInteger('metric-embedding', { units: options.units }, 1);
  const MetricEmbedding = metricEmbeddingClass();
  serialization.registerClass(MetricEmbedding);
  return new MetricEmbedding({ kernelInitializer: 'glorotUniform', ...options });
}

type DenseClass = (new (options: DenseOptions) => Dense) & Parameters<typeof serialization.registerClass>[0];

let made: DenseClass | undefined;

/** The class, made on the first call: tfjs keeps its Dense class to itself, so it has to be taken from a layer. */
export function metricEmbeddingClass(): DenseClass {
  made ??= defineClass(layers.dense({ units: 1, name: 'unused' }).constructor as DenseClass);
  return made;
}

function defineClass(Base: DenseClass): DenseClass {
  return class MetricEmbedding extends Base {
    static override className = 'MetricEmbedding';

    constructor(options: DenseOptions) {
      super(options);
      this.inputSpec = []; // build checks the rank, in words of ours
    }

    override build(inputShape: Shape | Shape[]): void {
      const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
      if (shape.length !== 2 || shape[1] === null) {
        throw new SimileError({
          where: 'metric-embedding',
          rule: 'its input must have shape [n, d], one row an item, with d known',
          got: shape,
          remedy: 'Put a flatten or global pooling layer before it.',
          code: 'ERR_SHAPE',
        });
      }
      super.build(inputShape);
      this.inputSpec = [{ ndim: 2, axes: { [-1]: shape[1]! } }];
    }

    override call(inputs: Tensor | Tensor[], kwargs: Parameters<Dense['call']>[1]): Tensor | Tensor[] {
      return tidy(() => l2Normalize(super.call(inputs, kwargs) as Tensor2D));
    }
  };
}

const KNOWN: readonly (keyof MetricEmbeddingOptions)[] = [
  'units',
  'activation',
  'useBias',
  'kernelInitializer',
  'biasInitializer',
  'inputDim',
  'kernelConstraint',
  'biasConstraint',
  'kernelRegularizer',
  'biasRegularizer',
  'activityRegularizer',
  'inputShape',
  'batchInputShape',
  'batchSize',
  'dtype',
  'name',
  'trainable',
  'weights',
  'inputDType',
];
