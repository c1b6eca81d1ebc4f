import { backend_util, util } from '@tensorflow/tfjs-core';
import type { AvgPoolGradAttrs, MaxPoolGradAttrs } from '@tensorflow/tfjs-core';
import type { PoolNumbers } from '../kernel-exports.ts';
import type { KernelRunner } from '../kernel-runner.ts';
import { areFloats } from './kernel.ts';
import type { Kernel, KernelFactory } from './kernel.ts';

/** Two-dimensional pooling: both gradients, and the forward passes where padding makes stock wrong. */
export const pool: KernelFactory = (runner) => {
  const { kernels } = runner;
  return {
    MaxPool: forward(runner, kernels.maxPool),
    AvgPool: forward(runner, kernels.averagePool),
    MaxPoolGrad({ dy, input }, attrs) {
      if (!dy || !input || !areFloats(dy, input)) return undefined;
      const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolGradAttrs;
      const info = poolInfo(input.shape, filterSize, strides, pad, dimRoundingMode);
      const out = runner.output(input.shape);
      if (util.sizeFromShape(input.shape) === 0) return out;
      runner.run([input, dy], [out], (xAt = 0, dyAt = 0, outAt = 0) =>
        kernels.maxPoolGradient(xAt, dyAt, outAt, ...numbersOf(info)),
      );
      return out;
    },
    AvgPoolGrad({ dy, input }, attrs) {
      if (!dy || !input || !areFloats(dy, input)) return undefined;
      const { filterSize, strides, pad } = attrs as unknown as AvgPoolGradAttrs;
      const info = poolInfo(input.shape, filterSize, strides, pad);
      const out = runner.output(input.shape);
      if (util.sizeFromShape(input.shape) === 0) return out;
      runner.run([dy], [out], (dyAt = 0, outAt = 0) => kernels.averagePoolGradient(dyAt, outAt, ...numbersOf(info)));
      return out;
    },
  };
};

/** XNNPACK keeps the windows that are VALID or SAME; with other paddings it gets sizes and empty windows wrong. */
function forward(runner: KernelRunner, pool: (x: number, y: number, ...of: PoolNumbers) => void): Kernel {
  return ({ x }, attrs) => {
    if (!x || !areFloats(x)) return undefined;
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolGradAttrs;
    const info = poolInfo(x.shape, filterSize, strides, pad, dimRoundingMode);
    if (info.padInfo.type === 'SAME' || info.padInfo.type === 'VALID') return undefined;
    const out = runner.output(info.outShape);
    runner.run([x], [out], (xAt = 0, outAt = 0) => pool(xAt, outAt, ...numbersOf(info)));
    return out;
  };
}

function poolInfo(
  shape: readonly number[],
  filterSize: MaxPoolGradAttrs['filterSize'],
  strides: MaxPoolGradAttrs['strides'],
  pad: MaxPoolGradAttrs['pad'],
  dimRoundingMode?: MaxPoolGradAttrs['dimRoundingMode'],
): backend_util.Conv2DInfo {
  const images = shape as [number, number, number, number];
  return backend_util.computePool2DInfo(images, filterSize, strides, 1, pad, dimRoundingMode);
}

function numbersOf(info: backend_util.Conv2DInfo): PoolNumbers {
  return [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
}
