import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withLimit } from './with-limit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => {});

it('gives the result, or the error, of work that is done in time, and leaves no timer', async () => {
  await expect(withLimit(Promise.resolve(3), 1000, 'it')).resolves.toBe(3);
  await expect(withLimit(Promise.reject(new Error('broken')), 1000, 'it')).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

it('gives up on work that takes longer', async () => {
  const limited = withLimit(never, 2500, 'the adapter').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(2499);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await limited).toEqual(new Error('the adapter did not answer within 2.5 s'));
});

it('gives up at once when the signal says so, before or during the work', async () => {
  const controller = new AbortController();
  const limited = withLimit(never, 1000, 'it', controller.signal).catch((error: unknown) => error);
  controller.abort('closed');
  expect(await limited).toMatchObject({ code: 'ERR_ABORTED', cause: 'closed' });
  await expect(withLimit(Promise.resolve(3), 1000, 'it', controller.signal)).rejects.toMatchObject({
    code: 'ERR_ABORTED',
  });
  expect(vi.getTimerCount()).toBe(0);
});
