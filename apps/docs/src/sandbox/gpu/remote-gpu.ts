import type { GpuAnswer, GpuCommand } from '../protocol.ts';
import { GPU_CLASSES } from './flags.ts';
import { flatten, ids } from './flatten.ts';
import { filled, mapOf, type Mapped } from './mapped.ts';
import { GPU_METHODS, type Crossing, type GpuKind } from './methods.ts';

/** WebGPU in a worker, whose objects live in the frame that made the worker. */
export interface RemoteGpu {
  /** What `navigator.gpu` is to be. */
  readonly gpu: object;
  hear(answer: GpuAnswer): void;
  /** Bytes of a buffer at once; undefined without shared memory. */
  readonly readBuffer: ((buffer: object) => { buffer: ArrayBuffer }) | undefined;
}

/** Number of the device of each buffer. */
const devices = new WeakMap<object, number>();

/**
 * Stands for WebGPU: each call is noted, and notes are sent together when the program lets go or waits. Objects that the
 * program forgets are forgotten on the other side.
 *
 * @param send Sends calls to `serveGpu` of the frame.
 * @param onLost Told of errors that no call waited for.
 */
export function remoteGpu(
  send: (commands: readonly GpuCommand[]) => void,
  onLost: (message: string) => void,
): RemoteGpu {
  let last = 0;
  let notes: GpuCommand[] = [];
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const forgotten = new FinalizationRegistry<number>((id) => note({ on: id, call: 'forget', with: [] }));

  const flush = (): void => {
    if (notes.length === 0) return;
    const commands = notes;
    notes = [];
    send(commands);
  };
  const note = (command: GpuCommand): void => {
    if (notes.push(command) === 1) queueMicrotask(flush);
    // What a loop without a pause asks for must not pile up here.
    if (notes.length >= 256) flush();
  };
  const ask = (command: Omit<GpuCommand, 'answer'>): Promise<unknown> => {
    const answer = ++last;
    const answered = new Promise<unknown>((resolve, reject) => waiting.set(answer, { resolve, reject }));
    note({ ...command, answer });
    return answered;
  };

  const make = (kind: GpuKind, id: number, own: Record<string, unknown> = {}): object => {
    const like = kind === 'buffer' ? GPU_CLASSES.GPUBuffer : kind === 'texture' ? GPU_CLASSES.GPUTexture : Object;
    const object = Object.create(like.prototype, Object.getOwnPropertyDescriptors(own)) as Record<string, unknown>;
    ids.set(object, id);
    if (id > 0) forgotten.register(object, id);
    for (const [call, crossing] of Object.entries<Crossing>(GPU_METHODS[kind]))
      object[call] = method(id, call, crossing);
    return object;
  };

  const method =
    (on: number, call: string, crossing: Crossing) =>
    (...args: unknown[]): unknown => {
      const command = { on, call, with: args.map(flatten) };
      if (crossing === 'send') return note(command);
      if ('makes' in crossing) {
        const as = ++last;
        note({ ...command, as });
        if (crossing.makes === 'buffer') return makeBuffer(as, on, args[0] as GPUBufferDescriptor);
        return make(crossing.makes, as, crossing.makes === 'texture' ? { ...(args[0] as object) } : {});
      }
      const kind = crossing.answers;
      if (kind === 'value') return ask(command);
      const as = ++last;
      // A device brings its queue, which has the next number.
      if (kind === 'device') last++;
      return ask({ ...command, as }).then((about) => {
        if (about === null) return null;
        return kind === 'adapter' || kind === 'device' ? makeHolder(kind, as, about as About) : make(kind, as);
      });
    };

  const makeHolder = (kind: 'adapter' | 'device', id: number, { features, limits, info }: About): object =>
    make(kind, id, {
      features: new Set(features),
      limits,
      info,
      adapterInfo: info,
      ...(kind === 'device' && {
        queue: make('queue', id + 1),
        lost: ask({ on: id, call: 'whenLost', with: [] }),
      }),
    });

  const makeBuffer = (id: number, device: number, { size, usage, mappedAtCreation }: GPUBufferDescriptor): object => {
    let mapped: Mapped | undefined = mappedAtCreation ? mapOf(new ArrayBuffer(size), 0, true) : undefined;
    const object = make('buffer', id, {
      size,
      usage,
      get mapState() {
        return mapped ? 'mapped' : 'unmapped';
      },
      async mapAsync(mode: number, start = 0, length = size - start) {
        if (mode === READ) {
          const bytes = (await ask({ on: id, call: 'read', with: [start, length] })) as ArrayBuffer;
          mapped = mapOf(bytes, start, false);
        } else {
          await ask({ on: id, call: 'mapToWrite', with: [] });
          mapped = mapOf(new ArrayBuffer(size), 0, true);
        }
      },
      getMappedRange(start = 0, length = size - start) {
        if (!mapped) throw new DOMException('The buffer is not mapped.', 'OperationError');
        const bytes = mapped.bytes.slice(start - mapped.start, start - mapped.start + length);
        mapped.given.push({ start, bytes });
        return bytes;
      },
      unmap() {
        if (mapped?.writes) note({ on: id, call: 'fill', with: [filled(mapped)] });
        mapped = undefined;
      },
    });
    devices.set(object, device);
    return object;
  };

  return {
    gpu: Object.assign(make('gpu', 0), {
      getPreferredCanvasFormat: () => 'bgra8unorm',
      wgslLanguageFeatures: new Set<string>(),
    }),
    hear(answer) {
      if ('lost' in answer) return onLost(answer.lost);
      const waiter = waiting.get(answer.answer);
      waiting.delete(answer.answer);
      if (answer.problem === undefined) waiter?.resolve(answer.value);
      else waiter?.reject(new Error(answer.problem));
    },
    readBuffer:
      typeof SharedArrayBuffer === 'undefined'
        ? undefined
        : (buffer) => readAtOnce(ids.get(buffer)!, (buffer as GPUBuffer).size, devices.get(buffer)!),
  };

  function readAtOnce(id: number, size: number, device: number): { buffer: ArrayBuffer } {
    const [staging, encoder, commands] = [++last, ++last, ++last];
    const shared = new SharedArrayBuffer(size + 4);
    const descriptor = { size, usage: COPY_DST | MAP_READ };
    note({ on: device, call: 'createBuffer', with: [descriptor], as: staging });
    note({ on: device, call: 'createCommandEncoder', with: [], as: encoder });
    note({ on: encoder, call: 'copyBufferToBuffer', with: [{ gpu: id }, 0, { gpu: staging }, 0, size] });
    note({ on: encoder, call: 'finish', with: [], as: commands });
    note({ on: device + 1, call: 'submit', with: [[{ gpu: commands }]] });
    note({ on: staging, call: 'readInto', with: [shared], answer: ++last });
    for (const on of [staging, encoder, commands]) note({ on, call: 'forget', with: [] });
    flush();
    const state = new Int32Array(shared, 0, 1);
    Atomics.wait(state, 0, 0);
    if (state[0] !== 1) throw new Error('the GPU did not give the values of a tensor');
    return { buffer: new Uint8Array(shared, 4).slice().buffer };
  }
}

interface About {
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  readonly info: Readonly<Record<string, string>>;
}

const READ = 1;
const MAP_READ = 1;
const COPY_DST = 8;
