import {
  classWeighted,
  meanBetween,
  meanOfAll,
  meanOfPositive,
  meanOfValid,
  pairMasks,
  perAnchor,
  sumOfValid,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { keep, mul, tensor2d, valueAndGrads } from '@simile/core/ops';
import type { Tensor, Tensor2D } from '@simile/core/ops';
import { multiSimilarity, tripletMargin } from '@simile/losses';
import { inputOf, isTensor, numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { pytorchDistance, tensorFlowDistance } from './distances.ts';
import { acrossRows, classesOf, hasUnitRows, matrixOf, numbers } from './tensor-inputs.ts';

/** Refuses a case with an option that is not known here, so that none is passed over. */
export function onlyOptions(golden: GoldenCase, known: readonly string[]): void {
  const other = Object.entries(golden.options).find(([name, value]) => value !== null && !known.includes(name))?.[0];
  if (other) throw new NotCovered(`option ${other} of ${golden.unit}`);
}

interface Run {
  readonly value: number;
  readonly costs: Float32Array;
  readonly valid: Float32Array;
  readonly gradients: Float32Array[];
}

/** Value, costs before reduction and gradients of a loss made with a reducer. */
function run(golden: GoldenCase, make: (reduce: Reducer) => Loss, reduce: Reducer): Run {
  const kept: Tensor[] = [];
  const loss = make((costs, valid, source) => {
    if (kept.length === 0) kept.push(keep(mul(costs, 1)), keep(mul(valid, 1)));
    return reduce(costs, valid, source);
  });
  const labels = classesOf(golden, 'labels');
  const rows = [matrixOf(golden, 'embeddings')];
  const others = golden.inputs['ref_embeddings'] ? classesOf(golden, 'ref_labels') : undefined;
  if (others) rows.push(matrixOf(golden, 'ref_embeddings'));
  const { value, grads } = valueAndGrads((x: Tensor, y?: Tensor) =>
    loss(labels, x as Tensor2D, others && { labels: others, embeddings: y as Tensor2D }),
  )(rows);
  const [number, costs, valid, ...gradients] = numbers(value, ...kept, ...grads);
  for (const input of [labels, others, ...rows]) input?.dispose();
  return { value: number![0]!, costs: costs!, valid: valid!, gradients };
}

/**
 * A loss of golden/tfsim: numbers that `expectedFixed` has are those over the anchors that take part, the others those over all.
 * Their cosine does not normalise: of its gradients at rows of length 1 the part across the rows is ours.
 */
export function tensorFlowLoss(golden: GoldenCase, make: (reduce: Reducer) => Loss): Outcome {
  const { expected, expectedFixed = {} } = golden;
  const fixed = run(golden, make, meanOfValid);
  const compat = run(golden, make, meanOfAll);
  const pick = <T>(key: string, of: (from: Run) => T): T => of(key in expectedFixed ? fixed : compat);
  const got = {
    value: pick('value', ({ value }) => value),
    perExample: fixed.costs.map((cost, i) => cost * fixed.valid[i]!),
    gradient: pick('gradient', ({ gradients }) => gradients[0]),
    validAnchors: fixed.valid,
  };
  const left: Record<string, string> = {};
  const wanted: Record<string, unknown> = {};
  const embeddings = inputOf(golden, 'embeddings');
  if (tensorFlowDistance(golden.options['distance'] ?? 'cosine').name === 'cosine') {
    const gradient = expectedFixed['gradient'] ?? expected['gradient'];
    const unit = hasUnitRows(embeddings);
    if (gradient && unit) wanted['gradient'] = acrossRows(numbersOf(gradient), embeddings);
    for (const key of ['value', 'perExample', 'gradient'].filter((name) => !unit && !(name in expectedFixed))) {
      left[key] = 'of a cosine that does not normalise, on rows of other lengths than 1';
    }
  }
  return { got, left, wanted };
}

/** `loss/triplet` of golden/tfsim. */
export function tensorFlowTriplet(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'positiveMining', 'negativeMining', 'margin']);
  const {
    distance,
    positiveMining,
    negativeMining,
    margin = null,
  } = golden.options as Record<string, string> & {
    margin?: number | null;
  };
  const outcome = tensorFlowLoss(golden, (reduce) =>
    tripletMargin({
      distance: tensorFlowDistance(distance ?? 'cosine'),
      positives: (positiveMining ?? 'hard') as 'hard' | 'easy',
      negatives: (negativeMining ?? 'semi-hard') as 'semi-hard' | 'hard' | 'easy',
      ...(margin === null ? { soft: true } : { margin }),
      reduce,
    }),
  );
  // An anchor without a partner is scored by theirs with a distance that it invents; ours leaves it out.
  const valid = outcome.got['validAnchors'] as Float32Array;
  const left = { ...outcome.left };
  if (valid.some((one) => one === 0)) {
    for (const key of ['value', 'perExample', 'gradient']) {
      if (!(key in (golden.expectedFixed ?? {}))) left[key] = 'anchors without a partner count with invented distances';
    }
  }
  return { ...outcome, left };
}

