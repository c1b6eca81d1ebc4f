#!/usr/bin/env node
// pnpm mutate UNIT [--most N] [--seed S] [--test NAME] [--json]: standard output is the report's own.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' };
env.PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
const shell = process.platform === 'win32';
const wasm = ['run', 'wasm', '--output-logs=errors-only', '--no-update-notifier'];
const made = spawnSync('turbo', wasm, { cwd: root, env, stdio: ['inherit', 2, 'inherit'], shell });
if (made.status !== 0) process.exit(made.status ?? 1);
const program = ['--no-warnings', join(root, 'tooling/mutate/mutate.ts'), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, program, { stdio: 'inherit' }).status ?? 1);
