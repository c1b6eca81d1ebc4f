import { expect, it } from 'vitest';
import { markTogether } from '../../test/browser-pool.ts';
import { threadKernel } from '../../test/thread-kernel.ts';
import { KernelPool } from './kernel-pool.ts';
import { kernelMemory } from './shared-memory.ts';
import { mayBlock, threadCount, threadSupport } from './thread-support.ts';

it('knows what an isolated page offers', () => {
  expect(threadSupport()).toMatchObject({ available: true });
  expect(mayBlock()).toBe(false);
  expect([threadCount('here', 1), threadCount('here', 2)]).toEqual([1, 3]);
});

it('works with two workers for a page, and leaves its own thread free', async () => {
  const contexts = [false, true, true]; // the page's own thread stays free
  expect(await markTogether()).toEqual({ right: true, contexts, threads: 2 });
});

it('works with a worker for a worker', async () => {
  const worker = new Worker(new URL('../../test/browser-pool-worker.ts', import.meta.url), { type: 'module' });
  const answer = await new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data));
    worker.addEventListener('error', (event) => reject(new Error(event.message || 'the worker did not start')));
  });
  worker.terminate();
  const contexts = [true, true, false];
  expect(answer).toEqual({ right: true, contexts, threads: 2 });
});

it('leaves the page free, stops when told, and says when the kernel traps', async () => {
  const { memory } = kernelMemory(4, true);
  const pool = new KernelPool({ where: 'here', module: threadKernel(true), memory, contexts: [0, 64] });
  await pool.run('burn', [1], { count: 1, chunk: 1 });
  const controller = new AbortController();
  const run = pool.run('burn', [300_000_000], { count: 1000, chunk: 1, signal: controller.signal });
  const begin = performance.now();
  await new Promise((resolve) => setTimeout(resolve));
  expect(performance.now() - begin).toBeLessThan(50); // one chunk takes longer
  controller.abort();
  await expect(run).rejects.toThrow('ERR_ABORTED');
  await expect(pool.run('trap', [3], { count: 100, chunk: 1 })).rejects.toThrow(
    'here: the kernel must get through trap (RuntimeError: unreachable)',
  );
  await pool.run('burn', [1], { parts: 3 });
  await pool.close();
});

it('works alone where workers do not start', async () => {
  const { memory } = kernelMemory(4, true);
  const workerUrl = new URL('/there-is-nothing-here.js', location.href);
  const pool = new KernelPool({ where: 'here', module: threadKernel(true), memory, contexts: [0, 64], workerUrl });
  await pool.run('mark', [1024], { count: 100, chunk: 1 });
  expect(new Int32Array(memory.buffer)[0]).toBe(100);
  expect(pool.threads).toBe(1);
  await pool.close();
});
