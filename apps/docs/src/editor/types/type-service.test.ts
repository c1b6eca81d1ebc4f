import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';
import { gatherDeclarations } from '../declarations/gather-declarations.ts';
import { createTypeService, type TypeService } from './type-service.ts';

const library = `
/** How far to stay. */
export interface Options {
  /** Gap wanted, as {@link Options} say. Default 1.

      More about it. */
  margin?: number;
  metric?: 'cosine' | 'euclidean';
}
export declare function loss(options?: Options): number;
`;

let service: TypeService;

beforeAll(() => {
  service = createTypeService(ts, {
    ...gatherDeclarations(join(import.meta.dirname, '../../..'), ['comlink']),
    '/node_modules/@some/losses/package.json': JSON.stringify({
      name: '@some/losses',
      exports: { '.': { types: './dist/index.d.ts' }, './more': { types: './dist/more.d.ts' } },
    }),
    '/node_modules/@some/losses/dist/index.d.ts': library,
    '/node_modules/@some/losses/dist/more.d.ts': 'export declare const more: Float32Array;',
  });
});

/** Sets a program whose cursor is at `|`, and gives its place. */
function program(text: string, others: Record<string, string> = {}): number {
  service.setFiles({ 'main.ts': text.replace('|', ''), ...others });
  return text.indexOf('|');
}
const labels = (at: number): string[] => service.completions('main.ts', at)!.items.map(({ label }) => label);

test('errors have a place and a sentence', () => {
  program(`import { loss } from '@some/losses';\nloss({ margin: 'wide' });\n`);
  expect(service.errors('main.ts')).toEqual([
    { from: 44, to: 50, message: "Type 'string' is not assignable to type 'number'.", hint: false },
  ]);
});

test('a program in good order has none: exports, workers, top-level await', () => {
  program(
    `import { more } from '@some/losses/more';\nconst answer = await fetch('a');\nconsole.log(answer.ok, more.length);\n`,
  );
  expect(service.errors('main.ts')).toEqual([]);
});

test('what a worker does not have is an error', () => {
  program('document.title;');
  expect(service.errors('main.ts')[0]?.message).toContain("Cannot find name 'document'");
});

test('files of the program import each other, and errors follow their changes', () => {
  const at = program(`import { x } from './part.ts';\nconst y: number = x;`, { 'part.ts': 'export const x = 1;' });
  expect(at).toBe(-1);
  expect(service.errors('main.ts')).toEqual([]);
  program(`import { x } from './part.ts';\nconst y: number = x;`, { 'part.ts': "export const x = 'one';" });
  expect(service.errors('main.ts').map(({ from }) => from)).toEqual([37]);
  program(`import { x } from './part.ts';\nconst y: number = x;`);
  expect(service.errors('main.ts')[0]?.message).toContain("Cannot find module './part.ts'");
});

test('options are completed, with the word they replace', () => {
  const at = program(`import { loss } from '@some/losses';\nloss({ ma| });`);
  expect(service.completions('main.ts', at)).toEqual({
    from: at - 2,
    to: at,
    items: [
      { label: 'margin', kind: 'property', group: 0 },
      { label: 'metric', kind: 'property', group: 0 },
    ],
  });
});

test('texts of a type, packages and their parts are completed', () => {
  expect(labels(program(`import { loss } from '@some/losses';\nloss({ metric: '|' });`))).toEqual([
    'cosine',
    'euclidean',
  ]);
  expect(labels(program(`import {} from '@some/|';`))).toEqual(['losses']);
  expect(labels(program(`import {} from '@some/losses/|';`))).toEqual(['more']);
});

test('names of the program come before those of the world', () => {
  const at = program('const tensor = 1;\nte|');
  const { items } = service.completions('main.ts', at)!;
  const group = (name: string): number => items.find(({ label }) => label === name)!.group;
  expect(group('tensor')).toBeLessThan(group('TextDecoder'));
});

test('a completion is described by its declaration and the first paragraph of its documentation', () => {
  const at = program(`import { loss } from '@some/losses';\nloss({ ma| });`);
  expect(service.describe('main.ts', at, { label: 'margin', kind: 'property', group: 0 })).toEqual({
    signature: '(property) Options.margin?: number | undefined',
    documentation: 'Gap wanted, as Options say. Default 1.',
  });
  expect(service.describe('main.ts', at, { label: 'no-such', kind: 'property', group: 0 })).toBeUndefined();
});

test('what is under the pointer is described', () => {
  const at = program(`import { loss } from '@some/losses';\nlo|ss();`);
  expect(service.hover('main.ts', at)).toMatchObject({ from: at - 2, to: at + 2, documentation: '' });
  expect(service.hover('main.ts', at)!.signature).toContain('loss(options?: Options): number');
  expect(service.hover('main.ts', program('1 | + 1'))).toBeUndefined();
});

test('there is nothing to say of files that are not there', () => {
  program('x');
  expect(service.errors('other.ts')).toEqual([]);
  expect(service.hover('other.ts', 0)).toBeUndefined();
  expect(service.completions('other.ts', 0)).toBeUndefined();
});
