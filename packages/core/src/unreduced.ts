import type { Loss, Reducer, Reference, Relation } from './contract.ts';
import { mul, type Scalar, type Tensor1D, type Tensor2D } from './ops.ts';

/** The costs of a loss one by one: `[k]`, of rows, pairs or triplets as the loss has it. */
export type Unreduced = (labels: Relation, embeddings: Tensor2D, reference?: Reference) => Tensor1D;

/**
 * A loss before it is reduced: one cost an element, 0 for those that took no part. To look at, or to weigh in a way of your own. It is
 * differentiable, and no {@link Loss}, which is one number.
 *
 * Where a loss reduces several kinds of elements apart and adds them up, so are they here, place by place.
 *
 * @param make Makes the loss with the reducer that it is given.
 * @throws Never itself; the function throws what the loss throws.
 * @example
 * const costs = unreduced((reduce) => tripletMargin({ margin: 1, negatives: 'hard', distance: euclidean(), reduce }));
 * costs(tensor1d([0, 0, 1]), tensor2d([[0], [2], [3]])); // [0, 2, 0]: 2 − 3 + 1, 2 − 1 + 1; anchor 2 has no positive
 */
export function unreduced(make: (reduce: Reducer) => Loss): Unreduced {
  const loss = make((costs, valid) => mul(costs, valid) as unknown as Scalar);
  return (labels, embeddings, reference) => loss(labels, embeddings, reference) as unknown as Tensor1D;
}
