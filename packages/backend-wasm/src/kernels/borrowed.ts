import { findBackend, getKernel } from '@tensorflow/tfjs-core';
import type { KernelBackend, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { backendError } from '../backend-error.ts';
import type { KernelRunner } from '../kernel-runner.ts';
import type { Kernel, KernelFactory } from './kernel.ts';

/** Kernels over text and ragged rows that the cpu backend has and wasm lacks. None is hot and none has a gradient. */
const NAMES = ['RaggedGather', 'RaggedRange', 'RaggedTensorToTensor', 'StaticRegexReplace'];

/** Kernels that run on the cpu backend, where the application has it: data is copied there and back. */
export const borrowed: KernelFactory = (runner) =>
  Object.fromEntries(NAMES.map((name) => [name, borrow(runner, name)] as const));

function borrow(runner: KernelRunner, kernelName: string): Kernel {
  return (inputs, attrs) => {
    const cpu = findBackend('cpu') as KernelBackend | null;
    const kernel = getKernel(kernelName, 'cpu');
    if (!cpu || !kernel) {
      throw backendError({
        where: 'simile-wasm',
        rule: `${kernelName} runs on the cpu backend, which must be loaded`,
        remedy: "Add import '@tensorflow/tfjs-backend-cpu'.",
        code: 'ERR_BACKEND',
      });
    }
    const { backend } = runner;
    const lent: NamedTensorInfoMap = {};
    for (const [name, value] of Object.entries(inputs)) {
      // Ragged kernels also take lists of tensors under one name.
      const lend = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => ({
        dataId: cpu.write(backend.readSync(dataId), shape, dtype) as TensorInfo['dataId'],
        shape,
        dtype,
      });
      lent[name] = (Array.isArray(value) ? value.map(lend) : lend(value)) as TensorInfo;
    }
    const results = [kernel.kernelFunc({ inputs: lent, attrs, backend: cpu })].flat();
    const own = results.map(({ dataId, shape, dtype }) =>
      backend.makeOutput(shape, dtype, undefined, cpu.readSync(dataId)),
    );
    for (const { dataId } of [...Object.values(lent).flat(), ...results] as TensorInfo[]) cpu.disposeData(dataId);
    return own.length === 1 ? own[0]! : own;
  };
}
