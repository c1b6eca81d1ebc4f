// Every export path of every package on the floor Node: what its declarations promise is there, and what needs no argument runs.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '@tooling/checks/run';
import { readWorkspace } from '@tooling/checks/workspace';
import { valuesOf } from './declarations.ts';
import { floorNode, runFloor } from './node.ts';

const MINUTE = 60_000;
/** Functions that must not be called here, and why. */
const NOT_CALLED: Readonly<Record<string, string>> = {
  fashionMnist: 'no npm package holds its data: it would be downloaded',
};

const floor = floorNode();
const skip = 'missing' in floor ? floor.missing : false;

test('the floor is Node 20.19', { skip }, () => {
  assert.match('version' in floor ? floor.version : '', /^v20\.19\./);
});

const { packages } = readWorkspace(root);

/** Declarations of one of our packages: `@simile/core/errors` → packages/core/dist/errors.d.ts. */
function entryOf(specifier: string): string | undefined {
  const member = packages.find(
    ({ manifest }) => specifier === manifest.name || specifier.startsWith(`${manifest.name}/`),
  );
  const entry = member?.manifest.publishConfig?.exports?.[`.${specifier.slice(member.manifest.name.length)}`];
  return member && typeof entry === 'object' ? join(member.folder, entry['types']!) : undefined;
}

for (const { folder, manifest } of packages) {
  for (const [subpath, entry] of Object.entries(manifest.publishConfig?.exports ?? {})) {
    if (typeof entry === 'string') continue;
    const specifier = manifest.name + subpath.slice(1);
    test(specifier, { skip, timeout: 3 * MINUTE }, async () => {
      if ('missing' in floor) return;
      const values = valuesOf(join(folder, entry['types']!), entryOf).map((value) => ({
        ...value,
        call: !(value.name in NOT_CALLED),
      }));
      const program = join(import.meta.dirname, 'smoke.mjs');
      const args = ['--no-warnings', program, specifier, JSON.stringify(values)];
      const { code, stdout, stderr } = await runFloor(floor.program, args, { cwd: tmpdir(), timeout: 2 * MINUTE });
      assert.equal(code, 0, stderr);
      assert.equal(stdout.trim(), '', `${stdout}\n${stderr}`);
    });
  }
}
