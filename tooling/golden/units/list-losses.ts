// Losses of PyTorch Metric Learning and of papers that came after those of pair-losses.ts.
import {
  defineDistance,
  meanOfAll,
  meanOfPositive,
  meanOfValid,
  pairMasks,
  type Loss,
  type Reducer,
} from '@simile/core';
import {
  add,
  gather,
  mul,
  ones,
  step,
  tensor1d,
  tensor2d,
  valueAndGrad,
  variableGrads,
  type Tensor,
  type Tensor2D,
} from '@simile/core/ops';
import {
  angular,
  centroidTriplet,
  dynamicSoftMargin,
  fastAp,
  histogram,
  intraPairVariance,
  manifold,
  nca,
  p2sGrad,
  pnp,
  rankedList,
  smoothAp,
  snrContrastive,
  tupletMargin,
} from '@simile/losses';
import { inputOf, numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { columnsOf, onlyOptions, pytorchReducer, tupleOf, type PytorchPart } from './losses.ts';
import {
  compareElements,
  distanceOf,
  number,
  outcomeOf,
  ran,
  refuseSinglePair,
  tripletsOf,
  type AnyMiner,
  type Ran,
} from './pair-losses.ts';
import { acrossRows, classesOf, matrixOf, numbers } from './tensor-inputs.ts';

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** A miner to give as an option, where there is one. */
function among(miner: AnyMiner | undefined): { miner?: AnyMiner } {
  return miner ? { miner } : {};
}

/**
 * The pairs of a tuple, of triplets too, as the masks that a miner keeps: a pair that comes twice counts twice, for masks are what costs are
 * multiplied by.
 */
function countingMiner(golden: GoldenCase): AnyMiner | undefined {
  const tuple = tupleOf(golden);
  if (!tuple) return undefined;
  const [a1, p, a2, n] = (tuple.length === 3 ? [tuple[0], tuple[1], tuple[0], tuple[2]] : tuple) as number[][];
  return (_, { shape: [rows, columns] }) => {
    const counts = (anchors: number[], others: number[]): Tensor2D => {
      const data = new Float32Array(rows * columns);
      anchors.forEach((anchor, at) => data[anchor * columns + others[at]!]!++);
      return tensor2d(data, [rows, columns]);
    };
    return { kind: 'pairs', positive: counts(a1!, p!), negative: counts(a2!, n!) };
  };
}

/** The reducer of a case; its mean is over `all` elements or over those that took part. */
function reducerOf({ options }: GoldenCase, mean: Reducer): Reducer {
  const given = options['reducer'] as PytorchPart | null | undefined;
  return given?.type === 'MeanReducer' ? mean : pytorchReducer(given, mean);
}

/** A reducer whose costs are first multiplied by constants. */
function weighted(reduce: Reducer, weights: Float32Array | undefined): Reducer {
  return weights ? (costs, valid) => reduce(mul(costs, tensor1d(weights)), valid) : reduce;
}

/**
 * Weights of rows that a tuple gives in theirs: how often each is in it, over the largest count; against a reference, anchors only.
 * What a user writes as a reducer.
 */
function rowWeights(golden: GoldenCase): Float32Array | undefined {
  const tuple = tupleOf(golden);
  if (!tuple) return undefined;
  const counts = new Float32Array(numbersOf(golden.inputs['labels']).length);
  const anchorsOnly = golden.inputs['ref_labels'] !== undefined;
  const lists = anchorsOnly ? tuple.filter((_, at) => at === 0 || (tuple.length === 4 && at === 2)) : tuple;
  for (const row of lists.flat()) counts[row]!++;
  const most = Math.max(...counts);
  return most === 0 ? counts.fill(1) : counts.map((count) => count / most);
}

/** A loss with one cost a row, against the costs that theirs lists. */
function ofRows(golden: GoldenCase, make: (reduce: Reducer) => Loss, reduce: Reducer, weights?: Float32Array): Outcome {
  const result = ran(golden, make, weighted(reduce, weights));
  const { costs, valid } = result.calls[0]!;
  const elements = compareElements(golden, {
    loss: ([rows]) => rows!.map((row) => costs[row]! * valid[row]! * (weights?.[row] ?? 1)),
  });
  return outcomeOf(result, elements);
}

/** Costs of pairs that theirs lists, of a call of the reducer. */
function pairsAt(golden: GoldenCase, costs: Float32Array): (indices: readonly number[][]) => number[] {
  const m = columnsOf(golden);
  return ([rows, columns]) => rows!.map((row, k) => costs[row * m + columns![k]!]!);
}

/** `loss/NCALoss` of golden/pml, where a tuple weighs rows and chooses no pairs. */
export function pytorchNca(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'reducer', 'softmax_scale']);
  const part = (golden.options['distance'] ?? { type: 'LpDistance', power: 2 }) as PytorchPart;
  const { distance } = distanceOf({ distance: part }, part.type);
  const scale = number(golden.options, 'softmax_scale', 1);
  return ofRows(
    golden,
    (reduce) => nca({ scale, distance, reduce }),
    reducerOf(golden, meanOfValid),
    rowWeights(golden),
  );
}

