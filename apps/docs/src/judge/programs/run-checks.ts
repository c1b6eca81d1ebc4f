// Runs in the sandbox: every check of `lossChecks` on `loss.ts`, one line of JSON for each thing that happens.
import { lossChecks } from '@simile/testing';
import '@tensorflow/tfjs-layers'; // brings the gradients
import * as judged from './loss.ts';
import { settings } from './settings.ts';

const say = (message: object): void => console.log(settings.mark + JSON.stringify(message));

const { loss, test } = judged as Partial<typeof judged>;
if (typeof loss !== 'function') throw new Error('The file must export a function `loss`: options to a Loss.');
if (typeof test?.oracle !== 'function')
  throw new Error('The file must export `test`, with an `oracle` to hold the loss against.');
if (!Array.isArray(test.worked)) throw new Error('`test` must have `worked`: cases worked out on paper.');

const checks = lossChecks(loss, test).filter(({ backend }) => settings.backends.includes(backend));
say({ kind: 'checks', checks: checks.map(({ name, backend }) => ({ name, backend })) });
for (const [at, check] of checks.entries()) {
  say({ kind: 'begin', at });
  const began = performance.now();
  const { outcome, detail, comparison } = await check.run();
  say({ kind: 'result', at, outcome, detail, milliseconds: performance.now() - began, comparison });
}
