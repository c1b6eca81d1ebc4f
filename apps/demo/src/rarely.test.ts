import { expect, test } from 'vitest';
import { rarely } from './rarely.ts';

test('an action that takes 200 ms runs once in a second, a quick one once in 300 ms', async () => {
  let time = 0;
  const runs: number[] = [];
  const act = (milliseconds: number) =>
    rarely(
      async () => {
        runs.push(time);
        time += milliseconds;
      },
      () => time,
    );
  const slow = act(200);
  for (; time < 2100; time += 50) await slow();
  expect(runs).toEqual([0, 1000, 2000]); // 200 of each 1,000

  [time, runs.length] = [0, 0];
  const quick = act(0);
  for (; time <= 900; time += 50) await quick();
  expect(runs).toEqual([0, 300, 600, 900]);
});
