import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { flatEngine } from '../flat/flat-engine.ts';
import { serveEngine } from './serve-engine.ts';
import { workerEngine } from './worker-engine.ts';

it('makes a script of one’s own the place of an engine', async () => {
  const worker = (): Worker =>
    new Worker(new URL('../../test/list-worker.ts', import.meta.url), { execArgv: ['--conditions=source'] });
  const engine = await workerEngine({ worker })({ dimension: 1, metric: 'any', order: (slot) => slot });
  await engine.set(Uint32Array.of(5), Float32Array.of(7));
  expect([engine.name, engine.size, ...engine.row(5)]).toEqual(['worker with list', 1, 7]);
  await engine.close!();
});

it('refuses to serve where it is no worker', () => {
  expect(() => serveEngine(() => flatEngine())).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: serve-engine: an engine is served by a worker. Call it in the script of a worker, and give that to workerEngine. [ERR_STATE]]`,
  );
});
