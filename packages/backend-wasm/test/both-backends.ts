import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { memory, setBackend, tensor } from '@tensorflow/tfjs-core';
import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect } from 'vitest';
import { registerWasmBackend } from '../src/index.ts';
import { numbers } from './numbers.ts';

export { numbers };

/** Property runs of every test here: the same numbers each time. */
export const runs = { seed: 20_261_124, numRuns: 40 } as const;

beforeAll(async () => {
  await registerWasmBackend();
  await setBackend('cpu'); // where tensors that a test shares between runs are made
});

export type Compute = () => Tensor | Tensor[];

interface Result {
  readonly shape: number[];
  readonly dtype: DataType;
  readonly values: ArrayLike<number>;
}

/**
 * Runs `compute` on tfjs's cpu backend and on ours and expects the same shapes, dtypes and values, and no tensor left over.
 *
 * @param tolerance Largest difference, relative to the largest absolute value of each result. Float32 sums of some
 *   hundred terms in another order differ by about 1e-6.
 */
export async function expectSameAsCpu(compute: Compute, tolerance = 2e-5): Promise<void> {
  const theirs = await resultsOn('cpu', compute);
  const ours = await resultsOn('simile-wasm', compute);
  expect(ours.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    theirs.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  for (const [i, { values }] of theirs.entries()) expectClose(ours[i]!.values, values, tolerance);
}

async function resultsOn(backend: string, compute: Compute): Promise<Result[]> {
  await setBackend(backend);
  const before = memory().numTensors;
  const results = [compute()].flat();
  expect(memory().numTensors - before, `tensors left by ${backend}`).toBe(results.length);
  const read = results.map((result) => ({
    shape: result.shape,
    dtype: result.dtype,
    values: result.dataSync<'float32'>(),
  }));
  for (const result of results) result.dispose();
  await setBackend('cpu');
  return read;
}

/** Equal to within `tolerance` of the largest finite value; NaN and infinities equal only themselves. */
export function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  let scale = 1e-30;
  for (let i = 0; i < wanted.length; i++) if (Number.isFinite(wanted[i])) scale = Math.max(scale, Math.abs(wanted[i]!));
  let worst = -1;
  let largest = 0;
  for (let i = 0; i < wanted.length; i++) {
    if (Object.is(got[i], wanted[i]) || got[i] === wanted[i]) continue;
    const difference = Math.abs(got[i]! - wanted[i]!) / scale;
    if (!(difference <= largest)) {
      largest = Number.isNaN(difference) ? Infinity : difference;
      worst = i;
    }
  }
  if (largest > tolerance) {
    expect.fail(`element ${worst} is ${got[worst]}, not ${wanted[worst]}: ${largest} of the largest value apart`);
  }
}

/** A tensor of such numbers. */
export function random(shape: readonly number[], seed: number): Tensor {
  return tensor(
    numbers(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    [...shape],
  );
}

export const seeds: fc.Arbitrary<number> = fc.integer({ min: 1, max: 1e6 });