/** `loss/TupletMarginLoss` of golden/pml, whose margin is in degrees. */
export function pytorchTupletMargin(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['reducer', 'margin', 'scale']);
  refuseSinglePair(golden);
  const margin = radians(number(golden.options, 'margin', 5.73));
  const scale = number(golden.options, 'scale', 64);
  const miner = among(countingMiner(golden));
  const result = ran(
    golden,
    (reduce) => tupletMargin({ margin, scale, reduce, ...miner }),
    reducerOf(golden, meanOfValid),
  );
  return outcomeOf(result, compareElements(golden, { loss: pairsAt(golden, result.calls[0]!.costs) }));
}

/** `loss/IntraPairVarianceLoss` of golden/pml. */
export function pytorchIntraPairVariance(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'reducer', 'pos_eps', 'neg_eps']);
  refuseSinglePair(golden);
  const { distance: own, sign, offset } = distanceOf(golden.options, 'CosineSimilarity');
  // A product is 1 less a distance, of a distance that is 1 more than its negative.
  const product = sign === -1 && offset === 0;
  const distance = product ? defineDistance('one-less-product', (a, b) => add(own(a, b), 1)) : own;
  const center = sign === -1 ? 1 : 0;
  const miner = among(countingMiner(golden));
  const result = ran(
    golden,
    (reduce) =>
      intraPairVariance({
        positiveEpsilon: number(golden.options, 'pos_eps', 0.01),
        negativeEpsilon: number(golden.options, 'neg_eps', 0.01),
        center,
        distance,
        reduce,
        ...miner,
      }),
    reducerOf(golden, meanOfValid),
  );
  const [pull, push] = result.calls;
  const elements = compareElements(golden, {
    pos_loss: pairsAt(golden, pull!.costs),
    neg_loss: pairsAt(golden, push!.costs),
  });
  return outcomeOf(result, elements);
}

/** `paper/SmoothAP` of golden/papers: its mean is over all rows, lone ones too, whose own place is the only one to rank. */
export function paperSmoothAp(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['temperature']);
  const temperature = number(golden.options, 'temperature', 0.01);
  return ofRows(golden, (reduce) => smoothAp({ temperature, reduce }), meanOfAll);
}

/** `loss/SmoothAPLoss` of golden/pml, where a tuple weighs rows and chooses no pairs. */
export function pytorchSmoothAp(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['temperature', 'reducer']);
  const labels = numbersOf(golden.inputs['labels']);
  const sizes = [...new Set(labels)].map((label) => labels.filter((other) => other === label).length);
  const sorted = labels.every((label, i) => i === 0 || labels[i - 1]! <= label);
  if (!sorted || sizes.some((size) => size !== sizes.length)) {
    throw new NotCovered(
      'a layout where theirs takes the number of classes for that of rows a class: a fault, not a rule',
    );
  }
  const temperature = number(golden.options, 'temperature', 0.01);
  return ofRows(
    golden,
    (reduce) => smoothAp({ temperature, reduce }),
    reducerOf(golden, meanOfAll),
    rowWeights(golden),
  );
}

