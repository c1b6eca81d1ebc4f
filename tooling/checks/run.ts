// Runs named gates, a few at a time, and says of each whether it passed and how long it took. Output is shown of those that failed.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

export interface Gate {
  readonly name: string;
  /** Program and arguments; programs of node_modules/.bin are found. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** Runs the gates whose names were asked for (all of them when none was), `atOnce` at a time, in order. */
export async function runGates(gates: readonly Gate[], wanted: readonly string[], atOnce = 2): Promise<Outcome[]> {
  const unknown = wanted.filter((name) => !gates.some((gate) => gate.name === name));
  if (unknown.length > 0) {
    throw new Error(`no gate named ${unknown.join(', ')}; there are ${gates.map((gate) => gate.name).join(', ')}`);
  }
  const queue = wanted.length > 0 ? gates.filter((gate) => wanted.includes(gate.name)) : [...gates];
  const outcomes = new Map<string, Outcome>();
  const worker = async (): Promise<void> => {
    for (let gate = queue.shift(); gate; gate = queue.shift()) outcomes.set(gate.name, report(await runGate(gate)));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return gates.flatMap((gate) => outcomes.get(gate.name) ?? []);
}

/** Runs the gates and ends the process: 1 when one failed. The last line counts them. */
export async function main(title: string, gates: readonly Gate[], atOnce = 2): Promise<void> {
  const outcomes = await runGates(gates, process.argv.slice(2), atOnce);
  const failed = outcomes.filter((outcome) => !outcome.passed);
  for (const { name, output } of failed) console.log(`\n── ${name} ──\n${output.trimEnd()}`);
  if (failed.length > 0) console.log(`\n${title}: ${failed.map(({ name }) => name).join(', ')} failed`);
  console.log(`${title}: ${outcomes.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

function report(outcome: Outcome): Outcome {
  console.log(`${outcome.passed ? '✓' : '✗'} ${outcome.name} ${outcome.seconds.toFixed(1)} s`);
  return outcome;
}

export function runGate({ name, command, env }: Gate): Promise<Outcome> {
  const started = performance.now();
  const [program, ...args] = command as [string, ...string[]];
  const path = [join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    const done = (passed: boolean): void =>
      resolve({ name, passed, seconds: (performance.now() - started) / 1000, output });
    child.on('error', (error) => {
      output += String(error);
      done(false);
    });
    child.on('close', (code) => done(code === 0));
  });
}
