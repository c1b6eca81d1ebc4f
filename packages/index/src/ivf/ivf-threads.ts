import { KernelThreads, type ThreadedKernel } from '../workers/kernel-threads.ts';
import type { IvfExports } from './ivf-kernel.ts';
import type { IvfMemory } from './ivf-memory.ts';

/** A line of the processor's cache, so that no two threads write to one. */
const ROOM_BYTES = 64;

/** The threads that work on one memory, and the kernel's Room of each. */
export interface IvfThreads {
  readonly threads: KernelThreads<IvfExports>;
  readonly rooms: readonly number[];
}

/** @throws `ERR_MEMORY` */
export function ivfThreads(memory: IvfMemory, kernel: ThreadedKernel): IvfThreads {
  const at = memory.allocate(kernel.threads * ROOM_BYTES);
  memory.views.u8.fill(0, at, at + kernel.threads * ROOM_BYTES);
  const rooms = Array.from({ length: kernel.threads }, (_, thread) => at + thread * ROOM_BYTES);
  return { rooms, threads: new KernelThreads('ivf-engine', memory, rooms, kernel) };
}