/** `loss/PNPLoss` of golden/pml. */
export function pytorchPnp(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['variant', 'anneal', 'b', 'alpha', 'reducer']);
  const { variant = 'O' } = golden.options as { variant?: string };
  const options = {
    variant: variant.toLowerCase() as 'o' | 'iu' | 'ib' | 'ds' | 'dq',
    temperature: number(golden.options, 'anneal', 0.01),
    b: number(golden.options, 'b', 2),
    alpha: number(golden.options, 'alpha', 1),
  };
  const result = ran(
    golden,
    (reduce) => pnp({ ...options, reduce }),
    weighted(reducerOf(golden, meanOfValid), rowWeights(golden)),
  );
  return oneCost(result);
}

/** `loss/FastAPLoss` of golden/pml, where a tuple weighs rows and chooses no pairs. */
export function pytorchFastAp(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['num_bins', 'distance', 'reducer']);
  const part = (golden.options['distance'] ?? { type: 'LpDistance', power: 2 }) as PytorchPart;
  const { power = 1, p = 2 } = part as PytorchPart & { power?: number; p?: number };
  const { distance } = distanceOf({ distance: part }, part.type);
  if (part.type !== 'LpDistance' || p !== 2) throw new NotCovered(`FastAP on ${part.type}`);
  const bins = number(golden.options, 'num_bins', 10);
  return ofRows(
    golden,
    (reduce) => fastAp({ bins, range: 2 ** power, distance, reduce }),
    reducerOf(golden, meanOfValid),
    rowWeights(golden),
  );
}

/** `loss/HistogramLoss` of golden/pml, whose pairs have no order and take part in a triplet. */
export function pytorchHistogram(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['n_bins', 'delta']);
  const { n_bins: count, delta } = golden.options as { n_bins?: number | null; delta?: number | null };
  const bins = count ?? (delta ? Math.round(2 / delta) : 100);
  const { anchors, positives, negatives } = tripletsOf(golden);
  const miner: AnyMiner = (_, { shape: [n, m] }) => {
    const mask = (others: Int32Array): Tensor2D => {
      const data = new Float32Array(n * m);
      anchors.forEach((anchor, t) => (data[Math.min(anchor, others[t]!) * m + Math.max(anchor, others[t]!)] = 1));
      return tensor2d(data, [n, m]);
    };
    return { kind: 'pairs', positive: mask(positives), negative: mask(negatives) };
  };
  // A cosine's last digit, 1e-7, is bins / 2 times as much of a bin, and the slope of a bin as much again.
  return { ...alreadyReduced(golden, histogram({ bins, miner })), loose: { grad_embeddings: 1e-8 * bins * bins } };
}

/** A loss that has no costs to reduce. */
function alreadyReduced(golden: GoldenCase, loss: Loss): Outcome {
  return oneCost(ran(golden, () => loss, meanOfValid));
}

/** Value and gradients where theirs lists one number for the batch. */
function oneCost({ value, gradients }: Pick<Ran, 'value' | 'gradients'>): Outcome {
  const left = { elements: 'theirs lists one number a batch, which is the value' };
  return { got: { value, grad_embeddings: gradients[0], grad_ref_embeddings: gradients[1] }, left };
}

/** A reducer that is given a cost as often as its count says. */
function eachTime(reduce: Reducer): Reducer {
  return (costs, valid) => {
    const counts = [...valid.dataSync()];
    const places = counts.flatMap((count, at) => Array.from({ length: count }, () => at));
    if (places.length === 0) return reduce(costs, valid);
    return reduce(gather(costs, tensor1d(places, 'int32')), ones([places.length]));
  };
}

