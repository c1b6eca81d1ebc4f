import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelRunner } from '../kernel-runner.ts';

/** Inputs of a kernel by name, as tfjs passes them. */
export type Inputs = Readonly<Record<string, TensorInfo>>;

/**
 * A kernel of ours. Undefined means that this case is not ours, such as another dtype: then the kernel of stock wasm
 * runs, with the same inputs.
 */
export type Kernel = (inputs: Inputs, attrs: NamedAttrMap) => TensorInfo | TensorInfo[] | undefined;

/** Makes kernels, by the names that tfjs knows them by, for a runner. */
export type KernelFactory = (runner: KernelRunner) => Readonly<Record<string, Kernel>>;

/** Whether all tensors are float32, the only dtype that our kernels compute in. */
export function areFloats(...tensors: readonly (TensorInfo | undefined)[]): boolean {
  return tensors.every((tensor) => !tensor || tensor.dtype === 'float32');
}
