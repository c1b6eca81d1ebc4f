import { util } from '@tensorflow/tfjs-core';
import type {
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
} from '@tensorflow/tfjs-core';
import { convolutionInfo, convolutionNumbers, isStockWrong } from './convolution-info.ts';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** Both gradients of a depthwise convolution, which stock lacks, and the forward pass where stock is wrong. */
export const depthwise: KernelFactory = (runner) => {
  const { kernels } = runner;
  return {
    DepthwiseConv2dNative({ x, filter }, attrs) {
      if (!x || !filter || !areFloats(x, filter)) return undefined;
      const info = convolutionInfo(x.shape, filter.shape, attrs as unknown as DepthwiseConv2dNativeAttrs, true);
      if (!isStockWrong(info)) return undefined;
      const out = runner.output(info.outShape);
      const multiplier = info.outChannels / info.inChannels;
      runner.run([x, filter], [out], (xAt = 0, filterAt = 0, outAt = 0) =>
        kernels.depthwiseConvolve(xAt, filterAt, outAt, multiplier, ...convolutionNumbers(info)),
      );
      return out;
    },
    DepthwiseConv2dNativeBackpropFilter({ x, dy }, attrs) {
      if (!x || !dy || !areFloats(x, dy)) return undefined;
      const of = attrs as unknown as DepthwiseConv2dNativeBackpropFilterAttrs;
      const info = convolutionInfo(x.shape, of.filterShape, of, true);
      const out = runner.output(of.filterShape);
      if (util.sizeFromShape(of.filterShape) === 0) return out;
      const multiplier = info.outChannels / info.inChannels;
      runner.run([x, dy], [out], (xAt = 0, dyAt = 0, outAt = 0) =>
        kernels.depthwiseFilterGradient(xAt, dyAt, outAt, multiplier, ...convolutionNumbers(info)),
      );
      return out;
    },
    DepthwiseConv2dNativeBackpropInput({ dy, filter }, attrs) {
      if (!dy || !filter || !areFloats(dy, filter)) return undefined;
      const of = attrs as unknown as DepthwiseConv2dNativeBackpropInputAttrs;
      const info = convolutionInfo(of.inputShape, filter.shape, of, true);
      const out = runner.output(of.inputShape);
      if (util.sizeFromShape(of.inputShape) === 0) return out;
      const multiplier = info.outChannels / info.inChannels;
      runner.run([dy, filter], [out], (dyAt = 0, filterAt = 0, outAt = 0) =>
        kernels.depthwiseInputGradient(dyAt, filterAt, outAt, multiplier, ...convolutionNumbers(info)),
      );
      return out;
    },
  };
};
