import { multiLabel, type Loss, type Reference, type Relation } from '@simile/core';
import { ones, tensor1d, type Tensor, type Tensor2D } from '@simile/core/ops';
import type { Rows } from './batches.ts';
import type { Check } from './check.ts';
import { lossErrorChecks } from './loss-error-checks.ts';
import type { TestBackend } from './on-backend.ts';
import { refusalChecks, type BadCall } from './refusal-checks.ts';

/** Bad input of a loss that owns weights for each class. */
export function classLossErrorChecks(
  make: (weights: Rows) => Loss,
  rowsPerClass: number,
  backend: TestBackend,
): Check[] {
  // Made for the one call: at the time when checks are listed there may be no backend to hold the weights.
  const onceMade = ((labels: Relation, embeddings: Tensor2D, reference?: Reference) => {
    const loss = make(Array.from({ length: 3 * rowsPerClass }, () => [1, 0, 0, 0]));
    try {
      return loss(labels, embeddings, reference);
    } finally {
      loss.dispose?.();
    }
  }) as Loss;
  const labels = (n: number): Tensor => tensor1d(new Int32Array(n), 'int32');
  const calls: BadCall[] = [
    {
      name: 'embeddings of another width than its weights',
      code: 'ERR_SHAPE',
      inputs: () => [labels(3), ones([3, 5])],
      call: ([ids, rows]) => onceMade(ids!, rows as Tensor2D),
    },
    {
      name: 'labels that are no class ids',
      code: 'ERR_SHAPE',
      inputs: () => [ones([3, 2]), ones([3, 4])],
      call: ([matrix, rows]) => onceMade(multiLabel(matrix as Tensor2D), rows as Tensor2D),
    },
    {
      name: 'a reference',
      code: 'ERR_OPTION',
      inputs: () => [labels(3), ones([3, 4]), labels(2), ones([2, 4])],
      call: ([ids, rows, others, embeddings]) =>
        onceMade(ids!, rows as Tensor2D, { labels: others!, embeddings: embeddings as Tensor2D }),
    },
  ];
  return [...lossErrorChecks(onceMade, backend, false), ...refusalChecks(calls, backend)];
}
