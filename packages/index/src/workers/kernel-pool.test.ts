import { execFileSync } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { threadKernel } from '../../test/thread-kernel.ts';
import { KernelPool } from './kernel-pool.ts';
import { kernelMemory } from './shared-memory.ts';

const CONTEXTS = [0, 64, 128];
const MARKS = 1024;

/** A pool with a page of memory, whose words from `MARKS` on count how often each thing was worked on. */
function makePool(threads: number, more: { queue?: number } = {}): { pool: KernelPool; words: Int32Array } {
  const shared = threads > 1;
  const { memory } = kernelMemory(4, shared);
  const contexts = CONTEXTS.slice(0, threads);
  const pool = new KernelPool({ where: 'here', module: threadKernel(shared), memory, contexts, ...more });
  return { pool, words: new Int32Array(memory.buffer) };
}

const marks = (words: Int32Array, count: number): Int32Array => words.slice(MARKS / 4, MARKS / 4 + count);
const done = (words: Int32Array): number => CONTEXTS.reduce((sum, at) => sum + words[at / 4]!, 0);

describe('KernelPool', () => {
  it.each([1, 2, 3])('works on each thing once, %s threads', async (threads) => {
    const { pool, words } = makePool(threads);
    for (const [count, chunk] of [
      [0, 5],
      [1, 5],
      [1000, 7],
      [999, 1000],
      [3000, 1],
    ] as const) {
      words.fill(0);
      await pool.run('mark', [MARKS], { count, chunk });
      expect(marks(words, count)).toEqual(new Int32Array(count).fill(1));
      expect([words[MARKS / 4 + count], done(words)]).toEqual([0, count]);
    }
    await pool.close();
  });

  it('has workers join once they are up, and shares the work with them', async () => {
    const { pool, words } = makePool(3);
    expect(pool.threads).toBe(3);
    for (let tries = 0; tries < 500 && (words[16] === 0 || words[32] === 0); tries++) {
      await pool.run('burn', [1_000_000], { count: 3, chunk: 1 });
      await pool.run('mark', [MARKS], { count: 3000, chunk: 1 });
    }
    expect(words[16]).toBeGreaterThan(0); // by the context of the second thread
    expect(words[32]).toBeGreaterThan(0);
    await pool.close();
  });

  it.each([1, 2])('deals parts out, %s threads', async (threads) => {
    const { pool, words } = makePool(threads);
    // mark(context, part, parts, …) works on things from `part` up to `parts`: thing i by parts 0 … i.
    for (let run = 0; run < 20; run++) await pool.run('mark', [MARKS], { parts: 1 });
    expect([...marks(words, 2)]).toEqual([20, 0]);
    words.fill(0);
    if (threads === 1) await pool.run('mark', [MARKS], { parts: 4 });
    else await pool.run('burn', [1000], { parts: 4 });
    expect([...marks(words, 5)]).toEqual(threads === 1 ? [1, 2, 3, 4, 0] : [0, 0, 0, 0, 0]);
    await pool.close();
  });

  it('stops between chunks when its signal says so', async () => {
    const { pool } = makePool(2);
    const controller = new AbortController();
    const run = pool.run('burn', [1_000_000], { count: 100_000, chunk: 1, signal: controller.signal });
    await after(20);
    controller.abort();
    await expect(run).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: here: the work was cancelled by its signal. What was finished before is kept; call again to go on. [ERR_ABORTED]]`,
    );
    await expect(pool.run('burn', [1], { count: 1, chunk: 1, signal: controller.signal })).rejects.toThrow(
      'ERR_ABORTED',
    );
    await pool.run('burn', [1], { count: 10, chunk: 1 }); // and goes on
    await pool.close();
  });

  it('lets the event loop turn, and tells how far it is', async () => {
    const { pool } = makePool(1);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const told: number[] = [];
    const onProgress = (taken: number, chunks: number): void => void told.push(taken, chunks);
    await pool.run('burn', [1_000_000], { count: 200, chunk: 1, onProgress });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
    expect(told[0]).toBeGreaterThan(0);
    expect(new Set(told.filter((_, i) => i % 2 === 1))).toEqual(new Set([200]));
  });

  it('runs calls one after another, and no more wait than may', async () => {
    const { pool, words } = makePool(2, { queue: 2 });
    const runs = [1, 2, 3].map(() => pool.run('mark', [MARKS], { count: 500, chunk: 3 }));
    await expect(pool.run('mark', [MARKS], { count: 1, chunk: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: here: at most 2 calls may wait. Await some of the calls before making more, or put their rows into one call. [ERR_STATE]]`,
    );
    await Promise.all(runs);
    expect(marks(words, 501)).toEqual(Int32Array.from({ length: 501 }, (_, i) => (i < 500 ? 3 : 0)));
    const controller = new AbortController();
    const first = pool.run('mark', [MARKS], { count: 500, chunk: 3 });
    const waits = pool.run('mark', [MARKS], { count: 500, chunk: 3, signal: controller.signal });
    controller.abort();
    await expect(waits).rejects.toThrow('ERR_ABORTED');
    await first;
    expect(words[MARKS / 4]).toBe(4);
    await pool.close();
  });

  it.each([1, 2])('says when the kernel traps, %s threads, and goes on', async (threads) => {
    const { pool, words } = makePool(threads);
    await expect(pool.run('trap', [70], { count: 100, chunk: 2 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: here: the kernel must get through trap (RuntimeError: unreachable). What it worked on may be half done: make the index anew, from its file if there is one. [ERR_BACKEND]]`,
    );
    await pool.run('mark', [MARKS], { count: 100, chunk: 2 });
    expect(marks(words, 100)).toEqual(new Int32Array(100).fill(1));
    await pool.close();
  });

  it('refuses what it cannot run', async () => {
    const { pool } = makePool(1);
    await expect(pool.run('march', [], { parts: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: here: a run must name an export of the kernel and have at most 16 arguments, but got 'march'. Exports are mark, trap, burn. [ERR_OPTION]]`,
    );
    await expect(pool.run('mark', Array.from({ length: 17 }, Number), { parts: 1 })).rejects.toThrow('ERR_OPTION');
    await expect(pool.run('mark', [], { count: 5, chunk: 0 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: here: chunk must be a whole number of at least 1, but got 0. Leave chunk out to use the default. [ERR_OPTION]]`,
    );
    await expect(pool.run('mark', [], { count: -1, chunk: 1 })).rejects.toThrow('ERR_OPTION');
  });

  it('stops what runs and refuses what waits when closed', async () => {
    const { pool } = makePool(2);
    const runs = [1, 2].map(() => pool.run('burn', [1_000_000], { count: 100_000, chunk: 1 }));
    const ends = Promise.allSettled(runs);
    await after(5);
    await pool.close();
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(runs[0]).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: here: nothing may be called after close. Make a new one. [ERR_STATE]]`,
    );
    await expect(pool.run('mark', [], { parts: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: here: nothing may be called after close. Make a new one. [ERR_STATE]]`,
    );
    await pool.close();
  });

  it('never keeps a process alive', () => {
    const program = `
      import { threadKernel } from './test/thread-kernel.ts';
      import { KernelPool } from './src/workers/kernel-pool.ts';
      import { kernelMemory } from './src/workers/shared-memory.ts';
      const { memory } = kernelMemory(4, true);
      const pool = new KernelPool({ where: 'here', module: threadKernel(true), memory, contexts: [0, 64] });
      await pool.run('burn', [100000], { count: 1000, chunk: 1 });
      await new Promise((resolve) => setTimeout(resolve, 50)); // the worker is up and waits
      await pool.run('burn', [100000], { count: 1000, chunk: 1 });
      console.log('done');`;
    const words = ['--conditions=source', '--input-type=module', '--eval', program];
    const options = { cwd: `${import.meta.dirname}/../..`, timeout: 20_000, encoding: 'utf8' } as const;
    expect(execFileSync(process.execPath, words, options)).toBe('done\n');
  });
});
