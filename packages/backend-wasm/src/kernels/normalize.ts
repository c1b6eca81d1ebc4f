import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelFactory } from './kernel.ts';

/** Rows whose squared length is not above `least` have no direction. */
export interface NormalizeAttrs {
  readonly least: number;
}

/** Rows, along the last axis, divided by their length, and the gradient of that. Names of our own: no other backend has them. */
export const normalize: KernelFactory = (runner) => {
  const { kernels } = runner;
  const along = (
    inputs: readonly TensorInfo[],
    call: (rows: number, depth: number, offsets: number[]) => void,
  ): ReturnType<Kernel> => {
    const { shape } = inputs[0]!;
    const out = runner.output(shape);
    const depth = shape.at(-1)!;
    const size = util.sizeFromShape(shape);
    if (size > 0) runner.run(inputs, [out], (...offsets) => call(size / depth, depth, offsets));
    return out;
  };
  return {
    SimileNormalize: ({ x }, attrs) => {
      const { least } = attrs as unknown as NormalizeAttrs;
      return along([x!], (rows, depth, [xAt = 0, outAt = 0]) => kernels.normalizeRows(rows, depth, xAt, outAt, least));
    },
    SimileNormalizeGrad: ({ dy, x }, attrs) => {
      const { least } = attrs as unknown as NormalizeAttrs;
      return along([dy!, x!], (rows, depth, [dyAt = 0, xAt = 0, outAt = 0]) =>
        kernels.normalizeRowsGradient(rows, depth, dyAt, xAt, outAt, least),
      );
    },
  };
};
