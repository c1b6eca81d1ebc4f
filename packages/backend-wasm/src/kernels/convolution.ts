import { util } from '@tensorflow/tfjs-core';
import type {
  backend_util,
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { KernelRunner } from '../kernel-runner.ts';
import type { WinogradNumbers } from '../kernel-exports.ts';
import { addBiasAndActivate, isOursToFuse } from './bias-activation.ts';
import { convolutionInfo, convolutionNumbers, isStockWrong } from './convolution-info.ts';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** Most filter taps, height × width, that the gathering kernels have room for. */
const TAP_LIMIT = 1024;

/**
 * Two-dimensional convolutions of images `[batch, height, width, channels]`: forward where stock is wrong or slower, and
 * both gradients.
 */
export const convolution: KernelFactory = (runner) => {
  const { kernels } = runner;
  const gemmBytes = kernels.gemmWorkspaceBytes();
  return {
    Conv2D({ x, filter }, attrs) {
      const of = attrs as unknown as Conv2DAttrs;
      if (!x || !filter || !areFloats(x, filter) || of.dataFormat !== 'NHWC') return undefined;
      const info = convolutionInfo(x.shape, filter.shape, of);
      return isOurs(info) ? convolve(runner, x, filter, info) : undefined;
    },
    FusedConv2D({ x, filter, bias, preluActivationWeights }, attrs) {
      const of = attrs as unknown as FusedConv2DAttrs;
      if (!x || !filter || !areFloats(x, filter, bias) || of.dataFormat !== 'NHWC') return undefined;
      const info = convolutionInfo(x.shape, filter.shape, of);
      if (!isOurs(info) || preluActivationWeights || !isOursToFuse(of.activation, bias, info.outChannels)) {
        return undefined;
      }
      const out = convolve(runner, x, filter, info);
      addBiasAndActivate(runner, out, bias, of.activation);
      return out;
    },
    Conv2DBackpropInput({ dy, filter }, attrs) {
      const of = attrs as unknown as Conv2DBackpropInputAttrs;
      if (!dy || !filter || !areFloats(dy, filter) || of.dataFormat !== 'NHWC') return undefined;
      const info = convolutionInfo(of.inputShape, filter.shape, of);
      if (info.filterHeight * info.filterWidth > TAP_LIMIT) return undefined;
      const out = runner.output(info.inShape);
      if (util.sizeFromShape(info.inShape) === 0) return out;
      const winograd = winogradNumbers(info, true);
      runner.run(
        [dy, filter],
        [out],
        (dyAt = 0, filterAt = 0, outAt = 0, workspace = 0) => {
          if (winograd) kernels.winogradConvolve(dyAt, filterAt, outAt, workspace, 1, ...winograd);
          else kernels.inputGradient(dyAt, filterAt, outAt, workspace, ...convolutionNumbers(info));
        },
        workspaceBytes(runner, info, winograd),
      );
      return out;
    },
    Conv2DBackpropFilter({ x, dy }, attrs) {
      const of = attrs as unknown as Conv2DBackpropFilterAttrs;
      if (!x || !dy || !areFloats(x, dy) || of.dataFormat !== 'NHWC') return undefined;
      const info = convolutionInfo(x.shape, of.filterShape, of);
      const out = runner.output(info.filterShape);
      if (util.sizeFromShape(info.filterShape) === 0) return out;
      const winograd = winogradNumbers(info, false);
      runner.run(
        [x, dy],
        [out],
        (xAt = 0, dyAt = 0, outAt = 0, workspace = 0) => {
          if (winograd) kernels.winogradFilterGradient(xAt, dyAt, outAt, workspace, ...winograd);
          else kernels.filterGradient(xAt, dyAt, outAt, workspace, ...convolutionNumbers(info));
        },
        winograd ? workspaceBytes(runner, info, winograd) : gemmBytes,
      );
      return out;
    },
  };
};

function convolve(runner: KernelRunner, x: TensorInfo, filter: TensorInfo, info: backend_util.Conv2DInfo): TensorInfo {
  const out = runner.output(info.outShape);
  if (util.sizeFromShape(info.outShape) === 0) return out;
  const winograd = winogradNumbers(info, false);
  runner.run(
    [x, filter],
    [out],
    (xAt = 0, filterAt = 0, outAt = 0, workspace = 0) => {
      if (winograd) runner.kernels.winogradConvolve(xAt, filterAt, outAt, workspace, 0, ...winograd);
      else runner.kernels.convolve(xAt, filterAt, outAt, workspace, ...convolutionNumbers(info));
    },
    workspaceBytes(runner, info, winograd),
  );
  return out;
}

function workspaceBytes(
  { kernels }: KernelRunner,
  { inChannels, outChannels }: backend_util.Conv2DInfo,
  winograd: WinogradNumbers | undefined,
): number {
  return winograd
    ? kernels.winogradWorkspaceBytes(inChannels, outChannels)
    : kernels.convolutionWorkspaceBytes(Math.max(inChannels, outChannels));
}

/** Below this many channels the transforms of Winograd cost more than they save; above the other, filters leave the cache. */
const WINOGRAD_CHANNELS = { fewest: 16, most: 256 };

/** What Winograd's kernels take, or undefined where they do not apply. `flipped` is for the gradient by the input. */
function winogradNumbers(info: backend_util.Conv2DInfo, flipped: boolean): WinogradNumbers | undefined {
  const { inChannels, outChannels, padInfo } = info;
  const isPlain = [info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth].every((n) => n === 1);
  if (!isPlain || info.filterHeight !== 3 || info.filterWidth !== 3) return undefined;
  if (inChannels % 8 !== 0 || outChannels % 8 !== 0) return undefined;
  if (Math.min(inChannels, outChannels) < WINOGRAD_CHANNELS.fewest) return undefined;
  if (Math.max(inChannels, outChannels) > WINOGRAD_CHANNELS.most) return undefined;
  const { batchSize, inHeight, inWidth, outHeight, outWidth } = info;
  const { top, left } = padInfo;
  return flipped
    ? [batchSize, outHeight, outWidth, outChannels, inHeight, inWidth, inChannels, 2 - top, 2 - left]
    : [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, top, left];
}

/** XNNPACK keeps the forward pass of filters that see few channels; ours gather whole pixels and would see slivers. */
const FEWEST_CHANNELS = 8;

function isOurs(info: backend_util.Conv2DInfo): boolean {
  if (info.filterHeight * info.filterWidth > TAP_LIMIT) return false;
  return info.inChannels >= FEWEST_CHANNELS || isStockWrong(info);
}
