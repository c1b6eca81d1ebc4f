import { device_util, getBackend, setBackend } from '@tensorflow/tfjs-core';
import { checkAborted, checkNames, describe, SimileError } from '../errors.ts';
import { ensureGradients } from './ensure-gradients.ts';
import type { BackendName, WasmPaths } from './load-backend.ts';
import { tryBackend, type BackendReport, type TriedBackend } from './try-backend.ts';

/** Options of {@link selectBackend}. */
export interface SelectBackendOptions {
  /**
   * One backend, which is then the one or an error; a list, of which the first that works is taken; or `'auto'`. Default
   * `'auto'`.
   */
  prefer?: 'auto' | BackendName | readonly BackendName[];
  /** Prove and time gradients, and load them where tfjs has none. `false` to embed and search only. Default true. */
  training?: boolean;
  /** Where a page finds the `.wasm` files of `@tensorflow/tfjs-backend-wasm`. Not needed in Node. */
  wasmPaths?: WasmPaths;
  /** Gives up between and within trials; what tfjs used before stays in use. */
  signal?: AbortSignal;
}

/** tfjs computes on one backend at a time, so calls wait for each other. */
let last: Promise<unknown> = Promise.resolve();

const NAMES: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

/**
 * Starts the tfjs backend to compute on, and reports how it came to it.
 *
 * Each backend that is tried is loaded (no other is), started, made to compute a small graph whose gradients (with
 * `training: false`, outputs) are known, and timed on a step of a small image model. One that is missing, wrong, or
 * silent for a minute (a GPU adapter: 5) is passed over, and the report says why.
 *
 * With `'auto'`:
 * - In Node: `wasm`, else `cpu`. There is no GPU to compare with.
 * - In a window or worker: `wasm`, `webgpu` and `webgl` are all tried, and the fastest is taken; `cpu` only when none
 *   works. The time decides because no fixed order is right: on a small model a GPU spends its step on launching
 *   kernels, so `wasm` can beat a real one, and it beats every GPU made of software, whatever that calls itself. The
 *   race costs the download of three packages and about a second (some seconds on a software GPU); a page that knows
 *   what it wants names it, which also makes its runs repeatable to the last bit.
 *
 * @throws `ERR_OPTION` for an unknown name; `ERR_GRADIENT` when `training` and `@tensorflow/tfjs-layers` is missing;
 *   `ERR_BACKEND` when none of those asked for works; `ERR_ABORTED`. tfjs then computes on what it did before.
 * @example
 * const report = await selectBackend({ prefer: 'cpu', training: false });
 * report.chosen; // 'cpu'
 */
export function selectBackend(options: SelectBackendOptions = {}): Promise<BackendReport> {
  const selected = last.then(() => select(options));
  last = selected.catch(() => {});
  return selected;
}

async function select(options: SelectBackendOptions): Promise<BackendReport> {
  const { prefer = 'auto', training = true, wasmPaths, signal } = options;
  checkNames('select-backend', options, ['prefer', 'training', 'wasmPaths', 'signal']);
  const race = prefer === 'auto' && device_util.isBrowser();
  const order = race ? (['wasm', 'webgpu', 'webgl'] as const) : orderOf(prefer);
  checkAborted('select-backend', signal);
  if (training) await ensureGradients();

  const before = getBackend();
  const tried: TriedBackend[] = [];
  try {
    for (const name of order) {
      const rival = fastest(tried)?.trial.milliseconds;
      tried.push(await tryBackend(name, { training, wasmPaths, signal, rival }));
      if (!race && tried.at(-1)!.loaded) break;
    }
    if (race && !tried.some(({ loaded }) => loaded)) tried.push(await tryBackend('cpu', { training, signal }));
    const best = fastest(tried);
    if (!best?.loaded) throw noneWorks(tried);
    const { registered, simd, relaxedSimd, threads } = best.loaded;
    await setBackend(registered);
    return { chosen: registered, simd, relaxedSimd, threads, training, tried: tried.map(({ trial }) => trial) };
  } catch (error) {
    if (before) await setBackend(before);
    throw error;
  }
}

function orderOf(prefer: unknown): readonly BackendName[] {
  if (prefer === 'auto') return ['wasm', 'cpu'];
  const order = (Array.isArray(prefer) ? prefer : [prefer]) as readonly BackendName[];
  const unknown = order.filter((name) => !NAMES.includes(name));
  if (order.length > 0 && unknown.length === 0) return order;
  throw new SimileError({
    where: 'select-backend',
    rule: `prefer must be 'auto', one of ${NAMES.map(describe).join(', ')}, or a list of those`,
    got: unknown.length > 0 ? unknown[0] : prefer,
    remedy: 'Leave prefer out to let Simile choose.',
    code: 'ERR_OPTION',
  });
}

function fastest(tried: readonly TriedBackend[]): TriedBackend | undefined {
  const working = tried.filter(({ loaded }) => loaded);
  return working.sort((a, b) => a.trial.milliseconds! - b.trial.milliseconds!)[0];
}

function noneWorks(tried: readonly TriedBackend[]): SimileError {
  const [first, ...others] = tried;
  const rule = 'must start and compute a known graph right';
  const reasons = tried.map(({ trial }) => `${trial.name}: ${trial.reason}`).join('; ');
  return new SimileError({
    where: 'select-backend',
    rule:
      others.length > 0
        ? `one of the backends asked for ${rule}, but none did (${reasons})`
        : `backend ${first?.trial.name} ${rule}, but did not: ${first?.trial.reason}`,
    remedy: 'Mend that, or leave prefer out to let Simile choose among the backends that work here.',
    code: 'ERR_BACKEND',
    cause: first?.cause,
  });
}
