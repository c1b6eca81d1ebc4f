import { engine, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';

/** What ran, and on the way there. */
export interface Recorded<R> {
  readonly result: R;
  /** Kernels of tfjs that were asked for, each once. */
  readonly kernels: readonly string[];
  /** Values that a kernel made were waited for, which webgpu does not allow. */
  readonly readsBack: boolean;
}

/** Data that came from JavaScript and not from a kernel: a backend still has it at hand. */
const written = new WeakSet<object>();

/** Runs with an eye on the kernels that the engine is asked for, and on what is read back outside of them. */
export function recordKernels<R>(run: () => R): Recorded<R> {
  const { backend } = engine();
  const read = backend.readSync.bind(backend);
  const write = backend.write.bind(backend);
  const runKernel = engine().runKernel.bind(engine());
  const kernels = new Set<string>();
  let readsBack = false;
  let depth = 0;
  backend.readSync = (id) => {
    readsBack ||= depth === 0 && !written.has(id);
    return read(id);
  };
  backend.write = (...data) => {
    const id = write(...data);
    if (depth === 0) written.add(id);
    return id;
  };
  engine().runKernel = <T extends Tensor | Tensor[]>(name: string, inputs: NamedTensorMap, attributes?: object): T => {
    kernels.add(name);
    depth++;
    try {
      return runKernel<T>(name, inputs, attributes as never);
    } finally {
      depth--;
    }
  };
  try {
    const result = run();
    return { result, kernels: [...kernels], readsBack };
  } finally {
    backend.readSync = read;
    backend.write = write;
    engine().runKernel = runKernel;
  }
}

/** Runs forwards and backwards, and throws the gradient away. */
export function gradientOf(run: () => Tensor, inputs: readonly Tensor[]): void {
  const { value, grads } = engine().gradients(run, [...inputs], undefined, true);
  value.dispose();
  for (const gradient of grads) gradient?.dispose();
}
