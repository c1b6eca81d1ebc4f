import { expect, test } from 'vitest';
import { readMessage } from './check-message.ts';

test('lines with the mark of the run are messages', () => {
  expect(readMessage('m:{"kind":"begin","at":3}', 'm:')).toEqual({ kind: 'begin', at: 3 });
});

test.each(['{"kind":"begin","at":3}', 'x m:{"kind":"begin"}', 'm:', 'm:{', 'm:{"kind":"other"}'])(
  '%s is what a loss printed',
  (line) => {
    expect(readMessage(line, 'm:')).toBeUndefined();
  },
);
