import { createRegistry, defineDistance, type Distance } from '@simile/core';
import {
  div,
  maximum,
  mul,
  neg,
  square,
  sum,
  valueAndGrads,
  zeros,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';
import { cosine, distancesPlugin, euclidean, innerProduct, minkowski, snr, squaredEuclidean } from '@simile/distances';
import { inputOf, numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Got, type Outcome } from '../runner.ts';
import { acrossRows, hasUnitRows, matrixOf, numbers } from './tensor-inputs.ts';

/** A matrix of theirs: `sign · ours + offset`. */
interface Affine {
  readonly distance: Distance;
  readonly sign: 1 | -1;
  readonly offset: number;
}

const registry = createRegistry([distancesPlugin]);

/** A distance of ours by a name that TensorFlow Similarity has for it. @throws {NotCovered} */
function distanceNamed(name: unknown): Distance {
  try {
    return registry.distance(String(name));
  } catch {
    throw new NotCovered(`distance ${String(name)}`);
  }
}

/**
 * A distance of TensorFlow Similarity for a loss. Its inner product is a similarity used as if smaller were closer: that number
 * comes from a distance that a user of ours would write.
 */
export function tensorFlowDistance(name: unknown): Distance {
  const distance = distanceNamed(name);
  if (distance.name !== 'inner-product') return distance;
  return defineDistance('positive-inner-product', (a, b) => neg(distance(a, b)));
}

/** A unit `distance/*` of golden/tfsim. */
export function tensorFlowMatrix(golden: GoldenCase): Outcome {
  const distance = distanceNamed(golden.unit.split('/')[1]);
  const { name } = distance;
  const [a, b] = [inputOf(golden, 'a'), golden.inputs['b'] ? inputOf(golden, 'b') : undefined];
  const { matrix, gradients } = run(
    golden,
    { distance, sign: name === 'inner-product' ? -1 : 1, offset: 0 },
    'cotangent',
  );
  const got: Record<string, unknown> = { distances: matrix, gradientA: gradients[0], gradientB: gradients[1] };
  const left: Record<string, string> = {};
  const wanted: Record<string, unknown> = {};
  if (name === 'cosine') {
    for (const [key, side] of [
      ['gradientA', a],
      ['gradientB', b],
    ] as const) {
      if (!side || !golden.expected[key] || golden.expectedFixed?.[key]) continue;
      if (hasUnitRows(a) && (!b || hasUnitRows(b))) wanted[key] = acrossRows(numbersOf(golden.expected[key]), side);
      else left[key] = 'of a cosine that does not normalise, on rows of other lengths than 1';
    }
  }
  if (name === 'snr') return withoutConstantAnchors(golden, got, left);
  return { got, left, wanted };
}

/** Theirs divides by 0 for a constant anchor; ours is finite by definition. The other rows are compared. */
function withoutConstantAnchors(
  golden: GoldenCase,
  got: Record<string, unknown>,
  left: Record<string, string>,
): Outcome {
  const distances = numbersOf((golden.expectedFixed ?? golden.expected)['distances'] ?? golden.expected['distances']);
  const ours = got['distances'] as Float32Array;
  if (distances.every(Number.isFinite)) return { got, left };
  const wanted = distances.map((x, i) => (Number.isFinite(x) ? x : Number.isFinite(ours[i]!) ? ours[i]! : Number.NaN));
  return { got, left, wanted: { distances: wanted } };
}

/** A distance of PyTorch Metric Learning as ours, in the sense that smaller is closer; and how its own number follows from it. */
export function pytorchDistance(options: Readonly<Record<string, unknown>>, type: string): Affine {
  const {
    p = 2,
    power = 1,
    normalize_embeddings: normalize = true,
  } = options as {
    p?: number;
    power?: number;
    normalize_embeddings?: boolean;
  };
  const others = Object.keys(options).filter(
    (name) => !['type', 'p', 'power', 'normalize_embeddings', 'is_inverted'].includes(name),
  );
  if (others.length > 0) throw new NotCovered(`option ${others[0]} of ${type}`);
  if (type === 'CosineSimilarity' && power === 1) return { distance: cosine(), sign: -1, offset: 1 };
  if (type === 'DotProductSimilarity' && power === 1)
    return { distance: innerProduct({ normalize }), sign: -1, offset: 0 };
  if (type === 'SNRDistance') return { distance: raise(snr({ normalize }), power), sign: 1, offset: 0 };
  if (type === 'LpDistance' && p >= 1) {
    if (p === 2) {
      const whole = power === 2; // a square that no root goes through
      const distance = whole ? squaredEuclidean({ normalize }) : raise(euclidean({ normalize }), power);
      return { distance, sign: 1, offset: 0 };
    }
    // Theirs normalises by the norm of the distance, ours by the Euclidean length.
    const base = minkowski({ p });
    return { distance: raise(normalize ? onUnitRows(base) : base, power), sign: 1, offset: 0 };
  }
  throw new NotCovered(`${type}${type === 'LpDistance' ? ` with p ${p}` : ''}${power === 1 ? '' : `, power ${power}`}`);
}

/** A unit `distance/*` of golden/pml. */
export function pytorchMatrix(golden: GoldenCase): Outcome {
  const { matrix, gradients } = run(golden, pytorchDistance(golden.options, golden.unit.split('/')[1]!), 'weights');
  return { got: { matrix, grad_a: gradients[0], grad_b: gradients[1] } };
}

/** The matrix, and the gradients of its sum under weights where those are given. */
function run(
  golden: GoldenCase,
  { distance, sign, offset }: Affine,
  weightsKey: string,
): { matrix: Float32Array; gradients: Got[keyof Got][] } {
  const inputs = ['a', 'b'].filter((key) => golden.inputs[key]).map((key) => matrixOf(golden, key));
  const [distances] = numbers(distance(inputs[0]!, inputs[1]));
  const matrix = distances!.map((x) => sign * x + offset);
  let gradients: Float32Array[] = [];
  if (golden.inputs[weightsKey]) {
    const weights = matrixOf(golden, weightsKey);
    const { value, grads } = valueAndGrads((a: Tensor, b?: Tensor) =>
      sum(mul(mul(distance(a as Tensor2D, b as Tensor2D | undefined), sign), weights)),
    )(inputs);
    gradients = numbers(...grads);
    value.dispose();
    weights.dispose();
  }
  for (const input of inputs) input.dispose();
  return { matrix, gradients };
}

/** A distance of rows that are divided first by how far they are from 0: what a user writes around ours. */
function onUnitRows(distance: Distance): Distance {
  const unit = (x: Tensor2D): Tensor2D => div(x, maximum(distance(x, zeros([1, x.shape[1]])), 1e-12)) as Tensor2D;
  return defineDistance(`unit-${distance.name}`, (a, b) => distance(unit(a), unit(b)));
}

function raise(distance: Distance, power: number): Distance {
  if (power === 1) return distance;
  if (power !== 2) throw new NotCovered(`power ${power}`);
  return defineDistance(`squared-${distance.name.replace(/^squared-/, '')}`, (a, b) => square(distance(a, b)));
}
