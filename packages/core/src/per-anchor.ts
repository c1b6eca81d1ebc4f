import type { Reducer } from './contract.ts';
import { costRows } from './cost-rows.ts';
import { div, maximum, mul, scalar, step, tidy, type Tensor1D } from './ops.ts';
import { meanOfValid } from './reduce.ts';

/**
 * A reducer that takes the mean of each anchor first, so that an anchor with many pairs or triplets counts as one with few.
 *
 * $$ L = \operatorname{mean}_a \operatorname{mean}_{k \in K_a} \ell_k $$
 *
 * An anchor of which no element took part takes no part itself. PyTorch Metric Learning counts it as 0: `perAnchor(meanOfAll)`.
 *
 * @param reduce What reduces the means of the anchors. Default `meanOfValid`.
 * @throws Never itself; the reducer throws `ERR_OPTION` where the loss does not say whose its costs are.
 * @example
 * const anchors = Int32Array.of(0, 0, 0, 1);
 * perAnchor()(tensor1d([1, 2, 3, 6]), tensor1d([1, 1, 1, 1]), { labels: tensor1d([0, 1]), rows: 2, anchors }); // (2 + 6) / 2 = 4
 */
export function perAnchor(reduce: Reducer = meanOfValid): Reducer {
  return (costs, valid, source) => {
    if (costs.size === 0) return scalar(0);
    return tidy(() => {
      const { labels, rows, total } = costRows('per-anchor', costs, source);
      const count = total(valid); // [rows]
      const means = div(total(mul(costs, valid)), maximum(count, 1)) as Tensor1D;
      return reduce(means, step(count) as Tensor1D, { labels, rows });
    });
  };
}
