import { clone, matMul, setBackend, square, sum, tensor2d, tidy, train, variable } from '@tensorflow/tfjs-core';
import type { Optimizer, Scalar, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectClose, numbers } from '../test/both-backends.ts';
import { fusedAdam } from './fused-adam.ts';

const rates = { learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 };

/** Weights after each of `steps` steps on `sum((x·w)²)`, read so that a stale packed copy of `w` would show. */
function descend(optimizer: Optimizer, weights: Variable, steps: number): number[][] {
  const x = tensor2d(numbers(15, 2), [5, 3]);
  const loss = (): Scalar => sum(square(matMul(x, weights as unknown as Tensor2D)));
  return Array.from({ length: steps }, () => {
    optimizer.minimize(loss);
    return [...weights.dataSync()];
  });
}

/** Kingma & Ba's algorithm 1 in float64. */
function oracle(steps: number): number[][] {
  const x = numbers(15, 2);
  const w = Float64Array.from(numbers(21, 1));
  const m = new Float64Array(21);
  const v = new Float64Array(21);
  return Array.from({ length: steps }, (_, t) => {
    const gradient = new Float64Array(21);
    for (let row = 0; row < 5; row++) {
      for (let j = 0; j < 7; j++) {
        let product = 0;
        for (let k = 0; k < 3; k++) product += x[row * 3 + k]! * w[k * 7 + j]!;
        for (let k = 0; k < 3; k++) gradient[k * 7 + j]! += 2 * product * x[row * 3 + k]!;
      }
    }
    for (let i = 0; i < 21; i++) {
      m[i] = rates.beta1 * m[i]! + (1 - rates.beta1) * gradient[i]!;
      v[i] = rates.beta2 * v[i]! + (1 - rates.beta2) * gradient[i]! ** 2;
      const first = m[i]! / (1 - rates.beta1 ** (t + 1));
      const second = v[i]! / (1 - rates.beta2 ** (t + 1));
      w[i]! -= (rates.learningRate * first) / (Math.sqrt(second) + rates.epsilon);
    }
    return [...w];
  });
}

const start = (): Variable => variable(tensor2d(numbers(21, 1), [3, 7]));

for (const backend of ['simile-wasm', 'wasm', 'cpu']) {
  test(`follows the algorithm in float64 on ${backend}`, async () => {
    await setBackend(backend);
    const steps = descend(fusedAdam(rates), start(), 8);
    for (const [i, wanted] of oracle(8).entries()) expectClose(steps[i]!, wanted, 2e-6);
  });
}

test('equals tf.train.adam to about one unit in the last place after one step', async () => {
  await setBackend('simile-wasm');
  const ours = descend(fusedAdam(), start(), 1)[0]!;
  const stock = descend(train.adam(0.001, 0.9, 0.999, 1e-7), start(), 1)[0]!;
  expectClose(ours, stock, 2.4e-7);
});

test('leaves clones of a weight as they were', async () => {
  await setBackend('simile-wasm');
  const weights = start();
  const kept = clone(weights);
  descend(fusedAdam(), weights, 2);
  expect(kept.dataSync()).toEqual(numbers(21, 1));
  expect(weights.dataSync()).not.toEqual(numbers(21, 1));
});

test('goes on where it was saved, also on another backend', async () => {
  await setBackend('simile-wasm');
  const whole = descend(fusedAdam(rates), start(), 6);
  const weights = start();
  const first = fusedAdam(rates);
  descend(first, weights, 3);
  const saved = await first.getWeights();
  await setBackend('cpu');
  const second = fusedAdam(rates);
  await second.setWeights(saved.map(({ name, tensor }) => ({ name, tensor: clone(tensor) })));
  expectClose(descend(second, weights, 3)[2]!, whole[5]!, 2e-6);
  expect(second.getConfig()).toEqual(rates);
  expect(second.iterations).toBe(6);
});

test('leaves no tensor behind', async () => {
  await setBackend('simile-wasm');
  const { memory } = await import('@tensorflow/tfjs-core');
  const before = memory().numTensors;
  const weights = start();
  const optimizer = fusedAdam();
  tidy(() => descend(optimizer, weights, 1));
  const after = memory().numTensors;
  tidy(() => descend(optimizer, weights, 3));
  expect(memory().numTensors).toBe(after);
  optimizer.dispose();
  weights.dispose();
  // tfjs counts the steps of every optimizer in a tensor and never frees it.
  expect(memory().numTensors - before).toBe(1);
});
