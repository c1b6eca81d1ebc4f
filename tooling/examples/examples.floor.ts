// Each package in examples/, installed from packed tarballs outside of the workspace, on the oldest Node: types and its own tests, which
// run the published suites and train the hello world.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '@tooling/checks/run';
import { install, pack } from './install.ts';

const MINUTE = 60_000;
const run = promisify(execFile);
const work = realpathSync(mkdtempSync(join(tmpdir(), 'simile-examples-')));
after(() => rmSync(work, { recursive: true, force: true }));

const floor = process.env['FLOOR_NODE'] ?? join(root, 'node_modules/node-floor/bin/node');
const skip = existsSync(floor) ? false : 'node-floor is for Linux x64 only: set FLOOR_NODE to a Node 20.19';
const places = skip ? {} : await pack(join(work, 'packs'));

for (const name of readdirSync(join(root, 'examples'))) {
  test(`${name} passes its tests, installed from tarballs`, { skip, timeout: 4 * MINUTE }, async () => {
    const folder = join(work, name);
    const left = new Set(['node_modules', 'dist', 'pnpm-lock.yaml']);
    cpSync(join(root, 'examples', name), folder, { recursive: true, filter: (file) => !left.has(basename(file)) });
    await install(folder, places);
    const core = realpathSync(join(folder, 'node_modules/@simile/core'));
    assert.ok(core.startsWith(work) && !lstatSync(join(core, 'package.json')).isSymbolicLink(), core);
    assert.ok(!existsSync(join(core, 'src')), 'sources are not published');

    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    // As `npm test` does, with the oldest Node first on the path and without what marks this run.
    const path = [join(folder, 'node_modules/.bin'), dirname(floor), process.env['PATH']].join(':');
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
    const env = { ...inherited, PATH: path, NODE_PATH: '' };
    const { stdout } = await run('sh', ['-c', scripts['test']!], { cwd: folder, env, maxBuffer: 1 << 26 }).catch(
      ({ stdout, stderr }: { stdout: string; stderr: string }) => assert.fail(`${stdout}\n${stderr}`),
    );
    const count = (what: string): number => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(stdout)?.[1]);
    assert.deepEqual([count('fail'), count('cancelled'), count('skipped')], [0, 0, 0], stdout);
    assert.ok(count('pass') > 0, stdout);
  });
}
