#!/usr/bin/env node
// pnpm bench NAME [--json] [--runs n] [more]: installs tooling/bench when first used, builds the packages, runs NAME.mjs there.
// Standard output is the bench's own; everything else goes to standard error.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'tooling/bench');
const names = readdirSync(folder)
  .filter((file) => /^[a-z-]+\.mjs$/.test(file) && file !== 'harness.mjs')
  .map((file) => file.slice(0, -4));
const [name, ...args] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`usage: pnpm bench <${names.join(' | ')}> [--json] [--runs n]`);
  process.exit(2);
}

// A Node prefix with headers, so that a peer which compiles itself need not download them.
const node = process.execPath;
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', npm_config_nodedir: dirname(dirname(node)) };
env.PATH = [dirname(node), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);

const lockfile = readFileSync(join(folder, 'pnpm-lock.yaml'), 'utf8');
const stamp = join(folder, 'node_modules/.lockfile-installed');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockfile) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--prefer-offline'], folder);
  writeFileSync(stamp, lockfile);
}
run('turbo', ['run', 'build', '--filter=./packages/*', '--output-logs=errors-only', '--no-update-notifier'], root);
run(node, [`${name}.mjs`, ...args], folder, 'inherit');

function run(program, words, cwd, stdout = 2) {
  const shell = process.platform === 'win32' && program !== node;
  const { status, error } = spawnSync(program, words, { cwd, env, stdio: ['inherit', stdout, 'inherit'], shell });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}
