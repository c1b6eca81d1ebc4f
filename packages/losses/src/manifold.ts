import {
  asColumn,
  l2Normalize,
  logOnePlusSumExp,
  meanOfValid,
  withoutGradient,
  type Loss,
  type Reducer,
} from '@simile/core';
import { checkFinite, checkNames, checkNotNegative, checkOneOf, SimileError } from '@simile/core/errors';
import {
  add,
  concat,
  exp,
  eye,
  matMul,
  maximum,
  mul,
  ones,
  relu,
  reshape,
  rsqrt,
  slice,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import { classWeightsNames, defineClassLoss, type ClassWeightsOptions } from './class-weights.ts';
import { randomWalk } from './random-walk.ts';

const id = 'manifold';

/** Options of {@link manifold}. */
export interface ManifoldOptions extends ClassWeightsOptions {
  /** Chance that the random walk goes on after a step; above 0, below 1. Default 0.8. */
  alpha?: number;
  /** Price of the context loss beside the intrinsic one, the paper's λ; 0 or more. Default 1. */
  contextWeight?: number;
  /** By how much a row should be more like the proxy of its class than like any other, in cosines; 0 or more. Default 5e-4. */
  margin?: number;
  /** Count only proxies that are too near, as PyTorch Metric Learning does: the loss then jumps where one becomes so. Default false. */
  onlyViolations?: boolean;
  /** From the costs of the rows to one number. Default `meanOfValid`. */
  reduce?: Reducer;
}

/**
 * Manifold similarity loss: rows and one proxy a class are the nodes of a graph; where a random walk from a row ends should be the proxy
 * of its class, and should be where walks from that proxy end.
 *
 * $$ F = (1 - \alpha)(I - \alpha D^{-1/2} S D^{-1/2})^{-1}, \quad S_{ij} = e^{2 \max(0, \cos\theta_{ij})},\ S_{ii} = 0 $$
 *
 * $$ \ell_i = \log\bigl(1 + \textstyle\sum_{k \ne y} e^{F_{ik} - F_{iy} + m}\bigr)
 *    + \lambda \log\bigl(1 + \textstyle\sum_{k \ne y} e^{\cos(F_i, F_k) - \cos(F_i, F_y) + m}\bigr) $$
 *
 * k runs over the proxies, and D has the sums of the rows of S.
 *
 * | tensor     | shape          | dtype   | unit                                        |
 * | ---------- | -------------- | ------- | ------------------------------------------- |
 * | labels     | `[n]`          | any     | class id; a row with no class takes no part |
 * | embeddings | `[n, d]`       | float32 | any; rows are normalised                    |
 * | weights    | `[classes, d]` | float32 | the proxies: any; rows are normalised       |
 * | result     | `[]`           | float32 | nats; 0 or more                             |
 *
 * The paper trains an ensemble, each member with meta-classes of its own, drawn from the classes: give their ids as labels.
 * Cost: O((n + classes)³) time, O((n + classes)²) memory.
 *
 * @throws `ERR_OPTION` and `ERR_SHAPE` for options; the loss throws `ERR_SHAPE`, `ERR_DTYPE`, `ERR_OPTION` and `ERR_STATE`.
 * @see Aziere & Todorovic, “Ensemble Deep Manifold Similarity Learning using Hard Proxies”, CVPR 2019
 * @example
 * const loss = manifold({ classes: 2, dimension: 2, contextWeight: 0, margin: 0, weights: [[1, 0], [1, 0]] });
 * loss(tensor1d([0]), tensor2d([[3, 0]])); // both proxies are alike: log 2 ≈ 0.6931
 */
export function manifold(options: ManifoldOptions): Loss {
  const { alpha = 0.8, contextWeight = 1, margin = 5e-4, onlyViolations = false, reduce = meanOfValid } = options;
  const known = ['alpha', 'contextWeight', 'margin', 'onlyViolations', 'reduce'];
  checkNames(id, options, [...classWeightsNames, ...known]);
  checkAlpha(alpha);
  checkNotNegative(id, { contextWeight });
  checkFinite(id, { margin });
  checkOneOf(id, { onlyViolations }, [true, false]);
  const made = { alpha, contextWeight, margin, onlyViolations };

  return defineClassLoss(id, options, { made }, ({ embeddings, weights, own, valid, source }) => {
    const [n, classes] = own.shape;
    const nodes = l2Normalize(concat([embeddings, weights]) as Tensor2D); // [n + classes, d]
    const present = asColumn(concat([valid, ones([classes])]) as Tensor1D); // rows without a class are no nodes
    const ends = randomWalk(transitions(nodes, present), alpha); // F
    const [fromRows, fromProxies] = [slice(ends, 0, n), slice(ends, n, classes)]; // [n, n + classes], [classes, n + classes]
    const behind = (similarity: Tensor2D): Tensor1D => {
      const ahead = add(sub(similarity, sum(mul(similarity, own), 1, true)), margin) as Tensor2D;
      const others = sub(1, own) as Tensor2D;
      const near = onlyViolations
        ? mul(
            others,
            withoutGradient(ahead, (x) => sub(1, step(mul(x, -1)))),
          )
        : others;
      return logOnePlusSumExp(ahead, near as Tensor2D);
    };
    const intrinsic = behind(slice(fromRows, [0, n], [n, classes]));
    if (contextWeight === 0) return reduce(intrinsic, valid, source);
    const context = behind(matMul(l2Normalize(fromRows), l2Normalize(fromProxies), false, true));
    return reduce(add(intrinsic, mul(context, contextWeight)), valid, source);
  });
}

/** Steps between nodes, `D^(−1/2) S D^(−1/2)`, of which those that are not present have none. */
function transitions(nodes: Tensor2D, present: Tensor2D): Tensor2D {
  const n = nodes.shape[0];
  const pairs = mul(matMul(present, present, false, true), sub(1, eye(n)));
  const similarity = mul(exp(mul(relu(matMul(nodes, nodes, false, true)), 2)), pairs); // [n, n]
  const inverse: Tensor = rsqrt(maximum(sum(similarity, 1, true), 1e-12)); // one similarity is at least 1
  return mul(mul(similarity, inverse), reshape(inverse, [1, n])) as Tensor2D;
}

function checkAlpha(alpha: unknown): void {
  if (typeof alpha === 'number' && alpha > 0 && alpha < 1) return;
  throw new SimileError({
    where: id,
    rule: 'alpha must be a number above 0 and below 1',
    got: alpha,
    remedy: 'Leave alpha out to use the default.',
    code: 'ERR_OPTION',
  });
}
