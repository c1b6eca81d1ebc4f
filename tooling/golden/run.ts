// pnpm golden FILE…  Runs recorded cases through Simile's public API on cpu and wasm, and compares.
import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { selectBackend, type BackendName } from '@simile/core/backend';
import { setBackend } from '@tensorflow/tfjs-core';
import { compare } from './compare.ts';
import { readCases, type GoldenCase } from './golden-case.ts';
import { NotCovered } from './runner.ts';
import { unitOf } from './table.ts';

let backends: readonly BackendName[] = ['cpu', 'wasm'];
const usage = `pnpm golden FILE… [--backend=cpu] [--backend=wasm]

Runs the recorded cases of JSON files (or of the folders that hold them) through Simile's public API, on cpu and wasm
unless told otherwise, and compares. Ends with "N passed, N failed, N not covered"; exit code 1 when one failed.`;
const DETAILS = 5; // wrong numbers told of a case

interface Verdict {
  readonly failures: readonly string[];
  /** Why the case cannot be said in our API; undefined where it was compared. */
  readonly reason?: string;
  readonly left: Readonly<Record<string, string>>;
}

async function judge(golden: GoldenCase): Promise<Verdict> {
  const failures: string[] = [];
  let left: Readonly<Record<string, string>> = {};
  try {
    const { run, tensors } = unitOf(golden.unit);
    for (const backend of tensors ? backends : ([undefined] as const)) {
      if (backend) await useBackend(backend);
      const where = backend ? `${backend}: ` : '';
      try {
        const result = compare(golden, await run(golden));
        left = result.left;
        if (result.compared.length === 0)
          return { failures: [], reason: Object.values(left)[0] ?? 'nothing to compare', left };
        failures.push(...result.wrong.map((line) => `${where}${line}`));
      } catch (error) {
        if (error instanceof NotCovered) throw error;
        failures.push(`${where}it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  } catch (error) {
    if (!(error instanceof NotCovered)) throw error;
    return { failures: [], reason: error.message, left };
  }
  return { failures, left };
}

/** Names in tfjs of the backends that were started. */
const started = new Map<BackendName, string>();

async function useBackend(name: BackendName): Promise<void> {
  const known = started.get(name);
  if (known) await setBackend(known);
  else started.set(name, (await selectBackend({ prefer: name })).chosen);
}

/** Files of the arguments; a folder stands for the JSON files in it. */
function filesOf(args: readonly string[]): string[] {
  return args.flatMap((arg) => {
    const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), arg);
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(path, name));
  });
}

const count = (lists: Iterable<string>): [string, number][] => {
  const counts = new Map<string, number>();
  for (const one of lists) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts];
};

async function main(given: readonly string[]): Promise<number> {
  const args = given.filter((arg) => !arg.startsWith('--backend='));
  const chosen = given.filter((arg) => arg.startsWith('--backend=')).map((arg) => arg.split('=')[1] as BackendName);
  if (chosen.length > 0) backends = chosen;
  if (args.length === 0) {
    console.log(usage);
    return 2;
  }
  const total = { passed: 0, failed: 0, notCovered: 0 };
  for (const file of filesOf(args)) {
    let cases: GoldenCase[] | undefined;
    try {
      cases = readCases(file);
    } catch (error) {
      console.log(`${basename(file)}: could not be read: ${error instanceof Error ? error.message : String(error)}`);
      total.failed++;
      continue;
    }
    if (!cases) {
      console.log(`${basename(file)}: holds no cases`);
      continue;
    }
    const here = { passed: 0, failed: 0, notCovered: 0 };
    const reasons: string[] = [];
    const left: string[] = [];
    for (const golden of cases) {
      const { failures, reason, left: keys } = await judge(golden);
      if (reason !== undefined) {
        here.notCovered++;
        reasons.push(reason);
        continue;
      }
      left.push(...Object.entries(keys).map(([key, why]) => `${key} ${why}`));
      here[failures.length > 0 ? 'failed' : 'passed']++;
      if (failures.length === 0) continue;
      console.log(`  ${golden.name} (${golden.unit}):`);
      for (const line of failures.slice(0, DETAILS)) console.log(`    ${line}`);
      if (failures.length > DETAILS) console.log(`    and ${failures.length - DETAILS} more`);
    }
    console.log(`${basename(file)}: ${here.passed} passed, ${here.failed} failed, ${here.notCovered} not covered`);
    for (const [reason, cases] of count(reasons)) console.log(`  not covered (${cases}): ${reason}`);
    for (const [why, keys] of count(left)) console.log(`  not compared in ${keys} of the cases: ${why}`);
    total.passed += here.passed;
    total.failed += here.failed;
    total.notCovered += here.notCovered;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.notCovered} not covered`);
  return total.failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
