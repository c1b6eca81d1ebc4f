import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend, tensor } from '@tensorflow/tfjs-core';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { deadUnits } from './dead-units.ts';

beforeAll(() => setBackend('cpu'));

const x = { data: Float32Array.of(1, -1, 0.5, 2), shape: [4, 1] };

test('units below 0 for every item are dead, in every layer that cuts off, and in no other', async () => {
  const inputs = input({ shape: [1] });
  const first = layers.dense({ name: 'first', units: 3, activation: 'relu' });
  const second = layers.dense({ name: 'second', units: 2 });
  const cut = layers.reLU({ name: 'cut' });
  const outputs = cut.apply(second.apply(first.apply(inputs))) as SymbolicTensor;
  const made = model({ inputs, outputs });
  // first: x − 9 is below 0 for all, x and −x for some. second: −1 and 1, for all.
  first.setWeights([tensor([[1, 1, -1]]), tensor([-9, 0, 0])]);
  second.setWeights([
    tensor([
      [0, 0],
      [0, 0],
      [0, 0],
    ]),
    tensor([-1, 1]),
  ]);
  const before = JSON.stringify(made.toJSON());
  const tensors = memory().numTensors;
  expect(await deadUnits('here', made, x)).toEqual([
    { layer: 'first', dead: 1, units: 3 },
    { layer: 'cut', dead: 1, units: 2 },
  ]);
  expect(memory().numTensors).toBe(tensors);
  expect(JSON.stringify(made.toJSON())).toBe(before);
});

test('a filter is alive when it answers at one place of one image', async () => {
  const inputs = input({ shape: [2, 2, 1] });
  const filters = layers.conv2d({ name: 'filters', filters: 2, kernelSize: 1, activation: 'relu6' });
  const made = model({ inputs, outputs: layers.flatten().apply(filters.apply(inputs)) as SymbolicTensor });
  filters.setWeights([tensor([1, 1], [1, 1, 1, 2]), tensor([-2, -4])]);
  const images = { data: Float32Array.of(0, 0, 0, 0, 0, 0, 3, 0), shape: [2, 2, 2, 1] };
  expect(await deadUnits('here', made, images)).toEqual([{ layer: 'filters', dead: 1, units: 2 }]);
});

test('without such a layer there is nothing to count', async () => {
  const inputs = input({ shape: [1] });
  const made = model({ inputs, outputs: layers.dense({ units: 2 }).apply(inputs) as SymbolicTensor });
  expect(await deadUnits('here', made, x)).toEqual([]);
});