/** `loss/multisim` of golden/tfsim. */
export function tensorFlowMultiSimilarity(golden: GoldenCase): Outcome {
  const { distance = 'cosine', lmda, ...others } = golden.options as Record<string, number>;
  const numeric = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== null));
  onlyOptions(golden, ['distance', 'alpha', 'beta', 'epsilon', 'lambda', 'lmda', 'center']);
  const options = { ...numeric, ...(lmda !== undefined && { lambda: lmda }) };
  return tensorFlowLoss(golden, (reduce) =>
    multiSimilarity({ ...options, distance: tensorFlowDistance(distance), reduce }),
  );
}

export type PytorchPart = Readonly<Record<string, unknown>> & { readonly type: string };

/** Reducers of PyTorch Metric Learning. Theirs counts anchors without a pair as 0 where it takes the mean of each. */
export function pytorchReducer(part: PytorchPart | null | undefined, usual: Reducer): Reducer {
  if (!part) return usual;
  const {
    type,
    low = -Infinity,
    high = Infinity,
  } = part as PytorchPart & { low?: number | null; high?: number | null };
  if (type === 'MeanReducer') return meanOfValid;
  if (type === 'SumReducer') return sumOfValid;
  if (type === 'AvgNonZeroReducer') return meanOfPositive;
  if (type === 'PerAnchorReducer')
    return perAnchor(pytorchReducer(part['reducer'] as PytorchPart | undefined, meanOfAll));
  if (type === 'ClassWeightedReducer') return classWeighted({ weights: numbersOf(part['weights']) });
  if (type === 'DoNothingReducer') throw new NotCovered('reducer DoNothingReducer');
  if (type === 'ThresholdReducer') return meanBetween({ low: low ?? -Infinity, high: high ?? Infinity });
  throw new NotCovered(`reducer ${type}`);
}

/** The lists of a tuple of indices, or none. */
export function tupleOf(golden: GoldenCase): number[][] | undefined {
  const tuple = golden.inputs['indices_tuple'];
  return tuple ? (tuple as unknown[]).map(numbersOf) : undefined;
}

/** A tuple of indices as the miner that kept them. */
export function minerOf(golden: GoldenCase): Miner<Pairs | Triplets> | undefined {
  const tuple = tupleOf(golden);
  if (!tuple) return undefined;
  if (tuple.length === 3) {
    const [anchors, positives, negatives] = tuple.map((list) => Int32Array.from(list));
    return () => ({ kind: 'triplets', anchors: anchors!, positives: positives!, negatives: negatives! });
  }
  const [a1, p, a2, n] = tuple as [number[], number[], number[], number[]];
  return (_, { shape: [rows, columns] }) => {
    const mask = (anchors: number[], others: number[]): Tensor2D => {
      const data = new Float32Array(rows * columns);
      anchors.forEach((anchor, at) => (data[anchor * columns + others[at]!] = 1));
      return tensor2d(data, [rows, columns]);
    };
    return { kind: 'pairs', positive: mask(a1, p), negative: mask(a2, n) };
  };
}

const COMMON = ['distance', 'reducer'];

/** `loss/TripletMarginLoss` of golden/pml. */
export function pytorchTriplet(golden: GoldenCase): Outcome {
  onlyOptions(golden, [...COMMON, 'margin', 'swap', 'smooth_loss', 'triplets_per_anchor']);
  const {
    margin = 0.05,
    swap = false,
    smooth_loss: soft = false,
    triplets_per_anchor: count = 'all',
  } = golden.options as {
    margin?: number;
    swap?: boolean;
    smooth_loss?: boolean;
    triplets_per_anchor?: number | string;
  };
  if (count !== 'all') throw new NotCovered('triplets_per_anchor, which draws at random');
  if (swap && golden.inputs['ref_embeddings'])
    throw new NotCovered('swap with a reference set, which theirs reads wrong');
  const distance = (golden.options['distance'] ?? { type: 'LpDistance' }) as PytorchPart;
  const miner = minerOf(golden);
  const given = golden.options['reducer'] as PytorchPart | null | undefined;
  const reduce = pytorchReducer(given, meanOfPositive);
  const ran = run(
    golden,
    (reducer) =>
      tripletMargin({
        margin,
        swap,
        soft,
        positives: 'all',
        negatives: 'all',
        distance: pytorchDistance(distance, distance.type).distance,
        ...(miner && { miner }),
        reduce: reducer,
      }),
    reduce,
  );
  return pytorchOutcome(golden, ran, tripletElements(golden, ran));
}

