import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '@tooling/checks/run';
import { checkStructure } from '@tooling/checks/structure';
import { readWorkspace } from '@tooling/checks/workspace';
import { addSorted, writeEdits } from './edit.ts';
import { camelCase, checkId, pascalCase } from './names.ts';
import { newLoss } from './new-loss.ts';
import { newPackage } from './new-package.ts';

// A copy of what a new unit touches, inside the workspace so that programs and packages resolve.
mkdirSync(join(root, '.cache'), { recursive: true });
const copy = mkdtempSync(join(root, '.cache/generate-'));
after(() => rmSync(copy, { recursive: true, force: true }));

before(() => {
  const skipped = new Set(['node_modules', 'dist', '.turbo', 'etc', 'bench', '.cache']);
  for (const name of [
    'package.json',
    'pnpm-workspace.yaml',
    'tsconfig.base.json',
    'LICENSE',
    '.oxfmtrc.json',
    '.oxlintrc.json',
    'packages',
    'tooling',
    '.changeset',
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true, filter: (file) => !skipped.has(basename(file)) });
  }
  for (const folder of [
    '.',
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`),
    'tooling/checks',
    'tooling/vitest',
  ]) {
    const modules = join(root, folder, 'node_modules');
    if (existsSync(modules)) symlinkSync(modules, join(copy, folder, 'node_modules'));
  }
});

/** Formats, type-checks and tests a package of the copy; throws with what the program said. */
function pass(folder: string, tests: string, files: readonly string[]): void {
  const run = (program: string, ...args: string[]): void => {
    // Without what marks the nested run as part of this one.
    const env = { ...process.env, NODE_TEST_CONTEXT: '' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', program), ...args], {
      cwd: join(copy, folder),
      encoding: 'utf8',
      env,
    });
    assert.equal(status, 0, stdout + stderr);
  };
  const paths = files.map((file) => join(copy, file));
  run('oxfmt/bin/oxfmt', ...paths);
  run(
    'oxlint/bin/oxlint',
    '-c',
    join(copy, '.oxlintrc.json'),
    '--no-ignore',
    '--deny-warnings',
    ...paths.filter((file) => file.endsWith('.ts')),
  );
  run('typescript/bin/tsc', '-p', '.');
  run('vitest/vitest.mjs', 'run', '--project', 'node', tests);
}

/** What the copy's own checks say about something. */
async function complaints(about: string): Promise<string[]> {
  const { checkGraph } = (await import(
    join(copy, 'tooling/checks/graph.ts')
  )) as typeof import('@tooling/checks/graph');
  const workspace = readWorkspace(copy);
  return [...checkStructure(workspace), ...checkGraph(workspace)]
    .map(({ where, what }) => `${where}: ${what}`)
    .filter((line) => line.includes(about));
}

test('a new package passes types, tests, lint, structure and graph', { timeout: 180_000 }, async () => {
  const edits = newPackage(copy, 'weighers', 'by-scale');
  writeEdits(copy, edits);
  // Stands in for pnpm install.
  const modules = join(copy, 'packages/weighers/node_modules');
  symlinkSync(join(root, 'packages/metrics/node_modules'), modules);
  pass(
    'packages/weighers',
    'src/by-scale.test.ts',
    [...edits.keys()].filter((file) => /\.(ts|json)$/.test(file)),
  );
  rmSync(modules);
  assert.deepEqual(await complaints('weighers'), []);
});

test('a new loss passes types, tests, lint and structure', { timeout: 180_000 }, async () => {
  const edits = newLoss(copy, 'far-and-near');
  writeEdits(copy, edits);
  pass(
    'packages/losses',
    'src/far-and-near.test.ts',
    [...edits.keys()].filter((file) => /\.(ts|json)$/.test(file)),
  );
  assert.deepEqual(await complaints('far-and-near'), []);
  const plugin = readFileSync(join(copy, 'packages/losses/src/plugin.ts'), 'utf8');
  assert.match(plugin, /'far-and-near': farAndNear/);
  assert.throws(() => newLoss(copy, 'far-and-near'), { message: 'packages/losses/src/far-and-near.ts exists already' });
});

test('names are kebab-case, symbols camelCase', () => {
  assert.equal(camelCase('n-pairs'), 'nPairs');
  assert.equal(pascalCase('n-pairs'), 'NPairs');
  assert.throws(() => checkId('nPairs'), { message: 'a name is kebab-case, such as n-pairs, but got nPairs' });
  assert.throws(() => checkId(undefined), { message: 'a name is kebab-case, such as n-pairs, but got none' });
});

test('a line goes to its place among those of its kind', () => {
  const text = "// exports\nexport { a } from './a.ts';\nexport { c } from './c.ts';\nlast();\n";
  assert.equal(
    addSorted(text, /^export/, "export { b } from './b.ts';"),
    "// exports\nexport { a } from './a.ts';\nexport { b } from './b.ts';\nexport { c } from './c.ts';\nlast();\n",
  );
  assert.equal(addSorted('none', /^export/, 'x'), 'none');
});
