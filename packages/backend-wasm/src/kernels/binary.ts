import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { broadcastStrides } from '../broadcast-strides.ts';
import type { KernelRunner } from '../kernel-runner.ts';
import { areFloats } from './kernel.ts';
import type { Kernel, KernelFactory } from './kernel.ts';

/** The numbers that `assembly/elementwise.ts` knows operations by. */
const OPERATIONS = ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference'];
const SQUARE_GRADIENT = 7;
const COMPARISONS = ['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual'];

/** Arithmetic and comparisons between two tensors, broadcast, and the two gradients that are products of this kind. */
export const binary: KernelFactory = (runner) => ({
  ...Object.fromEntries(OPERATIONS.map((name, operation) => [name, combination(runner, operation)])),
  ...Object.fromEntries(COMPARISONS.map((name, operation) => [name, comparison(runner, operation)])),
  SimileReluGrad({ dy, x }) {
    const out = runner.output(x!.shape);
    const size = util.sizeFromShape(x!.shape);
    runner.run([dy!, x!], [out], (dyAt = 0, xAt = 0, outAt = 0) =>
      runner.kernels.reluGradient(size, dyAt, xAt, outAt, 1),
    );
    return out;
  },
  SimileSquareGrad: ({ dy, x }) => combine(runner, SQUARE_GRADIENT, dy!, x!),
});

function combination(runner: KernelRunner, operation: number): Kernel {
  return ({ a, b }) => (a && b && areFloats(a, b) ? combine(runner, operation, a, b) : undefined);
}

function combine(runner: KernelRunner, operation: number, a: TensorInfo, b: TensorInfo): TensorInfo | undefined {
  const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const steps = broadcastStrides(shape, a.shape, b.shape);
  if (!steps) return undefined;
  const out = runner.output(shape);
  if (util.sizeFromShape(shape) === 0) return out;
  const [first, second, rows, columns] = four(steps.sizes);
  const aSteps = four(steps.a);
  const bSteps = four(steps.b);
  runner.run([a, b], [out], (aAt = 0, bAt = 0, outAt = 0) =>
    runner.kernels.binary(operation, first, second, rows, columns, aAt, ...aSteps, bAt, ...bSteps, outAt),
  );
  return out;
}

function comparison(runner: KernelRunner, operation: number): Kernel {
  return ({ a, b }) => {
    if (!a || !b || a.dtype !== b.dtype || (a.dtype !== 'float32' && a.dtype !== 'int32')) return undefined;
    const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const steps = broadcastStrides(shape, a.shape, b.shape);
    if (!steps) return undefined;
    const out = runner.output(shape, 'bool');
    if (util.sizeFromShape(shape) === 0) return out;
    const integers = a.dtype === 'int32' ? 1 : 0;
    const sizes = four(steps.sizes);
    const aSteps = four(steps.a);
    const bSteps = four(steps.b);
    runner.run([a, b], [out], (aAt = 0, bAt = 0, outAt = 0) =>
      runner.kernels.compare(operation, integers, ...sizes, aAt, ...aSteps, bAt, ...bSteps, outAt),
    );
    return out;
  };
}

function four(values: readonly number[]): [number, number, number, number] {
  return values as [number, number, number, number];
}
