import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached, cacheFolder } from './cache.ts';
import type { CaseKernels } from './case-kernels.ts';
import { exampleProgram } from './example-programs.ts';
import type { ExampleRun } from './trace.ts';
import { sizeOf } from './sizes.ts';
import { root } from './sources.ts';
import { allUnits, type Unit } from './units.ts';

/** What was found out by running things; keys are `kind/id` of units. */
export interface Facts {
  /** Bytes of what a unit adds to an app. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly examples: ExampleResults;
}

/** What all examples came to. */
export interface ExampleResults {
  readonly runs: Readonly<Record<string, ExampleRun>>;
  /** Stack of the error by file, of those that failed. */
  readonly failures: Readonly<Record<string, string>>;
  /** Kernels of each row of the table of operations. */
  readonly cases: Readonly<Record<string, CaseKernels>>;
}

export function keyOf({ kind, id }: Unit): string {
  return `${kind.id}/${id}`;
}

/** Units whose example is the script of a worker, and cannot run by itself. */
export const inWorkers: readonly string[] = ['index-engines/serve-engine'];

/** Sizes and results of examples, from the sources as they are: some ten seconds, or none where nothing has changed. */
export async function readFacts(): Promise<Facts> {
  const [sizes, examples] = await Promise.all([cached('sizes', measureSizes), readExamples()]);
  return { sizes, examples };
}

/**
 * What the examples come to on the cpu backend.
 *
 * @throws where one does not run: a page without its results is worse than none
 */
export function readExamples(): Promise<ExampleResults> {
  return cached('examples', async () => {
    const results = await runExamples('cpu');
    const [failure] = Object.entries(results.failures);
    if (failure) throw new Error(`the example of ${failure[0].replace(/\.ts$/, '')} does not run: ${failure[1]}`);
    return results;
  });
}

async function measureSizes(): Promise<Record<string, number>> {
  const file = join(cacheFolder, 'sizes-by-code.json');
  const known = new Map<string, number>(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
  const sizes: Record<string, number> = {};
  for (const unit of allUnits()) sizes[keyOf(unit)] = await sizeOf(unit, known);
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(file, JSON.stringify([...known]));
  return sizes;
}

/** Runs the examples of all units in a process of their own, on a backend of tfjs. */
export async function runExamples(backend: 'cpu' | 'wasm'): Promise<ExampleResults> {
  const cache = join(import.meta.dirname, '../.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'unit-examples-'));
  try {
    for (const unit of allUnits().filter((one) => !inWorkers.includes(keyOf(one)))) {
      const program = exampleProgram(unit);
      if (program) writeFileSync(join(folder, `${unit.kind.id}.${unit.id}.ts`), program.traced);
    }
    copyFileSync(join(root, 'packages/index/test/fixtures/hnswlib-cosine.bin'), join(folder, 'index.bin'));
    const script = join(import.meta.dirname, 'run-examples.ts');
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', script, backend], {
      cwd: folder,
      maxBuffer: 2 ** 26,
    });
    return JSON.parse(stdout.slice(stdout.indexOf('{"runs"'))) as ExampleResults;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
