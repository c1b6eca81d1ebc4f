import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { examplesFolder } from './example.ts';

/** What came of running an example. */
export interface ExampleRun {
  /** Empty when it ended well. */
  readonly failure: string;
  /** Texts by the line that printed them; several of one line are joined by a blank. */
  readonly printed: ReadonlyMap<number, string>;
  /** Processor time of all of it, starting Node and reading our sources included. */
  readonly seconds: number;
}

type Recorded = { readonly line: number; readonly text: string } | { readonly seconds: number };

/** Runs an example as a program of its own, against our sources, in the folder whose `data` it reads. */
export function runExample(name: string): Promise<ExampleRun> {
  const hooks = join(import.meta.dirname, 'record.mjs');
  const args = ['--conditions=source', '--no-warnings', '--import', hooks, join(examplesFolder, name)];
  const cwd = join(examplesFolder, '..');
  const env = { ...process.env, EXAMPLE: name, NODE_OPTIONS: '' };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env, timeout: 300_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const printed = new Map<number, string>();
      let seconds = 0;
      for (const record of stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Recorded)) {
        if ('seconds' in record) seconds = record.seconds;
        else printed.set(record.line, [printed.get(record.line), record.text].filter(Boolean).join(' '));
      }
      resolve({ failure: error ? `${error.message}\n${stderr}` : '', printed, seconds });
    });
  });
}
