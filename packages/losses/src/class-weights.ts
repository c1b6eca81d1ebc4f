import { classIds, defineLoss, pointers, rowHasAny, type CostSource, type Loss } from '@simile/core';
import { checkInteger, SimileError } from '@simile/core/errors';
import { tensor2d, variable, type Scalar, type Tensor1D, type Tensor2D, type Variable } from '@simile/core/ops';
import { createRandom } from '@simile/core/random';
import { cosine } from '@simile/distances';

/** Options of every loss that owns weights for each class. */
export interface ClassWeightsOptions {
  /** Number of classes, 2 or more; labels are from 0 to `classes − 1`. */
  classes: number;
  /** Width of the embeddings, 1 or more. */
  dimension: number;
  /** Seed of the weights at the start: a whole number, 0 or more. Default 0. */
  seed?: number;
  /**
   * The weights at the start, one row a class (or as many as the loss has of a class, class after class); they are copied.
   * Default normal numbers of deviation 1/√dimension, which gives rows of every direction and a length near 1.
   */
  weights?: Tensor2D | readonly (readonly number[])[];
}

/** Names of {@link ClassWeightsOptions}. */
export const classWeightsNames: readonly string[] = ['classes', 'dimension', 'seed', 'weights'];

/** What the formula of a loss with weights for each class computes from. */
export interface ClassTensors {
  /** `[n, d]` */
  readonly embeddings: Tensor2D;
  /** `[classes · rows a class, d]` */
  readonly weights: Tensor2D;
  /** `[n, classes]`, 1 at the class of the row; a row without a class has none. */
  readonly own: Tensor2D;
  /** `[n]`, 1 for each row with a class. */
  readonly valid: Tensor1D;
  /** Whose the costs are, for a reducer. */
  readonly source: CostSource;
}

/** What a loss with weights for each class is, beside its formula. */
export interface ClassLossParts {
  /** The options of the loss itself, defaults filled in. */
  readonly made: Readonly<Record<string, unknown>>;
  /** Rows of weights of a class. Default 1. */
  readonly rowsPerClass?: number;
}

/**
 * Makes a loss that owns `[classes · rowsPerClass, dimension]` weights, which `fit` trains. Rows whose label is outside
 * 0 … `classes − 1` are not of any class. An index of the trained model compares by `cosine`.
 *
 * @throws `ERR_OPTION` for options out of their range, `ERR_SHAPE` for weights of another shape; the loss throws `ERR_SHAPE`,
 *   `ERR_DTYPE`, `ERR_OPTION` for a reference, and `ERR_STATE` once its weights are freed.
 */
export function defineClassLoss(
  id: string,
  options: ClassWeightsOptions,
  { made, rowsPerClass = 1 }: ClassLossParts,
  formula: (tensors: ClassTensors) => Scalar,
): Loss {
  const { classes, dimension, seed = 0 } = options;
  const weights = ownWeights(id, options, rowsPerClass);
  return defineLoss(
    id,
    { classes, dimension, seed, ...made },
    (labels, embeddings, reference) => {
      checkCall(id, weights, embeddings, reference);
      const own = pointers(classIds(id, labels, embeddings.shape[0]), classes) as Tensor2D; // [n, classes]
      const source = { labels, rows: embeddings.shape[0] };
      return formula({ embeddings, weights: weights as unknown as Tensor2D, own, valid: rowHasAny(own), source });
    },
    {
      distance: cosine(),
      variables: [weights],
      dispose: () => {
        if (!weights.isDisposed) weights.dispose();
      },
    },
  );
}

function ownWeights(id: string, options: ClassWeightsOptions, rowsPerClass: number): Variable {
  const { classes, dimension, seed = 0, weights: given } = options;
  checkCount(id, 'classes', classes, 2, 'Say how many classes there are; labels run from 0 to one less.');
  checkCount(id, 'dimension', dimension, 1, 'Say how wide the embeddings are.');
  checkInteger(id, { seed }, 0);
  const shape: [number, number] = [classes * rowsPerClass, dimension];
  const seen = given && ('shape' in given ? given.shape : [given.length, given[0]?.length ?? 0]);
  const ragged = given && !('shape' in given) && given.some((row) => row.length !== dimension);
  if (seen && (ragged || seen.length !== 2 || seen[0] !== shape[0] || seen[1] !== shape[1])) {
    throw new SimileError({
      where: id,
      rule: `weights must have shape [${shape.join(', ')}]`,
      got: ragged ? 'rows of several lengths' : seen,
      remedy: 'Leave weights out to start from random ones.',
      code: 'ERR_SHAPE',
    });
  }
  if (given && 'shape' in given) return variable(given);
  const random = createRandom(seed);
  const data = given
    ? Float32Array.from(given.flat())
    : Float32Array.from({ length: shape[0] * dimension }, () => random.normal(0, 1 / Math.sqrt(dimension)));
  const start = tensor2d(data, shape);
  const weights = variable(start);
  start.dispose();
  return weights;
}

/** Like `checkInteger`, for what has no default to fall back on. */
function checkCount(where: string, name: string, value: unknown, least: number, remedy: string): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  const rule = `${name} must be a whole number of at least ${least}`;
  throw new SimileError({ where, rule, got: value, remedy, code: 'ERR_OPTION' });
}

function checkCall(id: string, weights: Variable, { shape }: Tensor2D, reference: unknown): void {
  if (weights.isDisposed) {
    throw new SimileError({
      where: id,
      rule: 'the loss must still have its weights',
      remedy: 'It was disposed of: make a new one.',
      code: 'ERR_STATE',
    });
  }
  if (reference) {
    throw new SimileError({
      where: id,
      rule: 'rows are compared with the weights of the loss, not with a reference',
      remedy: 'Leave the reference out, or use a loss over pairs.',
      code: 'ERR_OPTION',
    });
  }
  if (shape[1] !== weights.shape[1]) {
    throw new SimileError({
      where: id,
      rule: `embeddings must have shape [n, ${weights.shape[1]}], as wide as the weights`,
      got: shape,
      remedy: 'Give the loss the width of the embeddings as dimension.',
      code: 'ERR_SHAPE',
    });
  }
}
