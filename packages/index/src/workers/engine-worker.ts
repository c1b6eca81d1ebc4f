// The script of a worker with every engine of this package: bundled into a text when the package is built.
import { checkOneOf } from '@simile/core/errors';
import type { SearchEngineFactory } from '../contract.ts';
import { serveEngine } from './serve-engine.ts';
import { workerEngines } from './worker-engines.ts';

serveEngine((engine = 'auto', options = {}): SearchEngineFactory => {
  checkOneOf('worker-engine', { engine }, Object.keys(workerEngines));
  return workerEngines[engine as keyof typeof workerEngines](options as object);
});
