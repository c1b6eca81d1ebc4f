import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { root } from './run.ts';

// Inside the workspace, since the rules look at paths; removed afterwards.
mkdirSync(join(root, '.cache'), { recursive: true });
const folder = mkdtempSync(join(root, '.cache/lint-'));
after(() => rmSync(folder, { recursive: true }));

/** Rules that a file of that name and text breaks. */
function broken(name: string, text: string): string[] {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const config = join(root, '.oxlintrc.json');
  const program = join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [program, '-c', config, '--no-ignore', '-f', 'json', file], {
    encoding: 'utf8',
    cwd: root,
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
  return diagnostics.map(({ code }) => code);
}

const tfjs = "import { add } from '@tensorflow/tfjs-core';\nexport const sum = add;\n";

for (const [title, name, text, rule] of [
  ['tfjs outside the seam', 'packages/losses/src/x.ts', tfjs, 'simile(tensor-seam)'],
  [
    'tfjs re-exported outside the seam',
    'packages/losses/src/x.ts',
    "export { add } from '@tensorflow/tfjs-core';\n",
    'simile(tensor-seam)',
  ],
  [
    'tfjs imported dynamically outside the seam',
    'packages/index/src/x.ts',
    "export const load = () => import('@tensorflow/tfjs-core');\n",
    'simile(tensor-seam)',
  ],
  [
    'a chained tensor method',
    'packages/losses/src/x.ts',
    'export const f = (a, b) => a.matMul(b);\n',
    'simile(no-chained-tensor-methods)',
  ],
  [
    'instanceof SimileError',
    'packages/losses/src/x.ts',
    'export const f = (e) => e instanceof SimileError;\n',
    'simile(no-instanceof-simile-error)',
  ],
  ['a default export', 'packages/losses/src/x.ts', 'export default 1;\n', 'import(no-default-export)'],
  [
    'a value import of types',
    'packages/losses/src/x.ts',
    "import { A } from './a.ts';\nexport type B = A;\n",
    'typescript(consistent-type-imports)',
  ],
  ['console in a package', 'packages/losses/src/x.ts', "console.log('x');\n", 'eslint(no-console)'],
] as const) {
  test(`lint reports ${title}`, () => {
    assert.deepEqual(broken(name, text), [rule]);
  });
}

for (const [title, name, text] of [
  ['tfjs in core/ops', 'packages/core/src/ops.ts', tfjs],
  ['tfjs in core/backend', 'packages/core/src/backend/load-backend.ts', tfjs],
  ['tfjs in a test', 'packages/losses/src/x.test.ts', tfjs],
  [
    'types of tfjs anywhere',
    'packages/losses/src/x.ts',
    "import type { Tensor } from '@tensorflow/tfjs-core';\nexport type T = Tensor;\n",
  ],
  ['functions of a namespace', 'packages/losses/src/x.ts', 'export const f = (tf, a, b) => tf.matMul(a, b);\n'],
  ['the default export of a plugin', 'packages/losses/src/plugin.ts', 'export default { spec: 1 };\n'],
] as const) {
  test(`lint allows ${title}`, () => {
    assert.deepEqual(broken(name, text), []);
  });
}
