import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines } from './fixture.ts';
import { checkPacked } from './packed.ts';
import type { Manifest } from './workspace.ts';

const files = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'dist/cli.js'];
const manifest: Manifest = {
  name: '@simile/x',
  bin: { x: './dist/cli.js' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
  dependencies: { '@simile/core': '^0.1.0' },
};
const program = (): string => '#!/usr/bin/env node\n';

test('a tarball in good order has no findings', () => {
  assert.deepEqual(checkPacked('x', files, manifest, program), []);
});

for (const [title, list, changes, expected] of [
  ['a file nobody needs', [...files, 'src/index.ts'], {}, 'x: packs src/index.ts, which nobody needs'],
  ['a test', [...files, 'dist/a.test.js'], {}, 'x: packs the test dist/a.test.js'],
  ['a missing licence', files.filter((file) => file !== 'LICENSE'), {}, 'x: packs no LICENSE'],
  ['a workspace range', files, { dependencies: { '@simile/core': 'workspace:^' } }, 'x: publishes a workspace: range'],
  ['a catalog range', files, { peerDependencies: { a: 'catalog:' } }, 'x: publishes a catalog: range'],
  [
    'a source condition',
    files,
    { exports: { '.': { source: './dist/index.js', default: './dist/index.js' } } },
    'x: publishes the source condition of .',
  ],
  [
    'an export without its file',
    files,
    { exports: { './a': { default: './dist/a.js' } } },
    'x: exports ./a as ./dist/a.js, which is not packed',
  ],
  [
    'an export of a folder without files',
    files,
    { exports: { './wasm/*': './dist/wasm/*' } },
    'x: exports ./wasm/* as ./dist/wasm/*, which is not packed',
  ],
  [
    'a program without its file',
    files,
    { bin: { x: './dist/b.js' } },
    'x: has the program ./dist/b.js, which is not packed',
  ],
] as [string, string[], Partial<Manifest>, string][]) {
  test(`it reports ${title}`, () => {
    assert.deepEqual(lines(checkPacked('x', list, { ...manifest, ...changes }, program)), [expected]);
  });
}

test('it reports a program that Node would not start', () => {
  assert.deepEqual(lines(checkPacked('x', files, manifest, () => 'import')), [
    'x: ./dist/cli.js must begin with #!/usr/bin/env node',
  ]);
});

test('a folder of files may be exported', () => {
  const exports = { './wasm/*': './dist/wasm/*' };
  const list = [...files, 'dist/wasm/flat.simd.wasm', 'dist/wasm/SHA256SUMS'];
  assert.deepEqual(checkPacked('x', list, { ...manifest, exports }, program), []);
});

test('what only developers install may be of the workspace', () => {
  assert.deepEqual(checkPacked('x', files, { ...manifest, devDependencies: { a: 'catalog:' } }, program), []);
});
