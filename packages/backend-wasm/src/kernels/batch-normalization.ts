import { util } from '@tensorflow/tfjs-core';
import type { FusedBatchNormAttrs } from '@tensorflow/tfjs-core';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** Batch normalisation with one mean and variance a channel, channels last, and the sums that its gradients need. */
export const batchNormalization: KernelFactory = (runner) => {
  const { kernels } = runner;
  return {
    FusedBatchNorm({ x, mean, variance, offset, scale }, attrs) {
      if (!x || !mean || !variance || !areFloats(x, mean, variance, offset, scale)) return undefined;
      const channels = x.shape.at(-1) ?? 1;
      const byChannel = [mean, variance, offset, scale].every(
        (tensor) => !tensor || (tensor.shape.length === 1 && tensor.shape[0] === channels),
      );
      if (!byChannel) return undefined;
      const { varianceEpsilon } = attrs as unknown as FusedBatchNormAttrs;
      const out = runner.output(x.shape);
      const size = util.sizeFromShape(x.shape);
      if (size === 0) return out;
      const optional = [scale, offset].filter((tensor) => tensor !== undefined && tensor !== null);
      runner.run(
        [x, mean, variance, ...optional],
        [out],
        (xAt = 0, meanAt = 0, varianceAt = 0, ...more) => {
          const scaleAt = scale ? more.shift()! : 0;
          const offsetAt = offset ? more.shift()! : 0;
          const [outAt = 0, factorAt = 0] = more;
          const rows = size / channels;
          kernels.batchNormalize(
            rows,
            channels,
            xAt,
            meanAt,
            varianceAt,
            scaleAt,
            offsetAt,
            varianceEpsilon,
            outAt,
            factorAt,
          );
        },
        channels * 4,
      );
      return out;
    },
    SimileBatchNormSums({ x, dy, mean }) {
      const channels = mean!.shape[0]!;
      const rows = util.sizeFromShape(x!.shape) / Math.max(1, channels);
      const sums = runner.output([channels]);
      const products = runner.output([channels]);
      runner.run([x!, dy!, mean!], [sums, products], (xAt = 0, dyAt = 0, meanAt = 0, sumsAt = 0, productsAt = 0) =>
        kernels.batchNormalizationSums(rows, channels, xAt, dyAt, meanAt, sumsAt, productsAt),
      );
      return [sums, products];
    },
  };
};
