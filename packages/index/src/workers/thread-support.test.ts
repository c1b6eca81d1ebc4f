import { availableParallelism } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { mayBlock, threadCount, threadSupport } from './thread-support.ts';

afterEach(() => void vi.unstubAllGlobals());

it('knows what Node offers', () => {
  const cores = availableParallelism();
  expect(threadSupport()).toEqual({ available: true, cores });
  expect(mayBlock()).toBe(true);
  expect([threadCount('here', 3), threadCount('here', 'auto')]).toEqual([3, Math.min(8, cores)]);
});

it('says what a page lacks, and stays on one thread there', () => {
  vi.stubGlobal('crossOriginIsolated', false);
  expect(threadSupport()).toMatchObject({
    available: false,
    reason: 'the page is not isolated: serve it with Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy',
  });
  expect([threadCount('here', 3), threadCount('here', 'auto')]).toEqual([1, 1]);
  vi.stubGlobal('SharedArrayBuffer', undefined);
  expect(threadSupport().reason).toMatch(/^no SharedArrayBuffer/);
  expect(mayBlock()).toBe(false);
});

it('refuses what is no number of threads', () => {
  expect(() => threadCount('here', 0)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: here: threads must be a whole number of at least 1, but got 0. Leave threads out to use the default. [ERR_OPTION]]`,
  );
  expect(() => threadCount('here', 1.5)).toThrow('ERR_OPTION');
});
