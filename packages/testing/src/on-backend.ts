import { getBackend, memory, setBackend } from '@tensorflow/tfjs-core';
import { selectBackend, type BackendName } from '@simile/core/backend';
import { CheckFailure, type Check, type CheckResult } from './check.ts';
import { beginComparison, comparison } from './comparison.ts';

/** A backend to run on; one that was asked for by name fails its checks where it does not work, others are skipped. */
export interface TestBackend {
  readonly name: BackendName;
  readonly required: boolean;
}

/** Those asked for, or else in Node cpu and wasm, in a page or worker all four. */
export function testBackends(wanted: readonly BackendName[] | undefined): readonly TestBackend[] {
  if (wanted) return wanted.map((name) => ({ name, required: true }));
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  const usual: BackendName[] = process?.versions?.node ? ['cpu', 'wasm'] : ['cpu', 'wasm', 'webgl', 'webgpu'];
  return usual.map((name) => ({ name, required: false }));
}

/** Accuracy asked of a backend: relative to the largest value of its kind, or to 1. */
export interface Tolerance {
  readonly value: number;
  readonly gradient: number;
}

/** Float32 with sums in one order or another: 1e-5. GPUs approximate exp, log and 1/√x in their last digits. */
const tolerances: Readonly<Record<BackendName, Tolerance>> = {
  cpu: { value: 1e-5, gradient: 2e-4 },
  wasm: { value: 1e-5, gradient: 2e-4 },
  webgl: { value: 1e-4, gradient: 2e-3 },
  webgpu: { value: 1e-4, gradient: 2e-3 },
};

/** A check that is not yet on a backend. */
export type CheckBody = readonly [name: string, body: (tolerance: Tolerance) => Promise<void>];

const started = new Map<BackendName, Promise<{ chosen: string } | { reason: string }>>();

/** Checks run one after the other: a tfjs backend is a global choice. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * A check that runs on a backend: starts it (once), runs `body`, turns what it throws into a failure, and leaves tfjs on
 * the backend that it was on. Where the backend does not work it fails or, if not asked for, is skipped.
 */
export function onBackend(
  name: string,
  { name: backend, required }: TestBackend,
  body: (tolerance: Tolerance) => Promise<void> | void,
): Check {
  const run = async (): Promise<CheckResult> => {
    const before = getBackend();
    const compared = (): Pick<CheckResult, 'comparison'> => {
      const noted = comparison();
      return noted ? { comparison: noted } : {};
    };
    beginComparison();
    try {
      const state = await start(backend);
      if ('reason' in state) return { outcome: required ? 'failed' : 'skipped', detail: state.reason };
      await setBackend(state.chosen);
      await body(tolerances[backend]);
      return { outcome: 'passed', detail: '', ...compared() };
    } catch (error) {
      const detail = error instanceof CheckFailure ? error.message : `it threw ${String(error)}`;
      return { outcome: 'failed', detail, ...compared() };
    } finally {
      if (before) await setBackend(before);
    }
  };
  return {
    name,
    backend,
    run: () => {
      const result = queue.then(run);
      queue = result;
      return result;
    },
  };
}

function start(backend: BackendName): Promise<{ chosen: string } | { reason: string }> {
  const known = started.get(backend);
  if (known) return known;
  const starting = selectBackend({ prefer: backend }).then(
    ({ chosen }) => ({ chosen }),
    (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
  );
  started.set(backend, starting);
  return starting;
}

/** Tensors alive now. */
export function tensorCount(): number {
  return memory().numTensors;
}