/** `loss/SignalToNoiseRatioContrastiveLoss` of golden/pml. */
export function pytorchSnrContrastive(golden: GoldenCase): Outcome {
  const known = ['distance', 'reducer', 'pos_margin', 'neg_margin', 'embedding_regularizer', 'embedding_reg_weight'];
  onlyOptions(golden, known);
  refuseSinglePair(golden);
  const regularizer = golden.options['embedding_regularizer'] as PytorchPart | null | undefined;
  if (regularizer && regularizer.type !== 'ZeroMeanRegularizer')
    throw new NotCovered(`regularizer ${regularizer.type}`);
  const { distance } = distanceOf(golden.options, 'SNRDistance');
  const miner = among(countingMiner(golden));
  const result = ran(
    golden,
    (reduce) =>
      snrContrastive({
        positiveMargin: number(golden.options, 'pos_margin', 0),
        negativeMargin: number(golden.options, 'neg_margin', 1),
        zeroMean: regularizer ? number(golden.options, 'embedding_reg_weight', 1) : 0,
        distance,
        reduce,
        ...miner,
      }),
    eachTime(reducerOf(golden, meanOfPositive)),
  );
  const [pull, push] = result.calls;
  const elements = compareElements(golden, {
    pos_loss: pairsAt(golden, pull!.costs),
    neg_loss: pairsAt(golden, push!.costs),
  });
  return outcomeOf(result, elements);
}

/** `loss/P2SGradLoss` of golden/pml: 2/classes of ours, and its gradient at weights of length 1 that is not taken through their length. */
export function pytorchP2sGrad(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['num_classes', 'reducer', 'descriptors_dim']);
  const classes = golden.options['num_classes'] as number;
  const stored = inputOf(golden, 'weight');
  const [d, columns] = stored.shape as [number, number];
  const rows = Float32Array.from(
    { length: columns * d },
    (_, at) => stored.data[(at % d) * columns + Math.floor(at / d)]!,
  );
  const unit = unitRows(rows, d);
  const labels = classesOf(golden, 'labels');
  const embeddings = matrixOf(golden, 'embeddings');
  const weights = tensor2d(unit, [columns, d]);
  const share: Reducer = (costs, valid) => mul(meanOfValid(costs, valid), 2 / classes);
  const loss = p2sGrad({ classes, dimension: d, weights, reduce: share });
  const { value, grad } = valueAndGrad((x: Tensor) => loss(labels, x as Tensor2D))(embeddings);
  const taped = variableGrads(() => loss(labels, embeddings), [...loss.variables!]);
  const [one, gradient, byWeights] = numbers(value, grad, taped.grads[loss.variables![0]!.name]!);
  for (const used of [labels, embeddings, weights, taped.value]) used.dispose();
  loss.dispose!();
  const theirs = numbersOf(golden.expected['grad_weight']);
  const turned = theirs.map((_, at) => theirs[(at % d) * columns + Math.floor(at / d)]!);
  return {
    got: { value: one![0]!, grad_embeddings: gradient, grad_weight: byWeights },
    wanted: { grad_weight: acrossRows(turned, { shape: [columns, d], data: unit }) },
    left: { elements: 'theirs lists one number a batch, which is the value' },
  };
}

function unitRows(data: Float32Array, width: number): Float32Array {
  return data.map((x, at) => {
    const begin = at - (at % width);
    return x / Math.max(Math.hypot(...data.subarray(begin, begin + width)), 1e-12);
  });
}

