import { KernelPool } from '../src/workers/kernel-pool.ts';
import { kernelMemory } from '../src/workers/shared-memory.ts';
import { mayBlock, threadCount } from '../src/workers/thread-support.ts';
import { threadKernel } from './thread-kernel.ts';

/** Has two threads mark 5,000 things, many times over. Which contexts were used, and whether all was done as often as said. */
export async function markTogether(): Promise<{ right: boolean; contexts: boolean[]; threads: number }> {
  const contexts = [0, 64, 128].slice(0, threadCount('here', 2));
  const { memory } = kernelMemory(4, true);
  const pool = new KernelPool({ where: 'here', module: threadKernel(true), memory, contexts });
  const words = new Int32Array(memory.buffer);
  // On a busy machine a worker may begin long after the other: runs are short, so time is what it is given.
  const latest = performance.now() + 60_000;
  const unused = (): boolean => contexts.slice(mayBlock() ? 0 : 1).some((at) => words[at / 4] === 0);
  let runs = 0;
  while (runs < 10 || (unused() && performance.now() < latest)) {
    await pool.run('mark', [1024], { count: 5000, chunk: 1 });
    runs++;
  }
  const right = words.subarray(256, 256 + 5000).every((count) => count === runs) && words[5256] === 0;
  const { threads } = pool;
  await pool.close();
  return { right, contexts: [0, 64, 128].map((at) => words[at / 4]! > 0), threads };
}
