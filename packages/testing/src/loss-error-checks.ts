import type { Loss } from '@simile/core';
import { ones, tensor1d, zeros, type Tensor, type Tensor2D } from '@simile/core/ops';
import type { Check } from './check.ts';
import type { TestBackend } from './on-backend.ts';
import { refusalChecks, type BadCall } from './refusal-checks.ts';

/** Bad input of a loss. */
export function lossErrorChecks(loss: Loss, backend: TestBackend, reference: boolean): Check[] {
  const call = ([labels, rows, otherLabels, others]: Tensor[]): unknown =>
    others
      ? loss(labels!, rows as Tensor2D, { labels: otherLabels!, embeddings: others as Tensor2D })
      : loss(labels!, rows as Tensor2D);
  const labels = (n: number): Tensor => tensor1d(new Int32Array(n), 'int32');
  const calls: BadCall[] = [
    { name: 'embeddings that are no matrix', code: 'ERR_SHAPE', inputs: () => [labels(3), ones([3])], call },
    { name: 'an empty batch', code: 'ERR_SHAPE', inputs: () => [labels(0), zeros([0, 4])], call },
    { name: 'fewer labels than rows', code: 'ERR_SHAPE', inputs: () => [labels(2), ones([3, 4])], call },
    { name: 'one-hot labels', code: 'ERR_SHAPE', inputs: () => [ones([3, 5]), ones([3, 4])], call },
    { name: 'embeddings of whole numbers', code: 'ERR_DTYPE', inputs: () => [labels(3), ones([3, 4], 'int32')], call },
  ];
  const withReference: BadCall[] = [
    {
      name: 'a reference of another width',
      code: 'ERR_SHAPE',
      inputs: () => [labels(3), ones([3, 4]), labels(2), ones([2, 5])],
      call,
    },
    {
      name: 'a reference with other labels than rows',
      code: 'ERR_SHAPE',
      inputs: () => [labels(3), ones([3, 4]), labels(3), ones([2, 4])],
      call,
    },
  ];
  return refusalChecks(reference ? [...calls, ...withReference] : calls, backend);
}
