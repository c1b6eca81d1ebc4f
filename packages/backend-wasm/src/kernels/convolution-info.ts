import { backend_util } from '@tensorflow/tfjs-core';
import type { Conv2DAttrs } from '@tensorflow/tfjs-core';
import type { ConvolutionNumbers } from '../kernel-exports.ts';

/** Geometry of a convolution of images `[batch, height, width, channels]`, as tfjs works it out. */
export function convolutionInfo(
  inShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: ConvolutionAttrs,
  depthwise = false,
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1, // tfjs-layers passes null
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/** What the attributes of every convolution kernel have in common. */
export interface ConvolutionAttrs {
  readonly strides: Conv2DAttrs['strides'];
  readonly pad: Conv2DAttrs['pad'];
  readonly dilations?: Conv2DAttrs['dilations'] | null;
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

/**
 * Whether stock's forward pass of this convolution is wrong. It hands SAME padding to XNNPACK by name, which then works it
 * out anew and differs where windows leave pixels out: (out − 1) · stride + filter < in. And where paddings are a number
 * and filter or stride is not square, tfjs and XNNPACK disagree on the size of the result, and XNNPACK writes past its end.
 */
export function isStockWrong(info: backend_util.Conv2DInfo): boolean {
  const { padInfo } = info;
  const wrong = (out: number, stride: number, filter: number, size: number, pad: number): boolean =>
    padInfo.type === 'SAME'
      ? (out - 1) * stride + filter < size
      : Math.floor((size + pad - filter) / stride) + 1 !== out;
  return (
    wrong(info.outHeight, info.strideHeight, info.effectiveFilterHeight, info.inHeight, padInfo.top + padInfo.bottom) ||
    wrong(info.outWidth, info.strideWidth, info.effectiveFilterWidth, info.inWidth, padInfo.left + padInfo.right)
  );
}
