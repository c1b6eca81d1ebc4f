/**
 * The script of a worker with every engine of this package. In the built package it is a text, so that no bundler has to find
 * a file: tsdown.config.ts puts it here. In the sources it is the file itself.
 */
export function engineWorkerScript(): string | URL {
  const file = './engine-worker.ts';
  return new URL(file, import.meta.url);
}
