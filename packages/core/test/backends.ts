// The backends that core's tests run on, started once a file.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { registerWasmBackend } from '@simile/backend-wasm';
import { memory, ready, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect } from 'vitest';

// Here and not in a hook: suites make tensors while they are collected.
await registerWasmBackend();
await setBackend('cpu');

/** Runs the suite on cpu and on simile-wasm. */
export function onEachBackend(suite: (backend: string) => void): void {
  describe.each(['cpu', 'simile-wasm'])('on %s', (backend) => {
    beforeAll(async () => {
      await setBackend(backend);
      await ready();
    });
    suite(backend);
  });
}

/** Every value within `tolerance` of the expected one, relative to its size but at least to 1. NaN is only ever wrong. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  let worst = { at: -1, error: tolerance };
  for (let at = 0; at < expected.length; at++) {
    const [got, wanted] = [actual[at]!, expected[at]!];
    const error = got === wanted ? 0 : Math.abs(got - wanted) / Math.max(1, Math.abs(wanted));
    if (!(error <= worst.error)) worst = { at, error };
  }
  const { at } = worst;
  expect(at, at < 0 ? '' : `value ${at}: ${actual[at]} in place of ${expected[at]}`).toBe(-1);
}

/** Tensors that `run` leaves behind, the results it returns not counted. */
export function leaked(run: () => number): number {
  const before = memory().numTensors;
  const returned = run();
  return memory().numTensors - before - returned;
}
