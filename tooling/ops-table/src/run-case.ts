import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Case } from './cases.ts';

/** What an operation gave on the active backend: the error's text where it threw. */
export interface Outcome {
  readonly forward: readonly number[] | { readonly error: string };
  /** By all inputs after each other. */
  readonly gradient: readonly number[] | { readonly error: string };
}

/** Runs a case, forward and backward, on the active backend. */
export async function runCase(operation: Case): Promise<Outcome> {
  const forward = await attempt(() => outputs(operation, inputs(operation)));
  const gradient = await attempt(() => {
    if (operation.shapes.length === 0) throw new Error('no input to differentiate by');
    const loss = (...x: Tensor[]): Scalar =>
      outputs(operation, x)
        .map((output, i) => tf.sum(tf.mul(tf.cast(output, 'float32'), numbers(output.shape, [0.5, 1.5], 90 + i))))
        .reduce((a, b) => tf.add(a, b)) as Scalar;
    return tf.grads(loss)(inputs(operation));
  });
  return { forward, gradient };
}

async function attempt(run: () => Tensor[]): Promise<readonly number[] | { error: string }> {
  let results: Tensor[] = [];
  try {
    results = tf.tidy(run);
    const values = await Promise.all(results.map((result) => result.data()));
    return values.flatMap((list) => Array.from(list, Number));
  } catch (error) {
    return { error: String((error as Error).message).split('\n')[0]! };
  } finally {
    for (const result of results) result.dispose();
  }
}

function outputs({ run }: Case, x: Tensor[]): Tensor[] {
  const results = run(...x);
  return Array.isArray(results) ? results : [results];
}

function inputs({ shapes, range = [-2, 2] }: Case): Tensor[] {
  return shapes.map((shape, i) => numbers(shape, range, i + 1));
}

/**
 * Numbers spread over a range in a fixed order, no two within one tensor alike, none within 1/200 of the range of a
 * whole number or a half: those are where floor, round and relu jump.
 */
function numbers(shape: readonly number[], [low, high]: readonly [number, number], salt: number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const golden = 0.6180339887498949;
  const values = Array.from({ length: size }, (_, i) => {
    const value = low + (high - low) * (((i + 1) * golden + salt * 0.3819) % 1);
    const toJump = value - Math.round(value * 2) / 2;
    return Math.abs(toJump) < 0.02 ? value + 0.04 * Math.sign(toJump || 1) : value;
  });
  return tf.tensor(values, [...shape]);
}
