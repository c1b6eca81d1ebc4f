import { backend, cast, clone, setBackend, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectSameAsCpu } from '../../test/both-backends.ts';

test('clones and casts to the same dtype share their data until the last of them is disposed', async () => {
  await setBackend('simile-wasm');
  const x = tensor1d([1, 2, 3]);
  const copies = [clone(x), cast(x, 'float32')];
  expect(backend().refCount(x.dataId)).toBe(3);
  x.dispose();
  for (const copy of copies) {
    expect([...copy.dataSync()]).toEqual([1, 2, 3]);
    copy.dispose();
  }
  expect(backend().refCount(x.dataId)).toBe(0);
});

test('assigning to a variable leaves its clones alone', async () => {
  await setBackend('simile-wasm');
  const weights = variable(tensor1d([1, 2]));
  const kept = clone(weights);
  weights.assign(tensor1d([5, 6]));
  expect([...kept.dataSync()]).toEqual([1, 2]);
});

test('clones and casts equal cpu for every dtype that wasm holds', async () => {
  for (const dtype of ['float32', 'int32', 'bool'] as const) {
    await expectSameAsCpu(() =>
      tidy(() => {
        const x = tensor1d([1, 0, 1], dtype);
        return [clone(x), cast(x, 'float32'), cast(x, 'int32'), cast(x, 'bool')];
      }),
    );
  }
  await setBackend('simile-wasm');
  const text = tidy(() => clone(tensor1d(['a', 'b'])));
  expect(text.dataSync()).toEqual(['a', 'b']);
});
