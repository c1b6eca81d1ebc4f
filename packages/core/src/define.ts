import { checkRows } from './check-rows.ts';
import type { Distance, Loss, Reference, Regularizer, Relation, SlowerNetwork, TrainedNetwork } from './contract.ts';
import { tidy, type Scalar, type Tensor2D, type Variable } from './ops.ts';
import { checkRelation } from './relation.ts';

/** What a loss has besides its formula. */
export interface LossParts {
  readonly distance?: Distance;
  readonly variables?: readonly Variable[];
  readonly state?: readonly Variable[];
  readonly prepare?: (network: TrainedNetwork) => void;
  readonly slower?: SlowerNetwork;
  readonly dispose?: () => void;
}

/**
 * Makes a {@link Loss} from its formula: checks shapes, frees every tensor but the result, and carries id and options.
 *
 * @param name Id in a registry, kebab-case.
 * @param options What the loss was made with, defaults filled in.
 * @param formula From labels, embeddings `[n, d]` and, where one is given, a reference to a scalar.
 * @throws Never itself; the loss throws `ERR_SHAPE` or `ERR_DTYPE` for embeddings or labels that do not fit.
 * @example
 * const pull = defineLoss('pull', {}, (labels, rows) => mean(mul(euclidean()(rows), pairMasks(labels, rows.shape[0]).positive)));
 * pull(tensor1d([0, 0]), tensor2d([[0, 0], [3, 4]])); // (5 + 5) / 4 = 2.5
 */
export function defineLoss(
  name: string,
  options: Readonly<Record<string, unknown>>,
  formula: (labels: Relation, embeddings: Tensor2D, reference?: Reference) => Scalar,
  parts: LossParts = {},
): Loss {
  const loss = (labels: Relation, embeddings: Tensor2D, reference?: Reference): Scalar => {
    checkRows(name, 'embeddings', embeddings);
    checkRelation(name, labels, embeddings.shape[0]);
    if (reference) {
      // What a slower network gives may have gone through a head of its own.
      const width = parts.slower ? undefined : embeddings.shape[1];
      checkRows(name, 'embeddings of the reference', reference.embeddings, width);
      checkRelation(name, reference.labels, reference.embeddings.shape[0]);
    }
    return tidy(() => formula(labels, embeddings, reference));
  };
  return Object.defineProperties(loss, {
    name: { value: name },
    options: { value: options, enumerable: true },
    ...Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, { value, enumerable: true }])),
  }) as unknown as Loss;
}

/**
 * Makes a {@link Distance} from its formula: checks shapes, frees every tensor but the result, and carries the id.
 *
 * @param metric Metric of an index that means the same; default `name`.
 * @throws Never itself; the distance throws `ERR_SHAPE` or `ERR_DTYPE` for rows that do not fit.
 * @example
 * const innerProduct = defineDistance('inner-product', (a, b) => neg(matMul(a, b, false, true)));
 * innerProduct(tensor2d([[1, 2]]), tensor2d([[3, 4]])); // [[−11]]
 */
export function defineDistance(
  name: string,
  formula: (a: Tensor2D, b: Tensor2D) => Tensor2D,
  metric: string = name,
): Distance {
  const distance = (a: Tensor2D, b: Tensor2D = a): Tensor2D => {
    checkRows(name, 'a', a);
    checkRows(name, 'b', b, a.shape[1]);
    return tidy(() => formula(a, b));
  };
  return Object.defineProperties(distance, {
    name: { value: name },
    metric: { value: metric, enumerable: true },
  }) as unknown as Distance;
}

/**
 * Makes a {@link Regularizer} from its formula: checks shapes, frees every tensor but the result, and carries the id.
 *
 * @throws Never itself; the regulariser throws `ERR_SHAPE` or `ERR_DTYPE` for rows that do not fit.
 * @example
 * const energy = defineRegularizer('energy', (rows) => sum(square(rows)));
 * energy(tensor2d([[3, 4]])); // 25
 */
export function defineRegularizer(name: string, formula: (rows: Tensor2D) => Scalar): Regularizer {
  const regularizer = (rows: Tensor2D): Scalar => {
    checkRows(name, 'rows', rows);
    return tidy(() => formula(rows));
  };
  return Object.defineProperties(regularizer, { name: { value: name } }) as unknown as Regularizer;
}
