import { l2Normalize } from '@simile/core';
import { checkNames } from '@simile/core/errors';
import { add, clone, dispose, keep, mean, moments, sqrt, tidy, type Scalar, type Tensor } from '@simile/core/ops';
import { serialization } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

type LayerOptions = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** Options of {@link activationStdLogging}: those of every tfjs layer; `name` says whose activations it watches. */
export type ActivationStdLoggingOptions = LayerOptions;

/** A layer that lets its input through and keeps account of how spread it is. */
export class ActivationStdLogging extends layers.Layer {
  static className = 'ActivationStdLogging';
  private total: Scalar | undefined;
  private batches = 0;

  override call(inputs: Tensor | Tensor[], kwargs: Parameters<layers.Layer['call']>[1]): Tensor {
    return tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const spread = mean(sqrt(moments(l2Normalize(x), 0).variance)) as Scalar;
      const before = this.total;
      this.total = keep(before ? add(before, spread) : clone(spread)) as Scalar;
      before?.dispose();
      this.batches++;
      return clone(x);
    });
  }

  override computeOutputShape<S>(inputShape: S): S {
    return inputShape;
  }

  /** Mean of the spread over the batches since the last {@link ActivationStdLogging.reset}; NaN before the first. */
  async value(): Promise<number> {
    const [total = Number.NaN] = this.total ? await this.total.data() : [];
    return total / this.batches;
  }

  /** Forgets the batches so far, as at the begin of an epoch, and frees what it kept. */
  reset(): void {
    dispose(this.total ?? []);
    this.total = undefined;
    this.batches = 0;
  }
}

/**
 * Watches for collapse: passes its input on and keeps the mean over features of the standard deviation over the batch of
 * the activations, each row brought to length 1 first. Healthy is about 1/√d (0.088 at 128 features); 0 means that all
 * rows point the same way.
 *
 * $$ s = \frac1d \sum_k \operatorname{std}_i\, \frac{x_{ik}}{\lVert x_i \rVert} $$
 *
 * | tensor | shape | dtype | unit |
 * | ------ | ----- | ----- | ---- |
 * | input  | `[n, d]` | float32 | any |
 * | output | `[n, d]` | float32 | the input itself |
 *
 * The value is read with `await layer.value()`, in a callback at the end of an epoch for instance, and forgotten with
 * `layer.reset()`, which also frees the one number that the layer keeps between batches. Cost: O(n·d) time.
 *
 * @throws `ERR_OPTION` for an unknown option.
 * @see Chen & He, “Exploring simple Siamese representation learning”, CVPR 2021, section 4.1:
 *   https://arxiv.org/abs/2011.10566
 * @example
 * const watch = activationStdLogging({ name: 'projection' });
 * watch.apply(tensor2d([[1, 0], [0, 1]]));
 * await watch.value(); // 0.5: each feature is 0 once and 1 once
 */
export function activationStdLogging(options: ActivationStdLoggingOptions = {}): ActivationStdLogging {
  checkNames('activation-std-logging', options, KNOWN);
  serialization.registerClass(ActivationStdLogging);
  return new ActivationStdLogging(options);
}

const KNOWN: readonly (keyof ActivationStdLoggingOptions)[] = [
  'inputShape',
  'batchInputShape',
  'batchSize',
  'dtype',
  'name',
  'trainable',
  'weights',
  'inputDType',
];
