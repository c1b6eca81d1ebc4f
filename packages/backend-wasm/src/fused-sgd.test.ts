import { clone, setBackend, square, sum, tensor1d, train, variable } from '@tensorflow/tfjs-core';
import type { Optimizer, Scalar, Variable } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectClose, numbers } from '../test/both-backends.ts';
import { fusedSgd } from './fused-sgd.ts';

const start = (): Variable => variable(tensor1d(numbers(11, 1)));

/** Weights after `steps` steps down `sum(w²)`, whose gradient is `2w`. */
function descend(optimizer: Optimizer, weights: Variable, steps: number): number[] {
  const loss = (): Scalar => sum(square(weights));
  for (let i = 0; i < steps; i++) optimizer.minimize(loss);
  return [...weights.dataSync()];
}

/** The same in float64. */
function oracle(learningRate: number, momentum: number, nesterov: boolean, steps: number): number[] {
  return Array.from(numbers(11, 1), (first) => {
    let [w, a] = [first, 0];
    for (let i = 0; i < steps; i++) {
      const gradient = 2 * w;
      a = momentum * a + gradient;
      w -= learningRate * (nesterov ? gradient + momentum * a : a);
    }
    return w;
  });
}

for (const backend of ['simile-wasm', 'wasm', 'cpu']) {
  test(`follows the formula in float64 on ${backend}: plain, with momentum, and after Nesterov`, async () => {
    await setBackend(backend);
    for (const [momentum, nesterov] of [
      [0, false],
      [0.9, false],
      [0.9, true],
    ] as const) {
      const weights = descend(fusedSgd({ learningRate: 0.05, momentum, nesterov }), start(), 6);
      expectClose(weights, oracle(0.05, momentum, nesterov, 6), 2e-6);
    }
  });
}

test('equals the stock optimizers after one step', async () => {
  await setBackend('simile-wasm');
  expectClose(descend(fusedSgd(), start(), 1), descend(train.sgd(0.01), start(), 1), 1.2e-7);
  const stock = train.momentum(0.01, 0.9);
  expectClose(descend(fusedSgd({ momentum: 0.9 }), start(), 3), descend(stock, start(), 3), 4e-7);
});

test('leaves clones alone, and is saved and loaded as stock is', async () => {
  await setBackend('simile-wasm');
  const weights = start();
  const kept = clone(weights);
  const optimizer = fusedSgd({ momentum: 0.9, nesterov: true });
  descend(optimizer, weights, 2);
  expect(kept.dataSync()).toEqual(numbers(11, 1));
  expect(optimizer.getConfig()).toEqual({ learningRate: 0.01, momentum: 0.9, useNesterov: true });
  expect((await optimizer.getWeights()).length).toBe(2);
  expect(optimizer.iterations).toBe(2);
});
