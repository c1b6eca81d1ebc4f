import { expect, test } from 'vitest';
import { watchPending, type TimerRealm } from './pending.ts';

function realm(): TimerRealm & { answer: (response: Response) => void } {
  let answer!: (response: Response) => void;
  const response = new Promise<Response>((resolve) => (answer = resolve));
  return {
    setTimeout: (act, delay, ...args) => Number(setTimeout(act as () => void, delay, ...args)),
    setInterval: (act, delay, ...args) => Number(setInterval(act as () => void, delay, ...args)),
    clearTimeout: (timer) => clearTimeout(timer),
    clearInterval: (timer) => clearTimeout(timer),
    fetch: () => response,
    answer,
  };
}

async function isOver(over: Promise<void>): Promise<boolean> {
  return Promise.race([over.then(() => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 40))]);
}

test('a program without timers is over', async () => {
  expect(await isOver(watchPending(realm()).over())).toBe(true);
});

test('a timer, and what it starts, is waited for', async () => {
  const own = realm();
  const { over } = watchPending(own);
  let rang = 0;
  own.setTimeout(() => {
    rang++;
    own.setTimeout(() => rang++, 5);
  }, 5);
  await over();
  expect(rang).toBe(2);
});

test('an interval is waited for until it is cleared, by either function', async () => {
  const own = realm();
  const { over } = watchPending(own);
  const timer = own.setInterval(() => {}, 5);
  const done = over();
  expect(await isOver(done)).toBe(false);
  own.clearTimeout(timer);
  expect(await isOver(done)).toBe(true);
});

test('a fetch is waited for', async () => {
  const own = realm();
  const { over } = watchPending(own);
  void own.fetch('x');
  const done = over();
  expect(await isOver(done)).toBe(false);
  own.answer(new Response());
  expect(await isOver(done)).toBe(true);
});
