import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../../../packages');

const TENSORFLOW = ['core', 'layers', 'backend-cpu', 'backend-wasm', 'backend-webgl', 'backend-webgpu'];

/** Every module that a program of the playground may import: the entries of our packages, and tfjs. */
export function moduleNames(): string[] {
  const ours = readdirSync(packages).flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8')) as {
      name: string;
      exports: Record<string, unknown>;
    };
    // A text in place of conditions is a file to fetch, no module.
    const entries = Object.keys(exports).filter((entry) => typeof exports[entry] === 'object');
    return entries.map((entry) => name + entry.slice(1));
  });
  return [...ours, ...TENSORFLOW.map((part) => `@tensorflow/tfjs-${part}`)].toSorted();
}
