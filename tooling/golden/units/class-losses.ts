import { meanOfPositive, meanOfValid, sumOfValid, type Loss, type Reducer } from '@simile/core';
import {
  keep,
  mul,
  sub,
  tensor1d,
  transpose,
  variableGrads,
  valueAndGrad,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';
import {
  arcFace,
  cosFace,
  largeMarginSoftmax,
  normalizedSoftmax,
  proxyAnchor,
  proxyNca,
  softTriple,
  sphereFace,
  subCenterArcFace,
} from '@simile/losses';
import { numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { pytorchRegularized, regularizerNames } from './regularizers.ts';
import { classesOf, matrixOf, numbers } from './tensor-inputs.ts';

/** Options of a case, refused where one is not known here. */
function optionsOf(golden: GoldenCase, known: readonly string[]): Record<string, number> {
  const all = ['num_classes', 'reducer', ...regularizerNames, ...known];
  const other = Object.entries(golden.options).find(([name, value]) => value !== null && !all.includes(name));
  if (other) throw new NotCovered(`option ${other[0]} of ${golden.unit}`);
  return golden.options as Record<string, number>;
}

/** What of the named options a case gives, under our names. */
function given(options: Record<string, number>, names: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([theirs, ours]) => (options[theirs] === undefined ? [] : [[ours, options[theirs]]])),
  );
}

/** Which input holds the weights, and whether it has them as columns. */
interface TheirWeights {
  readonly key: string;
  readonly columns: boolean;
}

interface Made {
  readonly classes: number;
  readonly dimension: number;
  readonly weights: Tensor2D;
  readonly reduce: Reducer;
}

function reducerOf({ options }: GoldenCase): Reducer {
  const { type = 'MeanReducer' } = (options['reducer'] ?? {}) as { type?: string };
  if (type === 'MeanReducer') return meanOfValid;
  if (type === 'SumReducer') return sumOfValid;
  if (type === 'AvgNonZeroReducer') return meanOfPositive;
  throw new NotCovered(`reducer ${type}`);
}

/**
 * Weights of rows that a tuple gives: how often each is in it, over the largest count. What a user writes as a reducer. Where the
 * weights are a reference set to them, only anchors count.
 */
function rowWeights({ inputs }: GoldenCase, anchorsOnly: boolean): Tensor | undefined {
  const tuple = inputs['indices_tuple'] as unknown[] | undefined;
  if (!tuple) return undefined;
  const counts = new Float32Array(numbersOf(inputs['labels']).length);
  const lists = anchorsOnly ? tuple.filter((_, at) => at === 0 || (tuple.length === 4 && at === 2)) : tuple;
  for (const row of lists.flatMap(numbersOf)) counts[row]!++;
  const most = Math.max(...counts);
  return tensor1d(most === 0 ? counts.fill(1) : counts.map((count) => count / most));
}

/** Value, costs and gradients of a class loss against a case of golden/pml. */
function compared(golden: GoldenCase, { key, columns }: TheirWeights, make: (made: Made) => Loss): Outcome {
  const stored = matrixOf(golden, key);
  const weights = columns ? (transpose(stored) as Tensor2D) : stored;
  const byRow = rowWeights(golden, key === 'proxies');
  const reduce = reducerOf(golden);
  const kept: Tensor[] = [];
  const embeddings = matrixOf(golden, 'embeddings');
  const loss = pytorchRegularized(
    golden,
    make({
      classes: golden.options['num_classes'] as number,
      dimension: embeddings.shape[1],
      weights,
      reduce: (costs, valid) => {
        const weighted = byRow ? mul(costs, byRow) : sub(costs, 0);
        if (kept.length === 0) kept.push(keep(mul(weighted, 1)));
        return reduce(weighted as typeof costs, valid);
      },
    }),
  );
  const labels = classesOf(golden, 'labels');
  const [own] = loss.variables!;
  const { value, grad } = valueAndGrad((x: Tensor) => loss(labels, x as Tensor2D))(embeddings);
  const taped = variableGrads(() => loss(labels, embeddings), [own!]);
  const slopes = taped.grads[own!.name]!;
  const byWeights = columns ? transpose(slopes) : slopes;
  const [number, gradient, weightsGradient, costs] = numbers(value, grad, byWeights, ...kept);
  for (const used of [labels, embeddings, stored, weights, byRow, slopes, taped.value]) used?.dispose();
  loss.dispose?.();
  const elements = golden.expected['elements'] as { loss?: { losses: unknown } } | undefined;
  return {
    got: {
      value: number![0]!,
      grad_embeddings: gradient,
      [`grad_${key}`]: weightsGradient,
      ...(costs && { elements: { losses: costs } }),
    },
    wanted: elements?.loss ? { elements: { losses: elements.loss.losses } } : {},
    ...(!costs && { left: { elements: 'the loss has two sums, not one cost a row' } }),
  };
}

