// Run as a program: imports each example that it is given, one after the other in one process, and notes which line printed what. Answers JSON
// on its last line: by file, the lines `[number, text]` and the error that ended it.
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

export interface Ran {
  readonly file: string;
  readonly printed: [line: number, text: string][];
  error?: string;
  readonly milliseconds: number;
}

const all: Ran[] = [];
const log = console.log;
for (const file of process.argv.slice(2)) {
  const printed: [number, string][] = [];
  console.log = (...values: unknown[]): void => {
    const frame = new Error('where').stack!.split('\n').find((line) => line.includes(basename(file)));
    printed.push([Number(/:(\d+):\d+\)?$/.exec(frame ?? '')?.[1] ?? 0), format(...values)]);
  };
  const begin = performance.now();
  let error: unknown;
  try {
    await import(pathToFileURL(file).href);
  } catch (caught) {
    error = caught instanceof Error ? (caught.stack ?? caught.message) : caught;
  }
  const milliseconds = Math.round(performance.now() - begin);
  all.push({ file: basename(file), printed, milliseconds, ...(error === undefined ? {} : { error: String(error) }) });
}
console.log = log;
console.log(JSON.stringify(all));
process.exit(0);
