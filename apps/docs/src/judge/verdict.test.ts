import { expect, test } from 'vitest';
import type { CheckMessage } from './check-message.ts';
import { addMessage, nothingYet, summary, tally, type Verdict } from './verdict.ts';

const checks: CheckMessage = {
  kind: 'checks',
  checks: [
    { name: 'is right', backend: 'cpu' },
    { name: 'is never below 0', backend: 'cpu' },
    { name: 'is right', backend: 'webgpu' },
    { name: 'is never below 0', backend: 'webgpu' },
  ],
};
const result = (at: number, outcome: 'passed' | 'failed' | 'skipped', detail = ''): CheckMessage => ({
  kind: 'result',
  at,
  outcome,
  detail,
  milliseconds: 2,
});
const after = (...messages: CheckMessage[]): Verdict => messages.reduce(addMessage, nothingYet);

test('checks by backends begin as waiting, run, and have an outcome', () => {
  const verdict = after(checks, { kind: 'begin', at: 2 }, result(0, 'failed', 'the value is 3'));
  expect(verdict.backends).toEqual(['cpu', 'webgpu']);
  expect(verdict.rows.map(({ name }) => name)).toEqual(['is right', 'is never below 0']);
  expect([...verdict.rows[0]!.cells]).toEqual([
    ['cpu', { outcome: 'failed', detail: 'the value is 3', milliseconds: 2 }],
    ['webgpu', 'running'],
  ]);
  expect([...verdict.rows[1]!.cells.values()]).toEqual(['waiting', 'waiting']);
});

test('a verdict does not change when another is made of it', () => {
  const before = after(checks);
  addMessage(before, result(0, 'passed'));
  expect(before.rows[0]!.cells.get('cpu')).toBe('waiting');
});

test('counts are by backend and in all', () => {
  const verdict = after(checks, result(0, 'passed'), result(1, 'failed'), result(2, 'skipped'), result(3, 'skipped'));
  expect(tally(verdict, 'cpu')).toEqual({ passed: 1, failed: 1, skipped: 0, all: 2 });
  expect(tally(verdict)).toEqual({ passed: 1, failed: 1, skipped: 2, all: 4 });
  expect(summary(verdict)).toBe('cpu 1/2');
});

test('a message about a check that is not there changes nothing', () => {
  const verdict = after(checks);
  expect(addMessage(verdict, result(99, 'passed'))).toBe(verdict);
  expect(addMessage(nothingYet, result(0, 'passed'))).toBe(nothingYet);
});
