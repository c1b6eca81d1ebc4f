// Brings a fresh clone up with nothing but Node and npm: pinned pnpm, frozen install, then one root script.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const { packageManager } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const [task, ...rest] = process.argv.slice(2);
if (!task) throw new Error('usage: node tooling/up.mjs <root script> [arguments of it]');

// npm hands its own settings down as npm_config_*; pnpm must see only what a person set.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([key]) => !/^npm_(config_(?!nodedir|registry)|package_|lifecycle_)/i.test(key)),
);
env.TURBO_TELEMETRY_DISABLED = '1';

pnpm('install', '--frozen-lockfile', '--prefer-offline');
pnpm('run', task, ...rest);

function pnpm(...args) {
  const { status } = spawnSync('npx', ['--yes', packageManager, ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
