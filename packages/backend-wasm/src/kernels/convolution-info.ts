import { backend_util } from '@tensorflow/tfjs-core';
import type { Conv2DAttrs } from '@tensorflow/tfjs-core';
import type { ConvolutionNumbers } from '../kernel-exports.ts';

/** Geometry of a convolution of images `[batch, height, width, channels]`, as tfjs works it out. */
export function convolutionInfo(
  inShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode }: ConvolutionAttrs,
  depthwise = false,
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/** What the attributes of every convolution kernel have in common. */
export interface ConvolutionAttrs {
  readonly strides: Conv2DAttrs['strides'];
  readonly pad: Conv2DAttrs['pad'];
  readonly dilations?: Conv2DAttrs['dilations'];
  readonly dimRoundingMode?: Conv2DAttrs['dimRoundingMode'];
}

/** The geometry in the order that kernels take it. */
export function convolutionNumbers(info: backend_util.Conv2DInfo): ConvolutionNumbers {
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
