import { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import {
  checkPoolingOptions,
  GeneralizedMeanPooling,
  type GeneralizedMeanPoolingOptions,
} from './generalized-mean-pooling.ts';

/** The layer class, for registration. */
export class GeneralizedMeanPooling1D extends GeneralizedMeanPooling {
  static className = 'GeneralizedMeanPooling1D';
  protected override readonly spatialAxes = 1;
  protected override readonly where = 'generalized-mean-pooling1d';
}

/**
 * Generalised mean of each channel over all places of sequences (GeM): between mean (p = 1) and maximum (p = Infinity).
 *
 * $$ f_c = \Bigl(\frac{1}{|X|} \sum_{x \in X} (x - m + 1)^p\Bigr)^{1/p} + m - 1, \quad m = \min_{x \in X} x $$
 *
 * The paper has no m and so wants activations above 0; moving the least one to 1, as TensorFlow Similarity does, allows any.
 *
 * | tensor | shape | dtype | unit |
 * | ------ | ----- | ----- | ---- |
 * | input  | `[n, steps, channels]`; channelsFirst: `[n, channels, steps]` | float32 | any |
 * | output | `[n, channels]`; keepDims: ones in place of the pooled axes | float32 | that of the input |
 *
 * Powers are taken in logarithms, so none overflows. With `trainP`, p is one weight, shared by all channels. Cost: O(n·steps·channels).
 *
 * @throws `ERR_OPTION`; `ERR_SHAPE` for an input with another number of axes.
 * @see Radenović, Tolias & Chum, “Fine-tuning CNN image retrieval with no human annotation”, TPAMI 2019, eq. 3:
 *   https://arxiv.org/abs/1711.02512
 * @example
 * generalizedMeanPooling1d({ p: 1 }).apply(tensor3d([[[1], [2], [3]]])); // [[2]]
 */
export function generalizedMeanPooling1d(options: GeneralizedMeanPoolingOptions = {}): layers.Layer {
  checkPoolingOptions('generalized-mean-pooling1d', options);
  serialization.registerClass(GeneralizedMeanPooling1D);
  return new GeneralizedMeanPooling1D(options);
}
