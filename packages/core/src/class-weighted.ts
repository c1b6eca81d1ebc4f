import type { Reducer } from './contract.ts';
import { costRows } from './cost-rows.ts';
import { checkNames, SimileError } from './errors.ts';
import { pointers } from './numerics.ts';
import { add, matMul, reshape, scalar, sub, tensor2d, tidy, type Tensor1D, type Tensor2D } from './ops.ts';
import { meanOfValid } from './reduce.ts';
import { classIds } from './relation.ts';

const id = 'class-weighted';

/** Options of {@link classWeighted}. */
export interface ClassWeightedOptions {
  /** Weight of class `i` at place `i`; a class beyond the last weighs 1. */
  weights: readonly number[];
  /** What reduces the weighted costs. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * A reducer that weighs each cost by the class of its anchor, so that a rare class may count more.
 *
 * $$ L = \operatorname{mean}_k w_{y_{a(k)}} \ell_k $$
 *
 * It is not divided by the weights: twice the weights are twice the loss. Labels must be class ids.
 *
 * @throws `ERR_OPTION` for weights that are not finite; the reducer throws `ERR_SHAPE` for labels of another kind and `ERR_OPTION` where the
 *   loss does not say whose its costs are.
 * @example
 * const reduce = classWeighted({ weights: [1, 3] });
 * reduce(tensor1d([2, 4]), tensor1d([1, 1]), { labels: tensor1d([0, 1]), rows: 2 }); // (1 · 2 + 3 · 4) / 2 = 7
 */
export function classWeighted(options: ClassWeightedOptions): Reducer {
  const { weights, reduce = meanOfValid } = options;
  checkNames(id, options, ['weights', 'reduce']);
  checkWeights(weights);
  return (costs, valid, source) => {
    if (costs.size === 0) return scalar(0);
    return tidy(() => {
      const { labels, rows, scale } = costRows(id, costs, source);
      const own = pointers(classIds(id, labels, rows), weights.length) as Tensor2D; // [rows, classes]
      const beyondOne = sub(tensor2d([...weights], [weights.length, 1]), 1) as Tensor2D;
      const ofRows = reshape(add(matMul(own, beyondOne), 1), [rows]) as Tensor1D;
      return reduce(scale(costs, ofRows), valid, source);
    });
  };
}

function checkWeights(weights: unknown): void {
  if (Array.isArray(weights) && weights.length > 0 && weights.every(Number.isFinite)) return;
  throw new SimileError({
    where: id,
    rule: 'weights must be a list of finite numbers, one a class',
    got: weights,
    remedy: 'Give [1, 3] to count class 1 three times.',
    code: 'ERR_OPTION',
  });
}
