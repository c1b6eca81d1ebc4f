import { memory, setBackend, train } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { fusedAdam, fusedSgd } from '../src/index.ts';
import './both-backends.ts';
import { cases, losses } from './models.ts';

// Losses and not weights: Adam divides by the size of a gradient, so after a step weights whose gradient is all rounding differ.
for (const [name, of] of Object.entries(cases)) {
  test(`${name}: the losses of five steps equal those of cpu, for stock and fused optimizers`, async () => {
    await setBackend('cpu');
    const adam = losses(of, train.adam(1e-3, 0.9, 0.999, 1e-7));
    const momentum = losses(of, train.momentum(0.01, 0.9));
    await setBackend('simile-wasm');
    expectClose(losses(of, train.adam(1e-3, 0.9, 0.999, 1e-7)), adam);
    expectClose(losses(of, fusedAdam()), adam);
    expectClose(losses(of, fusedSgd({ learningRate: 0.01, momentum: 0.9 })), momentum);
    expect(new Set(adam).size).toBe(5);
  });
}

test('training leaves no tensor behind', async () => {
  await setBackend('simile-wasm');
  const of = cases['convolution, pooling and batch normalisation']!;
  const optimizer = fusedAdam();
  losses(of, optimizer, 1);
  optimizer.dispose();
  const before = memory().numTensors;
  const again = fusedAdam();
  losses(of, again, 3);
  again.dispose();
  expect(memory().numTensors).toBe(before);
});

function expectClose(got: number[], wanted: number[]): void {
  for (const [i, value] of wanted.entries()) expect(Math.abs(got[i]! / value - 1)).toBeLessThan(1e-4);
}
