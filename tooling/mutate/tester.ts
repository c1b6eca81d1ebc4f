import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** How the tests of a unit took a text: green, red, or never done. */
export type Verdict = 'passed' | 'failed' | 'timed-out';

export interface Subject {
  /** Folder of the package. */
  readonly folder: string;
  /** The unit's file. */
  readonly unit: string;
  /** Its test's file, or files: those of units that use it, where it has none of its own. */
  readonly test: string | readonly string[];
}

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

/**
 * Runs a unit's tests against a text in its place, up to the first that is red, in a process of its own. The file stays as it is:
 * tooling/vitest puts the text in its place while it loads it.
 */
export async function runTests(
  { folder, unit, test }: Subject,
  text: string | undefined,
  milliseconds: number,
): Promise<Verdict> {
  const place = mkdtempSync(join(tmpdir(), 'simile-mutant-'));
  const file = join(place, 'text.ts');
  if (text !== undefined) writeFileSync(file, text);
  const mutant = text === undefined ? {} : { MUTANT_OF: unit, MUTANT_TEXT: file };
  // Its cache of modules goes by the file on disk, and would give every mutant the text of the first.
  const words = ['run', '--project', 'node', '--bail', '1', '--fsModuleCache=false', '--cache=false', ...[test].flat()];
  const child = spawn(process.execPath, [vitest, ...words], {
    cwd: folder,
    env: { ...process.env, ...mutant },
    stdio: 'ignore',
    detached: process.platform !== 'win32',
  });
  try {
    return await new Promise<Verdict>((resolve, reject) => {
      const timer = setTimeout(() => {
        // The group: workers of vitest too.
        if (process.platform === 'win32') child.kill('SIGKILL');
        else process.kill(-child.pid!, 'SIGKILL');
        resolve('timed-out');
      }, milliseconds);
      child.on('error', reject).on('exit', (code) => {
        clearTimeout(timer);
        resolve(code === 0 ? 'passed' : 'failed');
      });
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
