import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, expect, test } from 'vitest';
import { expectClose, numbers } from '../../test/both-backends.ts';

beforeEach(() => tf.setBackend('simile-wasm').then(() => undefined));

const run = (kernel: string, inputs: Record<string, tf.Tensor>): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, { least: 1e-24 }) as tf.Tensor;

/** x / ‖x‖ and its gradient for `dy`, by plain loops in float64. */
function oracle(x: Float32Array, dy: Float32Array, depth: number): { unit: number[]; gradient: number[] } {
  const [unit, gradient]: [number[], number[]] = [[], []];
  for (let row = 0; row < x.length; row += depth) {
    let [squared, product] = [0, 0];
    for (let k = 0; k < depth; k++) {
      squared += x[row + k]! ** 2;
      product += x[row + k]! * dy[row + k]!;
    }
    const length = squared > 1e-24 ? Math.sqrt(squared) : Infinity;
    for (let k = 0; k < depth; k++) {
      unit.push(x[row + k]! / length);
      gradient.push((dy[row + k]! - (x[row + k]! * product) / squared) / length || 0);
    }
  }
  return { unit, gradient };
}

test.each([2, 3, 4, 5, 7, 8, 9, 15, 64, 130])('rows of %i values agree with loops, with their gradient', (depth) => {
  const [x, dy] = [numbers(6 * depth, depth), numbers(6 * depth, depth + 500)];
  x.fill(0, depth, 2 * depth); // no direction
  x.fill(1e-13, 3 * depth, 3 * depth + 1).fill(0, 3 * depth + 1, 4 * depth); // too short for one
  const wanted = oracle(x, dy, depth);
  const before = tf.memory().numTensors;
  const [rows, slopes] = [tf.tensor(x, [2, 3, depth]), tf.tensor(dy, [2, 3, depth])];
  const [unit, gradient] = [run('SimileNormalize', { x: rows }), run('SimileNormalizeGrad', { dy: slopes, x: rows })];
  expect([unit.shape, gradient.shape]).toEqual([rows.shape, rows.shape]);
  expectClose(unit.dataSync(), wanted.unit, 1e-6);
  expectClose(gradient.dataSync(), wanted.gradient, 2e-6);
  tf.dispose([rows, slopes, unit, gradient]);
  expect(tf.memory().numTensors).toBe(before);
});

test('a row with NaN stays NaN, one without rows stays empty', () => {
  const rows = tf.tensor2d([
    [3, NaN],
    [3, 4],
  ]);
  const unit = run('SimileNormalize', { x: rows });
  expectClose(unit.dataSync(), [NaN, NaN, 0.6, 0.8], 1e-6);
  const none = tf.zeros([0, 5]);
  const empty = run('SimileNormalize', { x: none });
  expect(empty.shape).toEqual([0, 5]);
  const line = tf.tensor2d([[-3], [0], [2]]);
  const signs = run('SimileNormalize', { x: line });
  expectClose(signs.dataSync(), [-1, 0, 1], 0);
  tf.dispose([rows, unit, none, empty, line, signs]);
});
