import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const up = fileURLToPath(new URL('../up.mjs', import.meta.url));
const run = (...args) => spawnSync(process.execPath, args, { encoding: 'utf8' });

test('an unknown script is answered with those there are', () => {
  const { status, stderr } = run(up, 'no-such-script');
  assert.equal(status, 1);
  assert.match(stderr, /^usage: node tooling\/up\.mjs <start \| test \| .*check.*> \[arguments\]\n$/);
});

test('an old Node is told which one is needed, before anything is installed', () => {
  const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.1' } });";
  const { status, stderr } = run('--import', `data:text/javascript,${encodeURIComponent(old)}`, up, 'check');
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^Simile needs Node 20\.19 or newer, but this is v.+\. Install one from https:\/\/nodejs\.org\.\n$/,
  );
});
