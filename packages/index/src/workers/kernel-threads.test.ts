import { expect, it } from 'vitest';
import { threadKernel } from '../../test/thread-kernel.ts';
import { GrowingMemory } from '../kernel/growing-memory.ts';
import { KernelThreads } from './kernel-threads.ts';

interface Exports {
  readonly mark: (context: number, from: number, to: number, at: number) => void;
}

it('does it all at once on one thread, and in a promise on two', async () => {
  const complaint = { where: 'here', remedy: '' };
  for (const contexts of [[0], [0, 64]]) {
    const shared = contexts.length > 1;
    const module = threadKernel(shared);
    const memory = new GrowingMemory<Exports>({ name: 'simd', module, shared }, 4, complaint);
    const threads = new KernelThreads('here', memory, contexts, { module, workerUrl: undefined });
    expect(threads.count).toBe(contexts.length);
    const done = threads.run('mark', [1024], { count: 50, chunk: 8 });
    expect(done instanceof Promise).toBe(shared);
    await done;
    expect([...new Int32Array(memory.memory.buffer).subarray(256, 256 + 51)]).toEqual([
      ...Array.from({ length: 50 }, () => 1),
      0,
    ]);
    await threads.close();
  }
});