/** `loss/NormalizedSoftmaxLoss` of golden/pml. */
export function pytorchNormalizedSoftmax(golden: GoldenCase): Outcome {
  const options = optionsOf(golden, ['temperature']);
  return compared(golden, { key: 'W', columns: true }, (made) =>
    normalizedSoftmax({ ...made, ...given(options, { temperature: 'temperature' }) }),
  );
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** `loss/ArcFaceLoss` of golden/pml, whose margin is in degrees. */
export function pytorchArcFace(golden: GoldenCase): Outcome {
  const { margin = 28.6, ...options } = optionsOf(golden, ['margin', 'scale']);
  return compared(golden, { key: 'W', columns: true }, (made) =>
    arcFace({ ...made, margin: radians(margin), ...given(options, { scale: 'scale' }) }),
  );
}

/** `loss/CosFaceLoss` of golden/pml. */
export function pytorchCosFace(golden: GoldenCase): Outcome {
  const options = optionsOf(golden, ['margin', 'scale']);
  return compared(golden, { key: 'W', columns: true }, (made) =>
    cosFace({ ...made, ...given(options, { margin: 'margin', scale: 'scale' }) }),
  );
}

/** `loss/ProxyNCALoss` of golden/pml, which has the own proxy in the denominator; its cosine is half of our distance away from 1. */
export function pytorchProxyNca(golden: GoldenCase): Outcome {
  const options = optionsOf(golden, ['softmax_scale', 'distance']);
  const { type = 'LpDistance' } = (golden.options['distance'] ?? {}) as { type?: string };
  if (golden.options['distance'] && type !== 'CosineSimilarity') throw new NotCovered(`distance ${type} of proxies`);
  const { softmax_scale: theirs = 1 } = options;
  const scale = golden.options['distance'] ? theirs / 2 : theirs;
  return compared(golden, { key: 'proxies', columns: false }, (made) =>
    proxyNca({ ...made, scale, denominator: 'all' }),
  );
}

/** `loss/ProxyAnchorLoss` of golden/pml. */
export function pytorchProxyAnchor(golden: GoldenCase): Outcome {
  const options = optionsOf(golden, ['margin', 'alpha']);
  if (golden.inputs['indices_tuple']) throw new NotCovered('a tuple, which theirs adds to exponents as weights');
  return compared(golden, { key: 'proxies', columns: false }, ({ classes, dimension, weights }) =>
    proxyAnchor({ classes, dimension, weights, ...given(options, { margin: 'margin', alpha: 'alpha' }) }),
  );
}

/** `loss/SubCenterArcFaceLoss` of golden/pml, whose margin is in degrees. */
export function pytorchSubCenterArcFace(golden: GoldenCase): Outcome {
  const { margin = 28.6, ...options } = optionsOf(golden, ['margin', 'scale', 'sub_centers']);
  const named = given(options, { scale: 'scale', sub_centers: 'subCenters' });
  return compared(golden, { key: 'W', columns: true }, (made) =>
    subCenterArcFace({ ...made, margin: radians(margin), ...named }),
  );
}

/** `loss/SoftTripleLoss` of golden/pml, whose distances between centers are a regulariser of its own. */
export function pytorchSoftTriple(golden: GoldenCase): Outcome {
  const names = ['centers_per_class', 'la', 'gamma', 'margin', 'weight_regularizer', 'weight_reg_weight'];
  const options = optionsOf(golden, names);
  const regulariser = golden.options['weight_regularizer'] as { type: string } | undefined;
  if (regulariser && regulariser.type !== 'SparseCentersRegularizer') throw new NotCovered(regulariser.type);
  const tau = regulariser ? (options['weight_reg_weight'] ?? 1) : 0;
  const named = { centers_per_class: 'centersPerClass', la: 'lambda', gamma: 'gamma', margin: 'margin' };
  return compared(golden, { key: 'fc', columns: true }, (made) =>
    softTriple({ ...made, ...given(options, named), tau }),
  );
}

/** `loss/SphereFaceLoss` of golden/pml, which cuts a margin to a whole number. */
export function pytorchSphereFace(golden: GoldenCase): Outcome {
  const { margin = 4, ...options } = optionsOf(golden, ['margin', 'scale']);
  return compared(golden, { key: 'W', columns: true }, (made) =>
    sphereFace({ ...made, margin: Math.trunc(margin), ...given(options, { scale: 'scale' }) }),
  );
}

/** `loss/LargeMarginSoftmaxLoss` of golden/pml, which cuts a margin to a whole number. */
export function pytorchLargeMarginSoftmax(golden: GoldenCase): Outcome {
  const { margin = 4, ...options } = optionsOf(golden, ['margin', 'scale']);
  return compared(golden, { key: 'W', columns: true }, (made) =>
    largeMarginSoftmax({ ...made, margin: Math.trunc(margin), ...given(options, { scale: 'scale' }) }),
  );
}
