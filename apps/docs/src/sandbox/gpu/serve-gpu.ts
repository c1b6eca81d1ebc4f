import type { GpuAnswer, GpuCommand } from '../protocol.ts';
import { GPU_METHODS } from './methods.ts';

/** The GPU as the frame has it, served to a worker that has none. */
export interface GpuServer {
  /** Does calls in their order. */
  obey(commands: readonly GpuCommand[]): void;
  /** Gives everything back to the GPU. */
  close(): void;
}

const CALLS: ReadonlySet<string> = new Set(Object.values(GPU_METHODS).flatMap((methods) => Object.keys(methods)));

/**
 * Does on the GPU of this window what a worker asks for by number. A worker of an opaque origin is no secure context and
 * so has no WebGPU, though the window that made it has. Only calls that compute are obeyed.
 *
 * @param answer Told results, by the number of the answer.
 */
export function serveGpu(answer: (answer: GpuAnswer, transfer?: Transferable[]) => void): GpuServer {
  const objects = new Map<number, unknown>([[0, navigator.gpu]]);
  const devices = new Set<GPUDevice>();
  let closed = false;

  const obeyOne = (command: GpuCommand): void => {
    const { on, call, as } = command;
    if (call === 'forget') return void objects.delete(on);
    const target = objects.get(on);
    const args = command.with.map((value) => revive(value, objects));
    const own =
      target instanceof GPUBuffer
        ? mapping(target, args)[call]
        : target instanceof GPUDevice && call === 'whenLost'
          ? () => target.lost
          : undefined;
    if (!own && !CALLS.has(call)) throw new Error(`the sandbox has no ${call} of WebGPU`);
    const result = own ? own() : (target as Record<string, (...args: unknown[]) => unknown>)[call]!(...args);
    if (result instanceof Promise) {
      result.then(
        (value) => reply(command, value),
        (error) => answer({ answer: command.answer!, problem: String((error as Error)?.message ?? error) }),
      );
    } else if (as !== undefined) objects.set(as, result);
  };

  const reply = ({ answer: number, as }: GpuCommand, value: unknown): void => {
    if (closed) return value instanceof GPUDevice ? value.destroy() : undefined;
    if (as !== undefined && value) objects.set(as, value);
    if (value instanceof GPUDevice) keepDevice(value, as!);
    if (value instanceof ArrayBuffer) answer({ answer: number!, value }, [value]);
    else answer({ answer: number!, value: describe(value) });
  };

  const keepDevice = (device: GPUDevice, id: number): void => {
    devices.add(device);
    // The queue comes with its device; it has the next number.
    objects.set(id + 1, device.queue);
    device.addEventListener('uncapturederror', ({ error }) => answer({ lost: error.message }));
  };

  return {
    obey(commands) {
      for (const command of commands) {
        try {
          obeyOne(command);
        } catch (error) {
          const problem = String((error as Error)?.message ?? error);
          answer(command.answer === undefined ? { lost: problem } : { answer: command.answer, problem });
        }
      }
    },
    close() {
      closed = true;
      for (const device of devices) device.destroy();
      objects.clear();
    },
  };
}

/** Calls on a buffer whose memory is here, while the bytes are wanted there. */
function mapping(buffer: GPUBuffer, args: readonly unknown[]): Record<string, () => unknown> {
  return {
    // Of a buffer that was mapped when it was made, or to write.
    fill() {
      new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(args[0] as ArrayBuffer));
      buffer.unmap();
    },
    read: async () => {
      await buffer.mapAsync(GPUMapMode.READ, args[0] as number, args[1] as number);
      const bytes = buffer.getMappedRange(args[0] as number, args[1] as number).slice(0);
      buffer.unmap();
      return bytes;
    },
    async readInto() {
      const [words, shared] = [new Int32Array(args[0] as SharedArrayBuffer, 0, 1), args[0] as SharedArrayBuffer];
      try {
        await buffer.mapAsync(GPUMapMode.READ);
        new Uint8Array(shared, 4).set(new Uint8Array(buffer.getMappedRange()));
        buffer.unmap();
        Atomics.store(words, 0, 1);
      } catch {
        Atomics.store(words, 0, 2);
      }
      Atomics.notify(words, 0);
    },
    mapToWrite: async () => {
      await buffer.mapAsync(GPUMapMode.WRITE);
    },
  };
}

/** `{ gpu: 5 }`, anywhere in an argument, is object 5. */
function revive(value: unknown, objects: ReadonlyMap<number, unknown>): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (value instanceof ArrayBuffer || isShared(value)) return value;
  if (Array.isArray(value)) return value.map((each) => revive(each, objects));
  if ('gpu' in value) return objects.get(value.gpu as number);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revive(each, objects)]));
}

function isShared(value: unknown): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer;
}

/** What the worker must know of an adapter or a device, which stay here. */
function describe(value: unknown): unknown {
  if (value === null) return null;
  if (value instanceof GPUError) return { message: value.message };
  if (value instanceof GPUDeviceLostInfo) return { reason: value.reason, message: value.message };
  if (!(value instanceof GPUAdapter) && !(value instanceof GPUDevice)) return undefined;
  const limits: Record<string, number> = {};
  // Accessors of the prototype.
  for (const name in value.limits) {
    const limit = (value.limits as unknown as Record<string, unknown>)[name];
    if (typeof limit === 'number') limits[name] = limit;
  }
  const { vendor, architecture, device, description } =
    value instanceof GPUAdapter ? value.info : (value.adapterInfo ?? {});
  return { features: [...value.features], limits, info: { vendor, architecture, device, description } };
}
