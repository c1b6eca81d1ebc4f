// Runs the traced examples of the folder it is started in, one after the other, on the backend named, and prints what came of them as JSON.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { registerWasmBackend } from '@simile/backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { caseKernels } from './case-kernels.ts';
import { trace } from './trace.ts';

const backend = process.argv[2]!;
if (backend !== 'cpu') await registerWasmBackend();
if (!(await setBackend(backend))) throw new Error(`${backend} did not start`);
const cases = backend === 'cpu' ? caseKernels() : {};
const failures: Record<string, string> = {};
for (const file of readdirSync('.')
  .filter((name) => name.endsWith('.ts'))
  .toSorted()) {
  try {
    await import(pathToFileURL(join(process.cwd(), file)).href);
  } catch (error) {
    failures[file] = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
process.stdout.write(JSON.stringify({ runs: trace.runs, failures, cases }), () => process.exit(0));
