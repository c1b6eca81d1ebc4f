import { util } from '@tensorflow/tfjs-core';
import type { StepAttrs } from '@tensorflow/tfjs-core';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** The numbers that `assembly/elementwise.ts` knows operations by. */
const OPERATIONS = ['Relu', 'Step', 'Square', 'Sqrt', 'Rsqrt', 'Neg', 'Abs'];

/** Functions of one tensor, element by element. */
export const unary: KernelFactory = (runner) =>
  Object.fromEntries(
    OPERATIONS.map((name, operation) => [
      name,
      ({ x }, attrs) => {
        if (!x || !areFloats(x)) return undefined;
        const { alpha = 0 } = attrs as unknown as Partial<StepAttrs>;
        const out = runner.output(x.shape);
        runner.run([x], [out], (xAt = 0, outAt = 0) =>
          runner.kernels.unary(operation, util.sizeFromShape(x.shape), xAt, outAt, alpha),
        );
        return out;
      },
    ]),
  );
