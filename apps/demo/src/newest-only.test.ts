import { expect, test } from 'vitest';
import { newestOnly } from './newest-only.ts';

test('of what comes while one is under way, the newest runs next, and the last one always runs', async () => {
  const seen: number[] = [];
  let together = 0;
  const act = newestOnly<number>(async (argument) => {
    expect(++together).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    seen.push(argument);
    together--;
  });
  for (const argument of [1, 2, 3]) act(argument);
  await expect.poll(() => seen).toEqual([1, 3]);
  act(4);
  await expect.poll(() => seen).toEqual([1, 3, 4]);
});

test('after one that runs, the next waits the pause', async () => {
  const times: number[] = [];
  const act = newestOnly<void>(async () => void times.push(performance.now()), 40);
  act();
  act();
  await expect.poll(() => times).toHaveLength(2);
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(38);
});
