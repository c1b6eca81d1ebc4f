import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lines, manifest, workspaceWith, type Files } from './fixture.ts';
import { checkGraph } from './graph.ts';

const found = (changes: Files): string[] => lines(checkGraph(workspaceWith(changes)));
const losses = 'packages/losses/src/double.ts';
const peers = { '@tensorflow/tfjs-core': '^4.22.0' };

test('a workspace in good order has no findings', () => {
  assert.deepEqual(found({}), []);
});

for (const [title, changes, expected] of [
  [
    'an arrow that points up',
    { 'packages/core/package.json': manifest('@simile/core', { dependencies: { '@simile/losses': 'workspace:^' } }) },
    'packages/core/package.json: depends on @simile/losses, which is not below it',
  ],
  [
    'a package on no floor',
    { 'packages/extra/package.json': manifest('@simile/extra') },
    'packages/extra/package.json: @simile/extra stands on no floor: add it to FLOORS in tooling/checks/graph.ts',
  ],
  [
    'a dependency on tooling',
    { 'packages/core/package.json': manifest('@simile/core', { dependencies: { '@tooling/vitest': 'workspace:*' } }) },
    'packages/core/package.json: depends on @tooling/vitest: packages never know tooling',
  ],
  [
    'a cycle through development dependencies',
    {
      'packages/core/package.json': manifest('@simile/core', { devDependencies: { '@simile/losses': 'workspace:*' } }),
    },
    'packages/core/package.json: cycle: @simile/core → @simile/losses → @simile/core',
  ],
  [
    'a tfjs import outside the seam',
    { [losses]: "import { add } from '@tensorflow/tfjs-core';\n" },
    `${losses}:1: imports @tensorflow/tfjs-core: take tensor operations from @simile/core/ops`,
  ],
  [
    'a module of Node',
    { [losses]: "\nimport fs from 'node:fs';\n" },
    `${losses}:2: imports node:fs: bundlers for the web break on it; use nodeModule('node:fs') from @simile/core/platform`,
  ],
  [
    'a dynamic import of a module of Node',
    { [losses]: "const fs = await import('node:fs');\n" },
    `${losses}:1: imports node:fs: bundlers for the web break on it; use nodeModule('node:fs') from @simile/core/platform`,
  ],
  [
    'an undeclared package',
    { [losses]: "import { zip } from 'fflate';\n" },
    `${losses}:1: imports fflate, which package.json does not declare`,
  ],
  [
    'a subpath that is not exported',
    { [losses]: "import { x } from '@simile/core/secret';\n" },
    `${losses}:1: imports @simile/core/secret, which @simile/core does not export`,
  ],
  [
    'tooling in a source',
    { [losses]: "import { x } from '@tooling/checks';\n" },
    `${losses}:1: imports @tooling/checks: packages never know tooling or apps`,
  ],
  [
    'its own name',
    { [losses]: "import { x } from '@simile/losses';\n" },
    `${losses}:1: imports its own package by name (@simile/losses); use a relative path`,
  ],
  [
    'a path into another package',
    { [losses]: "import { x } from '../../core/src/double.ts';\n" },
    `${losses}:1: imports ../../core/src/double.ts, outside its own src`,
  ],
  [
    'tfjs behind a package that must not load it',
    {
      'packages/core/src/ops.ts': "export { add } from '@tensorflow/tfjs-core';\n",
      'packages/core/src/index.ts': "export { add } from './ops.ts';\n",
      'packages/index/package.json': manifest('@simile/index', { dependencies: { '@simile/core': 'workspace:^' } }),
      'packages/index/src/index.ts': "export { add } from '@simile/core';\n",
    },
    'packages/index/package.json: must work without TensorFlow.js, but loads it: packages/index/src/index.ts → packages/core/src/index.ts → packages/core/src/ops.ts → @tensorflow/tfjs-core',
  ],
  [
    'tfjs reached without a peer dependency',
    {
      'packages/core/src/index.ts': "export { add } from './ops.ts';\n",
      'packages/core/src/ops.ts': "export { add } from '@tensorflow/tfjs-core';\n",
      'packages/losses/package.json': manifest('@simile/losses', { dependencies: { '@simile/core': 'workspace:^' } }),
      [losses]: "import { add } from '@simile/core';\n",
    },
    'packages/losses/package.json: loads @tensorflow/tfjs-core, which is no peer dependency of it: packages/losses/src/index.ts → packages/losses/src/double.ts → packages/core/src/index.ts → packages/core/src/ops.ts → @tensorflow/tfjs-core',
  ],
] as [string, Files, string][]) {
  test(`it reports ${title}`, () => {
    assert.ok(found(changes).includes(expected), found(changes).join('\n') || 'no findings');
  });
}

test('types of tfjs, imports in comments and tests are free', () => {
  const changes = {
    [losses]:
      "import type { Tensor } from '@tensorflow/tfjs-core';\n// import { add } from '@tensorflow/tfjs-core';\nimport { type Scalar } from '@tensorflow/tfjs-core';\nexport { type Scalar };\nexport { type Variable } from '@tensorflow/tfjs-core';\nexport type T = Tensor;\n",
    'packages/losses/src/double.test.ts': "import { add } from '@tensorflow/tfjs-core';\n",
    'packages/losses/package.json': manifest('@simile/losses', {
      dependencies: { '@simile/core': 'workspace:^' },
      peerDependencies: peers,
    }),
  };
  assert.deepEqual(found(changes), []);
});
