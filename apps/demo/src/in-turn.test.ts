import { expect, test } from 'vitest';
import { inTurn } from './in-turn.ts';

test('what is asked for runs in order, and one that fails keeps nobody else from running', async () => {
  const run = inTurn();
  const seen: string[] = [];
  const slow = run(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen.push('slow');
    return 1;
  });
  const wrong = run(() => Promise.reject(new Error('wrong')));
  const quick = run(() => seen.push('quick'));
  await expect(wrong).rejects.toThrow('wrong');
  expect([await slow, await quick]).toEqual([1, 2]);
  expect(seen).toEqual(['slow', 'quick']);
});
