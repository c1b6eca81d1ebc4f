import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelExports } from './kernel-exports.ts';
import { wasmModuleOf } from './wasm-backend.ts';

/** What a kernel does with the offsets of its tensors: those read, those written, then its scratch space. */
export type KernelCall = (...offsets: number[]) => void;

/** The one place through which every kernel reaches tensors. */
export interface KernelRunner {
  readonly backend: BackendWasm;
  readonly kernels: KernelExports;
  /** A tensor of the backend, its values not set. */
  output(shape: readonly number[], dtype?: DataType): TensorInfo;
  /** The same values under another shape; nothing is copied. */
  share(tensor: TensorInfo, shape?: readonly number[]): TensorInfo;
  /**
   * Calls a kernel. A tensor that is both read and written is updated in place.
   *
   * @param scratchBytes Memory for the call alone; its offset comes last.
   */
  run(reads: readonly TensorInfo[], writes: readonly TensorInfo[], call: KernelCall, scratchBytes?: number): void;
  /** Makes XNNPACK forget the packed copies that it keeps of a tensor: its values have changed in place. */
  forgetPacked(tensor: TensorInfo): void;
}

/** Runs kernels on the backend's own memory: offsets are handed over and nothing moves. */
export function sharingRunner(backend: BackendWasm, kernels: KernelExports): KernelRunner {
  const wasm = wasmModuleOf(backend);
  // Offsets above 2 GB come back negative from malloc; kernels take them either way.
  const offsetOf = ({ dataId }: TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset;
  return {
    ...tensorsOf(backend),
    kernels,
    run(reads, writes, call, scratchBytes = 0) {
      const offsets: number[] = [];
      for (const tensor of reads) offsets.push(offsetOf(tensor));
      for (const tensor of writes) offsets.push(offsetOf(tensor));
      if (scratchBytes === 0) {
        call(...offsets);
        return;
      }
      const scratch = allocate(wasm, scratchBytes);
      try {
        call(...offsets, scratch);
      } finally {
        wasm._free(scratch);
      }
    },
  };
}

/**
 * Runs kernels on a memory of their own, for versions of tfjs-backend-wasm that hide theirs: what is read is copied in
 * and what is written is copied out, at each call.
 */
export function copyingRunner(backend: BackendWasm, kernels: KernelExports, memory: WebAssembly.Memory): KernelRunner {
  const sizeOf = ({ dtype, shape }: TensorInfo): number => util.sizeFromShape(shape) * util.bytesPerElement(dtype);
  const heapOf = (tensor: TensorInfo): Uint8Array => {
    const { HEAPU8 } = wasmModuleOf(backend);
    return HEAPU8.subarray(...rangeFrom(backend.dataIdMap.get(tensor.dataId).memoryOffset, sizeOf(tensor)));
  };
  return {
    ...tensorsOf(backend),
    kernels,
    run(reads, writes, call, scratchBytes = 0) {
      const places = new Map<object, number>();
      let end = 16;
      const place = ({ dataId }: TensorInfo, bytes: number): number => {
        const known = places.get(dataId);
        if (known !== undefined) return known;
        const offset = end;
        places.set(dataId, offset);
        end += Math.ceil(bytes / 16) * 16;
        return offset;
      };
      const offsets = [...reads, ...writes].map((tensor) => place(tensor, sizeOf(tensor)));
      if (scratchBytes > 0) offsets.push(end);
      const missing = end + scratchBytes - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
      const own = new Uint8Array(memory.buffer);
      for (const tensor of reads) own.set(heapOf(tensor), places.get(tensor.dataId));
      call(...offsets);
      for (const tensor of writes) {
        heapOf(tensor).set(own.subarray(...rangeFrom(places.get(tensor.dataId)!, sizeOf(tensor))));
      }
    },
  };
}

function rangeFrom(offset: number, bytes: number): [number, number] {
  return [offset, offset + bytes];
}

function allocate(wasm: { _malloc(bytes: number): number }, bytes: number): number {
  const offset = wasm._malloc(bytes) >>> 0;
  if (offset === 0) throw new RangeError(`The WASM heap has no ${bytes} bytes left for a kernel's scratch space.`);
  return offset;
}

function tensorsOf(backend: BackendWasm): Pick<KernelRunner, 'backend' | 'output' | 'share' | 'forgetPacked'> {
  return {
    backend,
    output: (shape, dtype = 'float32') => backend.makeOutput([...shape], dtype),
    share({ dataId, shape: own, dtype }, shape = own) {
      backend.incRef(dataId);
      return { dataId, shape: [...shape], dtype };
    },
    forgetPacked({ dataId, shape }) {
      const { id, memoryOffset } = backend.dataIdMap.get(dataId);
      const { tfjs } = wasmModuleOf(backend);
      tfjs.disposeData(id);
      tfjs.registerTensor(id, util.sizeFromShape(shape), memoryOffset);
    },
  };
}
