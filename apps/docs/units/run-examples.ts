// Runs the traced examples of a folder, one after the other in one process, and prints what came of them as JSON.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { setBackend } from '@tensorflow/tfjs-core';
import { caseKernels } from './case-kernels.ts';
import { trace } from './show.ts';

const folder = resolve(process.argv[2]!);
await setBackend('cpu');
const cases = caseKernels();
const failures: Record<string, string> = {};
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .toSorted()) {
  try {
    await import(pathToFileURL(join(folder, file)).href);
  } catch (error) {
    failures[file] = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
process.stdout.write(JSON.stringify({ runs: trace.runs, failures, cases }), () => process.exit(0));