/** `loss/RankedListLoss` of golden/pml, which adds 1e-5 a row to what it divides by: ours, times what that makes of it. */
export function pytorchRankedList(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['margin', 'Tn', 'Tp', 'imbalance', 'alpha', 'reducer', 'distance']);
  if (golden.options['distance']) throw new NotCovered('a distance of RankedListLoss');
  const margin = number(golden.options, 'margin', 0.4);
  const options = {
    margin,
    alpha: number(golden.options, 'alpha', 1 + margin / 2),
    negativeScale: number(golden.options, 'Tn', 10),
    positiveScale: number(golden.options, 'Tp', 0),
    imbalance: number(golden.options, 'imbalance', 0.5),
  };
  const parts = rankedListParts(golden, options);
  // Negatives at distance 0 are passed over in theirs.
  const apart: AnyMiner = (labels, d) => {
    const { positive, negative } = pairMasks(labels, d.shape[0]);
    return { kind: 'pairs', positive, negative: mul(negative, step(d)) as Tensor2D };
  };
  const base = reducerOf(golden, meanOfAll);
  let call = 0;
  const reduce: Reducer = (costs, valid) => weighted(base, parts[call++ % 2])(costs, valid);
  const { distance } = distanceOf({ distance: { type: 'LpDistance' } }, 'LpDistance');
  const result = ran(
    golden,
    (observed) => rankedList({ ...options, distance, miner: apart, reduce: observed }),
    reduce,
  );
  const [pull, push] = result.calls;
  const elements = compareElements(golden, {
    loss: ([rows]) =>
      rows!.map((i) => {
        const of = ({ costs, valid }: typeof pull & object, part: 0 | 1): number =>
          costs[i]! * valid[i]! * parts[part][i]!;
        return (1 - options.imbalance) * of(pull!, 0) + options.imbalance * of(push!, 1);
      }),
  });
  const outcome = outcomeOf(result, elements);
  const why = 'theirs is taken through the weights, which the paper holds';
  const through = options.positiveScale !== 0 || options.negativeScale !== 0;
  return { ...outcome, left: { ...outcome.left, ...(through && { grad_embeddings: why }) } };
}

/** Of each row, on the side of positives and of negatives: Σw / (Σw + n · 1e-5), in float64. */
function rankedListParts(
  golden: GoldenCase,
  {
    margin,
    alpha,
    positiveScale,
    negativeScale,
  }: { margin: number; alpha: number; positiveScale: number; negativeScale: number },
): [Float32Array, Float32Array] {
  const labels = numbersOf(golden.inputs['labels']);
  const { data, shape } = inputOf(golden, 'embeddings');
  const width = shape[1]!;
  const unit = unitRows(data, width);
  const n = labels.length;
  const apart = (i: number, j: number): number =>
    Math.hypot(...unit.subarray(i * width, (i + 1) * width).map((x, k) => x - unit[j * width + k]!));
  const share = (i: number, side: boolean, temperature: number): number => {
    let total = 0;
    for (let j = 0; j < n; j++) {
      if (j === i || (labels[i] === labels[j]) !== side) continue;
      const d = apart(i, j);
      const excess = side ? d - (alpha - margin) : alpha - d;
      if (excess > 0 && (side || d > 0)) total += Math.exp(temperature * excess);
    }
    return total / (total + n * 1e-5);
  };
  const of = (side: boolean, temperature: number): Float32Array =>
    Float32Array.from(labels, (_, i) => share(i, side, temperature));
  return [of(true, positiveScale), of(false, negativeScale)];
}

/** `paper/CentroidTriplet` of golden/papers. */
export function paperCentroidTriplet(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['margin']);
  const margin = number(golden.options, 'margin', 0.3);
  return oneCost(ran(golden, (reduce) => centroidTriplet({ margin, reduce }), meanOfValid));
}

/**
 * `loss/AngularLoss` of golden/pml, whose angle is in degrees and whose negatives have their own length. Of a tuple it takes the
 * positive pairs, as often as they come, against all negatives of their rows.
 */
export function pytorchAngular(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['alpha', 'reducer']);
  const alpha = radians(number(golden.options, 'alpha', 40));
  const tuple = tupleOf(golden);
  const m = columnsOf(golden);
  const times = new Float32Array(numbersOf(golden.inputs['labels']).length * m);
  tuple?.[0]!.forEach((anchor, k) => times[anchor * m + tuple[1]![k]!]!++);
  const miner: AnyMiner = (labels, { shape: [n] }, others) => {
    const all = pairMasks(labels, n, others && { labels: others, rows: m });
    return { kind: 'pairs', ...all, ...(tuple && { positive: tensor2d(times.map(Math.sign), [n, m]) }) };
  };
  const base = reducerOf(golden, meanOfValid);
  const reduce: Reducer = tuple ? (costs, valid) => base(costs, mul(valid, tensor1d(times))) : base;
  const result = ran(
    golden,
    (observed) => angular({ alpha, normalizeNegatives: false, reduce: observed, miner }),
    reduce,
  );
  return outcomeOf(result, compareElements(golden, { loss: pairsAt(golden, result.calls[0]!.costs) }));
}

