import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

export * from '@tensorflow/tfjs-backend-webgpu';

/**
 * tfjs reads at once by drawing on a canvas. In the sandbox the GPU belongs to the frame, so the worker asks there and
 * waits, which takes shared memory.
 */
const readAtOnce: WebGPUBackend['readSync'] = function (this: WebGPUBackend, dataId) {
  const tensorData = this.tensorMap.get(dataId);
  const { values, dtype, resource, complexTensorInfos } = tensorData;
  if (values !== null && values !== undefined) return values;
  // A complex tensor is read in its two parts, by this function.
  if (dtype === 'string' || complexTensorInfos) return readByCanvas.call(this, dataId);
  const { readBuffer } = globalThis.simileSandbox;
  if (!readBuffer) {
    throw new Error(
      'Values on the GPU cannot be read at once here (dataSync, arraySync): the host of this site does not isolate its pages. Use await data() or await array(), or another backend.',
    );
  }
  const internals = this as unknown as { endComputePassEncoder(): void; submitQueue(): void };
  internals.endComputePassEncoder();
  internals.submitQueue();
  const { buffer } = readBuffer(resource as GPUBuffer);
  const read =
    dtype === 'float32' ? new Float32Array(buffer) : dtype === 'bool' ? asBytes(buffer) : new Int32Array(buffer);
  tensorData.values = read;
  return read;
};

const readByCanvas = WebGPUBackend.prototype.readSync;
WebGPUBackend.prototype.readSync = readAtOnce;

/** A bool takes four bytes on the GPU and one here. */
function asBytes(buffer: ArrayBuffer): Uint8Array {
  return Uint8Array.from(new Int32Array(buffer));
}
