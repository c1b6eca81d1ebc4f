import { raggedTensorToTensor, scalar, setBackend, string, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectSameAsCpu } from '../../test/both-backends.ts';

test('ragged rows become a tensor as on cpu', async () => {
  await expectSameAsCpu(() =>
    tidy(() =>
      raggedTensorToTensor(
        tensor1d([3, 4], 'int32'),
        tensor1d([1, 2, 3, 4, 5]),
        scalar(0),
        [tensor1d([0, 2, 2, 5], 'int32')],
        ['ROW_SPLITS'],
      ),
    ),
  );
});

test('text is replaced as on cpu', async () => {
  await setBackend('simile-wasm');
  const replaced = tidy(() => string.staticRegexReplace(tensor1d(['abc', 'xbx']), 'b', '-'));
  expect(replaced.dataSync()).toEqual(['a-c', 'x-x']);
});