/**
 * `loss/DynamicSoftMarginLoss` of golden/pml: one batch, or several after another. Theirs counts a batch by its triplets, T of them,
 * where ours keeps a share of the histogram: `(1 − momentum) / (1 − momentum + momentum · T)` is the same.
 */
export function pytorchDynamicSoftMargin(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['min_val', 'num_bins', 'momentum']);
  const steps = golden.inputs['steps'] as readonly Readonly<Record<string, unknown>>[] | undefined;
  const one: GoldenCase = { ...golden, inputs: steps?.[0] ?? golden.inputs };
  const pairs = one.inputs['labels'] === undefined; // row i of one side belongs to row i of the other
  const count = pairs ? 0 : tripletsOf(one).anchors.length;
  const theirs = number(golden.options, 'momentum', 0.01);
  const loss = dynamicSoftMargin({
    bins: number(golden.options, 'num_bins', 10),
    range: -number(golden.options, 'min_val', -2),
    momentum: (1 - theirs) / (1 - theirs + theirs * count),
    negatives: pairs ? 'hard' : 'all',
    distance: distanceOf({}, 'LpDistance').distance,
    ...(one.inputs['indices_tuple'] ? { miner: () => tripletsOf(one) } : {}),
  });
  const why = {
    grad_embeddings: 'theirs is taken through the histogram, which the paper holds',
    histogram_after: 'ours keeps it to itself; the next step shows it',
    steps: 'as a list, but step by step',
    elements: 'theirs lists one number a batch, which is the value',
  };
  const values = (steps ?? [golden.inputs]).map((inputs) => {
    const step = { ...golden, inputs };
    const rows = matrixOf(step, 'embeddings');
    const ids = Int32Array.from({ length: rows.shape[0] }, (_, i) => i);
    const labels = pairs ? tensor1d(ids, 'int32') : classesOf(step, 'labels');
    const reference = pairs ? { labels, embeddings: matrixOf(step, 'ref_embeddings') } : undefined;
    const [value] = numbers(loss(labels, rows, reference));
    for (const used of [rows, labels, reference?.embeddings]) used?.dispose();
    return value![0]!;
  });
  loss.dispose!();
  if (!steps) return { got: { value: values[0] }, left: why };
  const expected = golden.expected['steps'] as readonly { value: number }[];
  const byStep = (list: readonly number[]): Record<string, number> =>
    Object.fromEntries(list.map((value, at) => [`value${at}`, value]));
  return { got: byStep(values), wanted: byStep(expected.map(({ value }) => value)), left: why };
}

/** `loss/ManifoldLoss` of golden/pml, whose meta-classes are our labels. */
export function pytorchManifold(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['l', 'K', 'lambdaC', 'alpha', 'margin']);
  if (!golden.inputs['meta_classes']) throw new NotCovered('proxies drawn at random for the rows');
  const weights = matrixOf(golden, 'proxies');
  const loss = manifold({
    classes: weights.shape[0],
    dimension: weights.shape[1],
    weights,
    alpha: number(golden.options, 'alpha', 0.8),
    contextWeight: number(golden.options, 'lambdaC', 1),
    margin: number(golden.options, 'margin', 5e-4),
    onlyViolations: true,
  });
  const labels = classesOf(golden, 'meta_classes');
  const embeddings = matrixOf(golden, 'embeddings');
  const { value, grad } = valueAndGrad((x: Tensor) => loss(labels, x as Tensor2D))(embeddings);
  const taped = variableGrads(() => loss(labels, embeddings), [...loss.variables!]);
  const [one, gradient, byProxies] = numbers(value, grad, taped.grads[loss.variables![0]!.name]!);
  for (const used of [labels, embeddings, weights, taped.value]) used.dispose();
  loss.dispose!();
  return { got: { value: one![0]!, grad_embeddings: gradient, grad_proxies: byProxies } };
}
