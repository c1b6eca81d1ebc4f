import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { diagnostics } from './diagnostics.ts';

const text = Text.of(['const x = 1;', '  throw new Error();', '']);
const marked = (line: number, column?: number): string => {
  const [{ from, to } = { from: -1, to: -1 }] = diagnostics(text, [{ line, column, message: 'no' }]);
  return text.sliceString(from, to);
};

test('the word at the column is marked', () => {
  expect(diagnostics(text, [{ line: 2, column: 3, message: 'no' }])).toEqual([
    { from: 15, to: 20, severity: 'error', message: 'no' }, // 13 characters of line 1 with its end, 2 of indentation
  ]);
  expect(marked(1, 7)).toBe('x');
  expect(marked(1, 12)).toBe(';');
});

test('without a column the line is marked, without its indentation', () => {
  expect(marked(2)).toBe('throw new Error();');
});

test('places outside the program are moved into it', () => {
  expect(marked(0)).toBe('const x = 1;');
  expect(marked(-3, -3)).toBe('const');
  expect(marked(1, 99)).toBe('');
  expect(diagnostics(text, [{ line: 99, message: 'no' }])[0]).toMatchObject({ from: 34, to: 34 });
});
