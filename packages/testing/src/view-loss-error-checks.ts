import type { ViewLoss } from '@simile/core';
import { ones, zeros, type Tensor, type Tensor2D } from '@simile/core/ops';
import type { Check } from './check.ts';
import type { TestBackend } from './on-backend.ts';
import { refusalChecks, type BadCall } from './refusal-checks.ts';

/** Bad input of a loss over two views. */
export function viewLossErrorChecks(make: () => ViewLoss, backend: TestBackend): Check[] {
  // Made for the one call: at the time when checks are listed there may be no backend to hold its weights.
  const call =
    (withTargets: (loss: ViewLoss) => boolean) =>
    ([first, second, aim, other]: Tensor[]) => {
      const loss = make();
      try {
        const targets = { first: (aim ?? first) as Tensor2D, second: (other ?? aim ?? first) as Tensor2D };
        return loss(first as Tensor2D, second as Tensor2D, withTargets(loss) ? targets : undefined);
      } finally {
        loss.dispose?.();
      }
    };
  const asWanted = call(({ takesTargets }) => takesTargets);
  const asNotWanted = call(({ takesTargets }) => !takesTargets);
  const calls: BadCall[] = [
    { name: 'a view that is no matrix', code: 'ERR_SHAPE', inputs: () => [ones([4]), ones([3, 4])], call: asWanted },
    { name: 'views without items', code: 'ERR_SHAPE', inputs: () => [zeros([0, 4]), zeros([0, 4])], call: asWanted },
    { name: 'views of different items', code: 'ERR_SHAPE', inputs: () => [ones([3, 4]), ones([2, 4])], call: asWanted },
    { name: 'views of different width', code: 'ERR_SHAPE', inputs: () => [ones([3, 4]), ones([3, 5])], call: asWanted },
    {
      name: 'a view of whole numbers',
      code: 'ERR_DTYPE',
      inputs: () => [ones([3, 4]), ones([3, 4], 'int32')],
      call: asWanted,
    },
    {
      name: 'targets where it takes none, or none where it takes them',
      code: 'ERR_OPTION',
      inputs: () => [ones([3, 4]), ones([3, 4])],
      call: asNotWanted,
    },
  ];
  return refusalChecks(calls, backend);
}