/** Costs of the triplets that theirs lists, in its order, or nothing where the list is not recorded. */
function tripletElements(golden: GoldenCase, { costs, valid }: Run): unknown {
  const recorded = elementsOf(golden);
  if (!recorded?.indices) return recorded ? { losses: [] } : undefined;
  const [anchors, positives, negatives] = recorded.indices as [number[], number[], number[]];
  const tuple = tupleOf(golden);
  if (tuple?.length === 3) return { losses: [...costs] };
  const [n, m] = [numbersOf(golden.inputs['labels']).length, columnsOf(golden)];
  if (valid.length !== n * m * m) throw new Error(`${golden.name}: triplets are not all there`);
  const count = valid.reduce((total, one) => total + one, 0);
  if (count !== anchors.length) return { losses: `there are ${count} triplets` };
  return { losses: anchors.map((a, t) => costs[(a * m + positives[t]!) * m + negatives[t]!]!) };
}

export function columnsOf({ inputs }: GoldenCase): number {
  return numbersOf(inputs['ref_labels'] ?? inputs['labels']).length;
}

interface Elements {
  readonly losses: unknown;
  readonly indices?: unknown;
}

/** What a case tells of the costs before reduction; undefined where it tells nothing. */
function elementsOf(golden: GoldenCase): Elements | undefined {
  const elements = golden.expected['elements'] as Readonly<Record<string, Elements>> | undefined;
  return elements?.['loss'];
}

/** `loss/MultiSimilarityLoss` of golden/pml, which mines nothing. */
export function pytorchMultiSimilarity(golden: GoldenCase): Outcome {
  onlyOptions(golden, [...COMMON, 'alpha', 'beta', 'base']);
  const { alpha = 2, beta = 50, base = 0.5 } = golden.options as { alpha?: number; beta?: number; base?: number };
  const tuple = tupleOf(golden);
  if (tuple) {
    const pairs = tuple.length === 3 ? tuple[0]!.length : Math.max(tuple[0]!.length, tuple[2]!.length);
    if (pairs <= 1) throw new NotCovered('a tuple of one pair, for which theirs gives 0: a quirk, not a rule');
  }
  const part = (golden.options['distance'] ?? { type: 'CosineSimilarity' }) as PytorchPart;
  const { distance, sign, offset } = pytorchDistance(part, part.type);
  // Theirs takes s − base of a similarity s = offset − d, and base − d of a distance d.
  const place = sign === -1 ? { center: offset, lambda: base } : { center: base, lambda: 0 };
  const everyPair: Miner<Pairs> = (labels, d, others) => ({
    kind: 'pairs',
    ...pairMasks(labels, d.shape[0], others && { labels: others, rows: d.shape[1] }),
  });
  const given = golden.options['reducer'] as PytorchPart | null | undefined;
  const reduce = !given || given.type === 'MeanReducer' ? meanOfAll : pytorchReducer(given, meanOfAll);
  const ran = run(
    golden,
    (reducer) =>
      multiSimilarity({ alpha, beta, ...place, distance, miner: minerOf(golden) ?? everyPair, reduce: reducer }),
    reduce,
  );
  return pytorchOutcome(golden, ran, elementsOf(golden) && { losses: [...ran.costs] });
}

function pytorchOutcome(golden: GoldenCase, { value, gradients }: Run, elements: unknown): Outcome {
  const recorded = elementsOf(golden);
  const left: Record<string, string> = {};
  // Theirs says "no loss here" with null, and its zero loss has no elements.
  const losses = recorded?.losses;
  if (recorded && (losses === null || (isTensor(losses) && losses.data.includes(null as never)))) {
    left['elements'] = 'none are recorded';
  }
  return {
    got: { value, grad_embeddings: gradients[0], grad_ref_embeddings: gradients[1], elements },
    left,
    ...(recorded && { wanted: { elements: { losses } } }),
  };
}
