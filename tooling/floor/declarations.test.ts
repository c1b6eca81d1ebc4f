import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { valuesOf } from './declarations.ts';

const folder = mkdtempSync(join(tmpdir(), 'simile-declarations-'));
after(() => rmSync(folder, { recursive: true }));

test('values are found through imports and re-exports, types are left out', () => {
  const files = {
    'a.d.ts':
      'interface Options { x?: number }\ndeclare function make(options?: Options): Loss;\ndeclare function need(x: number, ...rest: string[]): void;\nexport { Options, make, need };\n',
    'b.d.ts':
      'export declare const names: readonly string[];\nexport declare class Failure {}\nexport type T = 1;\nexport declare const answer: 42;\n',
    'plugin.d.ts': 'declare const plugin: Plugin;\nexport { plugin as default };\n',
    'index.d.ts':
      'import { Options, make, need } from "./a.js";\nimport { add } from "other";\nimport plugin from "./plugin.js";\nexport * from "./b.js";\nexport { type Options, add, make, need as must, plugin as ourPlugin };\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  assert.deepEqual(valuesOf(join(folder, 'index.d.ts')), [
    { name: 'Failure', kind: 'class', type: 'Failure', required: 0 },
    { name: 'add', kind: 'unknown', type: '', required: 0 },
    { name: 'answer', kind: 'constant', type: '42', required: 0 },
    { name: 'make', kind: 'function', type: 'Loss', required: 0 },
    { name: 'must', kind: 'function', type: 'void', required: 1 },
    { name: 'names', kind: 'constant', type: 'readonly string[]', required: 0 },
    { name: 'ourPlugin', kind: 'constant', type: 'Plugin', required: 0 },
  ]);
});

test('export * is followed into another package where its declarations are known', () => {
  writeFileSync(join(folder, 'umbrella.d.ts'), 'export * from "ours";\nexport * from "theirs";\n');
  const entryOf = (specifier: string): string | undefined =>
    specifier === 'ours' ? join(folder, 'b.d.ts') : undefined;
  const names = valuesOf(join(folder, 'umbrella.d.ts'), entryOf).map(({ name }) => name);
  assert.deepEqual(names, ['Failure', 'answer', 'names']);
});

test('a class that only its type is exported of is no value', () => {
  writeFileSync(
    join(folder, 'class.d.ts'),
    'import { Failure, answer } from "./b.js";\nexport { type Failure, answer };\n',
  );
  assert.deepEqual(
    valuesOf(join(folder, 'class.d.ts')).map(({ name }) => name),
    ['answer'],
  );
});
