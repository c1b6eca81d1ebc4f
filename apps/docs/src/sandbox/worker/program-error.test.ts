import { expect, test } from 'vitest';
import { programError } from './program-error.ts';

const blob = 'blob:null/0f8fad5b-d9cb-469f-a165-70867728950e';
const site = 'blob:null/7c9e6679-7425-40de-944b-e07fc1f90ae7';
const places = {
  names: new Map([
    [blob, 'main.ts'],
    [site, 'losses.js'],
  ]),
  sources: { 'main.ts': "import {\n  mean,\n  middle,\n} from '@simile/core/ops';\n" },
};

function thrown(message: string, stack: string): Error {
  return Object.assign(new TypeError(message), { stack });
}

test('the first place in the program is the place, in the way Chromium writes it', () => {
  const stack = `TypeError: no\n    at check (${site}:1:20)\n    at f (${blob}:7:3)\n    at ${blob}:9:1`;
  expect(programError(thrown('no', stack), places)).toEqual({
    kind: 'error',
    message: 'TypeError: no',
    file: 'main.ts',
    line: 7,
    column: 3,
    stack: 'TypeError: no\n    at check (losses.js:1:20)\n    at f (main.ts:7:3)\n    at main.ts:9:1',
  });
});

test('… and in the way Firefox and Safari do', () => {
  const stack = `check@${site}:1:20\nf@${blob}:7:3\n@${blob}:9:1\n`;
  expect(programError(thrown('no', stack), places)).toMatchObject({ line: 7, column: 3 });
});

test('an import of a name that is none is found by its name', () => {
  const message = `The requested module '${site}' does not provide an export named 'middle'`;
  const error = Object.assign(new SyntaxError(message), { stack: `SyntaxError: ${message}` });
  expect(programError(error, places)).toMatchObject({ file: 'main.ts', line: 3, column: 3 });
});

test('causes are told too, and what is no error is told as it is', () => {
  const error = new Error('outer', { cause: new Error('inner') });
  expect(programError(error, places).stack).toMatch(/outer[\s\S]*Caused by Error: inner/);
  expect(programError('x', places)).toEqual({ kind: 'error', message: 'The program threw x' });
  expect(programError(undefined, places).message).toBe('The program threw undefined');
});
