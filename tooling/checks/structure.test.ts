import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines, manifest, workspaceWith, type Files } from './fixture.ts';
import { checkStructure } from './structure.ts';

const found = (changes: Files): string[] => lines(checkStructure(workspaceWith(changes)));
const built = { types: './dist/index.d.ts', default: './dist/index.js' };
const self = { './package.json': './package.json' };
const core = (fields: Record<string, unknown>): Files => ({
  'packages/core/package.json': manifest('@simile/core', {
    peerDependencies: { '@tensorflow/tfjs-core': '^4.22.0' },
    ...fields,
  }),
});

test('a workspace in good order has no findings', () => {
  assert.deepEqual(found({}), []);
});

for (const [title, changes, expected] of [
  ['a missing README', { 'packages/core/README.md': undefined }, 'packages/core: has no README.md'],
  [
    'another licence text',
    { 'packages/core/LICENSE': 'mine' },
    'packages/core/LICENSE: differs from the LICENSE of the root',
  ],
  ['a wrong field', core({ sideEffects: true }), 'packages/core/package.json: sideEffects must be false, but is true'],
  [
    'a description that is no sentence',
    core({ description: 'a lib' }),
    'packages/core/package.json: description must be a sentence with a full stop',
  ],
  ['a missing script', core({ scripts: { build: 'x', types: 'x' } }), 'packages/core/package.json: has no script test'],
  [
    'a browser test that no script runs',
    { 'packages/core/src/double.browser.test.ts': '' },
    'packages/core/package.json: has browser tests but no script test:browser',
  ],
  [
    'a script for browser tests that are not there',
    core({ scripts: { build: 'x', types: 'x', test: 'x', 'test:browser': 'x' } }),
    'packages/core/package.json: has a script test:browser but no *.browser.test.ts',
  ],
  [
    'an export that the published manifest lacks',
    core({ publishConfig: { access: 'public', exports: { './package.json': './package.json' } } }),
    `packages/core/package.json: publishConfig.exports['.'] must be {"types":"./dist/index.d.ts","default":"./dist/index.js"}`,
  ],
  [
    'an entry that the build lacks',
    { 'packages/core/tsdown.config.ts': 'export default { entry: [] };' },
    'packages/core/tsdown.config.ts: ./src/index.ts is exported but not an entry',
  ],
  [
    'a unit without a test',
    { 'packages/core/src/double.test.ts': undefined },
    'packages/core/src/double.ts: has no test beside it (double.test.ts)',
  ],
  [
    'a public name without docs',
    { 'packages/core/src/double.ts': '// ours @example\nexport const double = 2;\n' },
    'packages/core/src/double.ts:2: double is public and has no /** docs */',
  ],
  [
    'a unit without an example',
    { 'packages/core/src/double.ts': '/** Twice. */\nexport function double(): void {}\n' },
    'packages/core/src/double.ts:1: a public unit shows its use: no @example in this file',
  ],
  [
    'a throw that the docs keep quiet about',
    {
      'packages/core/src/double.ts':
        '/**\n * Twice.\n * @example double()\n */\nexport function double(): void {\n  throw new Error();\n}\n',
    },
    'packages/core/src/double.ts:5: double throws, and its docs do not say what (@throws)',
  ],
  [
    'code in an index',
    { 'packages/core/src/index.ts': 'export const x = 1;\n' },
    'packages/core/src/index.ts: index.ts holds exports only',
  ],
  [
    'a re-export of another package',
    { 'packages/losses/src/index.ts': "export { double } from '@simile/core';\n" },
    'packages/losses/src/index.ts:1: re-exports @simile/core: import it from its owner',
  ],
  [
    'a file called utils',
    { 'packages/core/src/utils.ts': '' },
    'packages/core/src/utils.ts: utils says nothing: name it after what it holds',
  ],
  [
    'a file in camel case',
    { 'packages/core/src/tripletMargin.ts': '' },
    'packages/core/src/tripletMargin.ts: file names are kebab-case',
  ],
  [
    'a unit that grew too long',
    { 'packages/core/src/long.ts': 'let x = 1;\n'.repeat(151) },
    'packages/core/src/long.ts: has 151 lines of code, more than 150: split it',
  ],
  [
    'a plugin id without its file',
    {
      'packages/core/src/index.ts': '',
      'packages/losses/src/plugin.ts': "export default { spec: 1, losses: { double, 'n-pairs': nPairs } };",
    },
    'packages/losses/src/plugin.ts: offers n-pairs, but there is no n-pairs.ts',
  ],
  [
    'a folder of files that is exported and not published',
    core({
      exports: { '.': { source: './src/index.ts', ...built }, './wasm/*': './dist/wasm/*', ...self },
      publishConfig: { access: 'public', exports: { '.': built, ...self } },
    }),
    `packages/core/package.json: publishConfig.exports['./wasm/*'] must be "./dist/wasm/*"`,
  ],
  [
    'a version outside the catalog',
    core({ devDependencies: { vitest: '5.1.1' } }),
    'packages/core/package.json: vitest must be catalog: or workspace:, but is 5.1.1',
  ],
  [
    'a name that the catalog lacks',
    core({ devDependencies: { vitest: 'catalog:' } }),
    'packages/core/package.json: vitest is not in the catalog',
  ],
  [
    'a peer range beside the catalog',
    core({ peerDependencies: { '@tensorflow/tfjs-core': '^3.0.0' } }),
    'packages/core/package.json: peer @tensorflow/tfjs-core must be 4.22.0 or ^4.22.0, but is ^3.0.0',
  ],
  [
    'a catalog entry that nothing uses',
    { 'pnpm-workspace.yaml': "catalog:\n  '@tensorflow/tfjs-core': 4.22.0\n  left-pad: 1.0.0\n" },
    'pnpm-workspace.yaml: nothing uses left-pad of the catalog',
  ],
] as [string, Files, string][]) {
  test(`it reports ${title}`, () => {
    assert.ok(found(changes).includes(expected), found(changes).join('\n') || 'no findings');
  });
}

test('it reports error codes without docs, and docs without a code', () => {
  const changes = {
    'packages/core/src/errors.ts': "export type ErrorCode =\n  | 'ERR_NEW'\n  | 'ERR_OLD';\n",
    'docs/errors.md': '# Errors\n\n## ERR_OLD\n\nText.\n\n## ERR_GONE\n',
  };
  assert.deepEqual(found(changes), [
    'docs/errors.md: has no section ERR_NEW',
    'docs/errors.md: ERR_GONE is no code any more',
  ]);
});

test('overloads share the docs of one of them', () => {
  const overloads =
    '/**\n * Twice.\n * @example double(2)\n */\nexport function double(x: number): number;\nexport function double(x: string): string;\nexport function double(x: never): never {\n  return x;\n}\n';
  assert.deepEqual(found({ 'packages/core/src/double.ts': overloads }), []);
});

test('types that are re-exported need no test beside them, and internal files no docs', () => {
  const changes = {
    'packages/core/src/index.ts': "export { double } from './double.ts';\nexport type { Shape } from './inner.ts';\n",
    'packages/core/src/inner.ts':
      '/** A shape. */\nexport type Shape = readonly number[];\nexport function inner(): void {}\n',
  };
  assert.deepEqual(found(changes), []);
});
