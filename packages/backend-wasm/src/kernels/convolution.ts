import { backend_util, util } from '@tensorflow/tfjs-core';
import type { Conv2DAttrs, Conv2DBackpropFilterAttrs, Conv2DBackpropInputAttrs } from '@tensorflow/tfjs-core';
import type { ConvolutionNumbers } from '../kernel-exports.ts';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** Most filter taps, height × width, that the gathering kernels have room for. */
const TAP_LIMIT = 1024;

/** Two-dimensional convolutions of images `[batch, height, width, channels]`: forward where stock is wrong or slower, and both gradients. */
export const convolution: KernelFactory = (runner) => {
  const { kernels } = runner;
  const gemmBytes = kernels.gemmWorkspaceBytes();
  return {
    Conv2D({ x, filter }, attrs) {
      if (!x || !filter || !areFloats(x, filter)) return undefined;
      const { strides, pad, dilations, dataFormat, dimRoundingMode } = attrs as unknown as Conv2DAttrs;
      if (dataFormat !== 'NHWC') return undefined;
      const info = convolutionInfo(x.shape, filter.shape, strides, dilations, pad, dimRoundingMode);
      if (!oursIsNeeded(info) || info.filterHeight * info.filterWidth > TAP_LIMIT) return undefined;
      const out = runner.output(info.outShape);
      if (util.sizeFromShape(info.outShape) === 0) return out;
      runner.run(
        [x, filter],
        [out],
        (xAt = 0, filterAt = 0, outAt = 0, workspace = 0) =>
          kernels.convolve(xAt, filterAt, outAt, workspace, ...numbersOf(info)),
        kernels.convolutionWorkspaceBytes(Math.max(info.inChannels, info.outChannels)),
      );
      return out;
    },
    Conv2DBackpropInput({ dy, filter }, attrs) {
      if (!dy || !filter || !areFloats(dy, filter)) return undefined;
      const { strides, pad, dataFormat, dimRoundingMode, inputShape } = attrs as unknown as Conv2DBackpropInputAttrs;
      if (dataFormat !== 'NHWC') return undefined;
      const info = convolutionInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode);
      if (info.filterHeight * info.filterWidth > TAP_LIMIT) return undefined;
      const out = runner.output(info.inShape);
      if (util.sizeFromShape(info.inShape) === 0) return out;
      runner.run(
        [dy, filter],
        [out],
        (dyAt = 0, filterAt = 0, outAt = 0, workspace = 0) =>
          kernels.inputGradient(dyAt, filterAt, outAt, workspace, ...numbersOf(info)),
        kernels.convolutionWorkspaceBytes(Math.max(info.inChannels, info.outChannels)),
      );
      return out;
    },
    Conv2DBackpropFilter({ x, dy }, attrs) {
      if (!x || !dy || !areFloats(x, dy)) return undefined;
      const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as unknown as Conv2DBackpropFilterAttrs;
      if (dataFormat !== 'NHWC') return undefined;
      const info = convolutionInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
      const out = runner.output(info.filterShape);
      if (util.sizeFromShape(info.filterShape) === 0) return out;
      runner.run(
        [x, dy],
        [out],
        (xAt = 0, dyAt = 0, outAt = 0, workspace = 0) =>
          kernels.filterGradient(xAt, dyAt, outAt, workspace, ...numbersOf(info)),
        gemmBytes,
      );
      return out;
    },
  };
};

type Strides = Conv2DAttrs['strides'];

function convolutionInfo(
  inShape: readonly number[],
  filterShape: readonly number[],
  strides: Strides,
  dilations: Strides,
  pad: Conv2DAttrs['pad'],
  dimRoundingMode: Conv2DAttrs['dimRoundingMode'],
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
}

function numbersOf(info: backend_util.Conv2DInfo): ConvolutionNumbers {
  return [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
    info.dilationHeight,
    info.dilationWidth,
  ];
}

/**
 * Stock wasm hands SAME padding to XNNPACK by name, which then works it out on its own and gets another padding where the
 * windows need less than the whole image: (out − 1) · stride + filter < in.
 */
function oursIsNeeded(info: backend_util.Conv2DInfo): boolean {
  const short = (out: number, stride: number, filter: number, size: number): boolean =>
    (out - 1) * stride + filter < size;
  return (
    info.padInfo.type === 'SAME' &&
    (short(info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.inHeight) ||
      short(info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.inWidth))
  );
}
