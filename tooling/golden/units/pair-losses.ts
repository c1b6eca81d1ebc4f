// Losses over pairs and triplets, and the memory around them.
import {
  meanOfAll,
  meanOfPositive,
  meanOfValid,
  pairMasks,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import {
  add,
  gather,
  keep,
  mul,
  slice,
  tensor1d,
  valueAndGrad,
  valueAndGrads,
  variableGrads,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import {
  circle,
  contrastive,
  crossBatchMemory,
  generalizedLiftedStructure,
  liftedStructure,
  margin,
  multipleNegativesRanking,
  multiSimilarity,
  nPairs,
  pn,
  softNearestNeighbor,
  supCon,
  tripletMargin,
} from '@simile/losses';
import { inputOf, isTensor, numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { pytorchDistance, tensorFlowDistance } from './distances.ts';
import {
  columnsOf,
  minerOf,
  onlyOptions,
  pytorchReducer,
  tensorFlowLoss,
  tupleOf,
  type PytorchPart,
} from './losses.ts';
import { pytorchPart, pytorchRegularized, regularizerNames } from './regularizers.ts';
import { acrossRows, classesOf, hasUnitRows, matrixOf, numbers } from './tensor-inputs.ts';

export type AnyMiner = Miner<Pairs | Triplets>;
export type Options = Readonly<Record<string, unknown>>;

// ---- TensorFlow Similarity

/** A gradient of theirs is that of their formula where none of the paper's is recorded. */
function onlyFixedGradients({ expectedFixed }: GoldenCase, outcome: Outcome): Outcome {
  if (!expectedFixed || !('value' in expectedFixed) || 'gradient' in expectedFixed) return outcome;
  const { gradient: _, ...wanted } = outcome.wanted ?? {};
  return { ...outcome, wanted, left: { ...outcome.left, gradient: 'none of the formula of the paper is recorded' } };
}

/** An anchor without a partner is scored by theirs with a distance that it invents; ours leaves it out. */
function withoutInvented({ expectedFixed = {} }: GoldenCase, outcome: Outcome): Outcome {
  const valid = outcome.got['validAnchors'] as Float32Array;
  const left = { ...outcome.left };
  if (valid.some((one) => one === 0)) {
    for (const key of ['value', 'perExample', 'gradient']) {
      if (!(key in expectedFixed)) left[key] = 'anchors without a partner count with invented distances';
    }
  }
  return { ...outcome, left };
}

/** A loss of TensorFlow Similarity by its name in the recorded cases. */
function tensorFlowMaker(name: string, options: Options): (reduce: Reducer) => Loss {
  const distance = tensorFlowDistance(options['distance'] ?? (name === 'softnn' ? 'squared_euclidean' : 'cosine'));
  const number = (key: string, usual: number): number => (options[key] ?? usual) as number;
  if (name === 'circle') {
    return (reduce) => circle({ distance, gamma: number('gamma', 80), margin: number('margin', 0.4), reduce });
  }
  if (name === 'softnn') {
    return (reduce) => softNearestNeighbor({ distance, temperature: number('temperature', 1), reduce });
  }
  if (name === 'multisim') {
    const lambda = number('lambda', number('lmda', 0.5));
    const weights = { alpha: number('alpha', 2), beta: number('beta', 40), epsilon: number('epsilon', 0.1) };
    return (reduce) => multiSimilarity({ ...weights, lambda, center: number('center', 1), distance, reduce });
  }
  if (name === 'pn' || name === 'triplet') {
    const margin = options['margin'] as number | null | undefined;
    const mining = {
      positives: (options['positiveMining'] ?? 'hard') as 'hard' | 'easy',
      negatives: (options['negativeMining'] ?? 'semi-hard') as 'semi-hard' | 'hard' | 'easy',
      ...(margin === null || margin === undefined ? { soft: true } : { margin }),
    };
    return (reduce) => (name === 'pn' ? pn : tripletMargin)({ ...mining, distance, reduce });
  }
  throw new NotCovered(`loss ${name}`);
}

/** `loss/circle` of golden/tfsim. */
export function tensorFlowCircle(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'gamma', 'margin']);
  return onlyFixedGradients(golden, tensorFlowLoss(golden, tensorFlowMaker('circle', golden.options)));
}

/** `loss/softnn` of golden/tfsim. */
export function tensorFlowSoftNearestNeighbor(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'temperature']);
  return onlyFixedGradients(golden, tensorFlowLoss(golden, tensorFlowMaker('softnn', golden.options)));
}

/** `loss/pn` of golden/tfsim. */
export function tensorFlowPn(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'positiveMining', 'negativeMining', 'margin']);
  return withoutInvented(golden, tensorFlowLoss(golden, tensorFlowMaker('pn', golden.options)));
}

/** `loss/lifted` of golden/tfsim: the paper's equation, which mines no positive. */
export function tensorFlowLifted(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'positiveMining', 'margin']);
  if (golden.options['distance'] === 'snr') {
    throw new NotCovered('lifted structure on a distance that is not the same both ways, whose pairs have no order');
  }
  const { margin: gap = 1, distance = 'cosine' } = golden.options as { margin?: number; distance?: string };
  const outcome = tensorFlowLoss(golden, (reduce) =>
    liftedStructure({ margin: gap, distance: tensorFlowDistance(distance), reduce }),
  );
  const why = 'of a formula that takes columns of the same row for the negatives of the positive';
  const left = { ...outcome.left, perExample: why, rowGather: 'of a repair of that formula' };
  return onlyFixedGradients(golden, { ...outcome, left });
}

/** `loss/multinegatives` of golden/tfsim. */
export function tensorFlowMultipleNegatives(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'scale']);
  const { distance = 'inner_product', scale = 20 } = golden.options as { distance?: string; scale?: number };
  if (distance !== 'inner_product') throw new NotCovered(`distance ${distance} of loss/multinegatives`);
  const sides = [matrixOf(golden, 'queries'), matrixOf(golden, 'keys')];
  const n = sides[0]!.shape[0];
  const labels = tensor1d(
    Int32Array.from({ length: n }, (_, i) => i),
    'int32',
  );
  const seen = observer(meanOfValid);
  // Theirs is the product itself, of which more is closer, as in the paper.
  const product = pytorchDistance({ normalize_embeddings: false }, 'DotProductSimilarity').distance;
  const loss = multipleNegativesRanking({ scale, distance: product, reduce: seen.reduce });
  const { value, grads } = valueAndGrads((x: Tensor, y: Tensor) =>
    loss(labels, x as Tensor2D, { labels, embeddings: y as Tensor2D }),
  )(sides);
  const [number, queries, keys] = numbers(value, ...grads);
  for (const input of [labels, ...sides]) input.dispose();
  const { costs } = seen.calls()[0]!;
  const left: Record<string, string> = { withExtraClass: 'of a formula with a class of logit 0' };
  for (const key of ['gradientQueries', 'gradientKeys']) {
    const recorded = golden.expectedFixed?.[key];
    const ours = key === 'gradientQueries' ? queries! : keys!;
    if (recorded === undefined) left[key] = 'none of the formula of the paper is recorded';
    else if (numbersOf(recorded).every((x) => x === 0) && ours.every((x) => Math.abs(x) < 1e-9)) {
      left[key] = 'too small for differences in float64, which are 0; so is ours, below 1e-9';
    }
  }
  return {
    got: {
      value: number![0]!,
      perExample: Float32Array.from({ length: n }, (_, i) => costs[i * n + i]!),
      gradientQueries: queries,
      gradientKeys: keys,
    },
    left,
  };
}

export interface Call {
  readonly costs: Float32Array;
  readonly valid: Float32Array;
}

/** A reducer that remembers what it was given; `calls` frees and tells it. */
function observer(reduce: Reducer): { reduce: Reducer; calls: () => Call[] } {
  const kept: Tensor[] = [];
  return {
    reduce: (costs, valid, source) => {
      kept.push(keep(mul(costs, 1)), keep(mul(valid, 1)));
      return reduce(costs, valid, source);
    },
    calls: () => {
      const lists = numbers(...kept.splice(0));
      return lists.flatMap((costs, at) => (at % 2 === 0 ? [{ costs, valid: lists[at + 1]! }] : []));
    },
  };
}

/** A step of a recorded memory. */
interface Step extends Readonly<Record<string, unknown>> {
  readonly embeddings?: unknown;
}

function stepsOf(record: Readonly<Record<string, unknown>> | undefined): readonly Step[] {
  return (record?.['steps'] ?? []) as readonly Step[];
}

/** Runs the steps of a case through a loss. */
function runSteps(
  golden: GoldenCase,
  loss: Loss,
  after: (step: number) => void,
): { value: number; gradient: Float32Array }[] {
  try {
    return stepsOf(golden.inputs).map((inputs, at) => {
      const step = { ...golden, inputs };
      const [labels, rows] = [classesOf(step, 'labels'), matrixOf(step, 'embeddings')];
      const { value, grad } = valueAndGrad((x: Tensor) => loss(labels, x as Tensor2D))(rows);
      after(at);
      const [number, gradient] = numbers(value, grad);
      labels.dispose();
      rows.dispose();
      return { value: number![0]!, gradient: gradient! };
    });
  } finally {
    loss.dispose?.();
  }
}

/** `loss/xbm-*` of golden/tfsim. */
export function tensorFlowMemory(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['loss', 'lossOptions', 'memorySize', 'warmupSteps']);
  const {
    loss,
    lossOptions,
    memorySize,
    warmupSteps = 0,
  } = golden.options as {
    loss: string;
    lossOptions: Options;
    memorySize: number;
    warmupSteps?: number;
  };
  const make = tensorFlowMaker(loss, lossOptions);
  const ran = (reduce: Reducer): { value: number; gradient: Float32Array; call: Call }[] => {
    const seen = observer(reduce);
    const calls: Call[] = [];
    const inner = make(seen.reduce);
    const memory = crossBatchMemory({ loss: inner, memorySize, warmupSteps, throughBatch: true });
    const steps = runSteps(golden, memory, () => calls.push(seen.calls()[0]!));
    return steps.map((step, at) => ({ ...step, call: calls[at]! }));
  };
  if (golden.expected['error'] === true) {
    try {
      ran(meanOfValid);
    } catch {
      return { got: {} };
    }
    throw new Error(`${golden.name}: nothing was refused`);
  }
  const [fixed, compat] = [ran(meanOfValid), ran(meanOfAll)];
  const got: Record<string, unknown> = {};
  const wanted: Record<string, unknown> = {};
  const left: Record<string, string> = { steps: 'as a list, but step by step' };
  stepsOf(golden.expected).forEach((step, at) => {
    const right = stepsOf(golden.expectedFixed)[at] ?? {};
    const { call } = fixed[at]!;
    const invented = (loss === 'triplet' || loss === 'pn') && call.valid.some((one) => one === 0);
    const formula = loss === 'circle' && !('gradient' in right);
    for (const key of ['value', 'perExample', 'gradient']) {
      const recorded = right[key] ?? step[key];
      if (recorded === undefined || (invented && !(key in right)) || (formula && key === 'gradient')) continue;
      const from = (key in right || (key === 'gradient' && 'value' in right && loss === 'softnn') ? fixed : compat)[
        at
      ]!;
      got[`${key}${at}`] =
        key === 'perExample' ? call.costs.map((cost, i) => cost * call.valid[i]!) : from[key as 'value' | 'gradient'];
      const rows = inputOf({ ...golden, inputs: stepsOf(golden.inputs)[at]! }, 'embeddings');
      const across = key === 'gradient' && (lossOptions['distance'] ?? 'cosine') === 'cosine' && hasUnitRows(rows);
      wanted[`${key}${at}`] = across ? acrossRows(numbersOf(recorded), rows) : recorded;
    }
  });
  return { got, wanted, left };
}

// ---- PyTorch Metric Learning

/** A loss of PyTorch Metric Learning in our terms. */
export interface Maker {
  readonly make: (reduce: Reducer, miner?: AnyMiner) => Loss;
  /** Its usual reducer. */
  readonly usual: Reducer;
  /** Its own options, beside distance and reducer. */
  readonly options: readonly string[];
}

/** Makers by class. A margin of a similarity s = offset − d is the distance offset − margin. */
const makers: Readonly<Record<string, (options: Options) => Maker>> = {
  CircleLoss: (options) => ({
    options: ['m', 'gamma'],
    usual: meanOfPositive,
    make: (reduce, miner) =>
      circle({
        gamma: number(options, 'gamma', 80),
        margin: number(options, 'm', 0.4),
        ...shared(options, 'CosineSimilarity', reduce, miner),
      }),
  }),
  ContrastiveLoss: (options) => ({
    options: ['pos_margin', 'neg_margin'],
    usual: meanOfPositive,
    make: (reduce, miner) =>
      contrastive({
        power: 1,
        positiveMargin: marginOf(options, 'pos_margin', 0),
        negativeMargin: marginOf(options, 'neg_margin', 1),
        ...shared(options, 'LpDistance', reduce, miner),
      }),
  }),
  SupConLoss: (options) => ({
    options: ['temperature'],
    usual: meanOfPositive,
    make: (reduce, miner) =>
      supCon({
        temperature: number(options, 'temperature', 0.1),
        ...shared(options, 'CosineSimilarity', reduce, miner),
      }),
  }),
  NTXentLoss: (options) => ({
    options: ['temperature'],
    usual: meanOfValid,
    make: (reduce, miner) =>
      multipleNegativesRanking({
        scale: 1 / number(options, 'temperature', 0.07),
        ...shared(options, 'CosineSimilarity', reduce, miner),
      }),
  }),
  LiftedStructureLoss: (options) => ({
    options: ['pos_margin', 'neg_margin'],
    usual: meanOfValid,
    make: (reduce, miner) =>
      liftedStructure({
        margin: marginOf(options, 'neg_margin', 1) - marginOf(options, 'pos_margin', 0),
        ...shared(options, 'LpDistance', reduce, miner),
      }),
  }),
  GeneralizedLiftedStructureLoss: (options) => ({
    options: ['pos_margin', 'neg_margin'],
    usual: meanOfAll,
    make: (reduce, miner) =>
      generalizedLiftedStructure({
        margin: marginOf(options, 'neg_margin', 1) - marginOf(options, 'pos_margin', 0),
        ...shared(options, 'LpDistance', reduce, miner),
      }),
  }),
  TripletMarginLoss: (options) => ({
    options: ['margin'],
    usual: meanOfPositive,
    make: (reduce, miner) =>
      tripletMargin({
        margin: number(options, 'margin', 0.05),
        positives: 'all',
        negatives: 'all',
        ...shared(options, 'LpDistance', reduce, miner),
      }),
  }),
  MultiSimilarityLoss: (options) => ({
    options: ['alpha', 'beta', 'base'],
    usual: meanOfAll,
    make: (reduce, miner = everyPair) => {
      const { sign } = distanceOf(options, 'CosineSimilarity');
      if (sign !== -1) throw new NotCovered('a memory around MultiSimilarityLoss with a distance');
      return multiSimilarity({
        alpha: number(options, 'alpha', 2),
        beta: number(options, 'beta', 50),
        lambda: number(options, 'base', 0.5),
        ...shared(options, 'CosineSimilarity', reduce, miner),
      });
    },
  }),
};

const everyPair: AnyMiner = (labels, d, others) => ({
  kind: 'pairs',
  ...pairMasks(labels, d.shape[0], others && { labels: others, rows: d.shape[1] }),
});

export function number(options: Options, key: string, usual: number): number {
  return (options[key] ?? usual) as number;
}

export function distanceOf(options: Options, usual: string): ReturnType<typeof pytorchDistance> {
  const part = (options['distance'] ?? { type: usual }) as PytorchPart;
  return pytorchDistance(part, part.type);
}

function marginOf(options: Options, key: string, usual: number): number {
  const { sign, offset } = distanceOf(options, 'LpDistance');
  const given = number(options, key, usual);
  return sign === 1 ? given : offset - given;
}

function shared(
  options: Options,
  usual: string,
  reduce: Reducer,
  miner: AnyMiner | undefined,
): { distance: ReturnType<typeof pytorchDistance>['distance']; reduce: Reducer; miner?: AnyMiner } {
  return { distance: distanceOf(options, usual).distance, reduce, ...(miner && { miner }) };
}

export interface Ran {
  readonly value: number;
  readonly gradients: Float32Array[];
  readonly calls: Call[];
}

/** Value, gradients and costs of a loss on a case with labels, embeddings and perhaps a reference. */
export function ran(golden: GoldenCase, make: (reduce: Reducer) => Loss, reduce: Reducer): Ran {
  const seen = observer(reduce);
  const loss = pytorchRegularized(golden, make(seen.reduce));
  const labels = classesOf(golden, 'labels');
  const rows = [matrixOf(golden, 'embeddings')];
  const others = golden.inputs['ref_embeddings'] ? classesOf(golden, 'ref_labels') : undefined;
  if (others) rows.push(matrixOf(golden, 'ref_embeddings'));
  const { value, grads } = valueAndGrads((x: Tensor, y?: Tensor) =>
    loss(labels, x as Tensor2D, others && { labels: others, embeddings: y as Tensor2D }),
  )(rows);
  const [one, ...gradients] = numbers(value, ...grads);
  for (const input of [labels, others, ...rows]) input?.dispose();
  return { value: one![0]!, gradients, calls: seen.calls() };
}

interface Elements {
  readonly losses: unknown;
  readonly indices?: unknown;
}

/** What a case tells of the costs of a part of the loss. */
export function elementsOf({ expected }: GoldenCase, part: string): Elements | undefined {
  return (expected['elements'] as Readonly<Record<string, Elements>> | undefined)?.[part];
}

/** The costs that theirs lists for a part, and ours in its order; nothing where it lists none. */
export function compareElements(
  golden: GoldenCase,
  parts: Readonly<Record<string, (indices: readonly number[][]) => number[]>>,
): { wanted: Record<string, unknown>; got: Record<string, unknown> } {
  const wanted: Record<string, unknown> = {};
  const got: Record<string, unknown> = {};
  for (const [part, costsAt] of Object.entries(parts)) {
    const recorded = elementsOf(golden, part);
    if (!isTensor(recorded?.losses) || recorded.losses.data.includes(null as never) || !recorded.indices) continue;
    const lists = recorded.indices as number[] | number[][];
    wanted[part] = numbersOf(recorded.losses);
    got[part] = costsAt((Array.isArray(lists[0]) ? lists : [lists]) as number[][]);
  }
  return { wanted, got };
}

export function outcomeOf(
  { value, gradients }: Pick<Ran, 'value' | 'gradients'>,
  elements: { wanted: Record<string, unknown>; got: Record<string, unknown> },
  more: Readonly<Record<string, unknown>> = {},
): Outcome {
  const any = Object.keys(elements.wanted).length > 0;
  return {
    got: { value, grad_embeddings: gradients[0], grad_ref_embeddings: gradients[1], elements: elements.got, ...more },
    ...(any ? { wanted: { elements: elements.wanted } } : { left: { elements: 'none are recorded' } }),
  };
}

/** A tuple that theirs takes for nothing; see loss-quirks.json. */
export function refuseSinglePair(golden: GoldenCase): void {
  const tuple = tupleOf(golden);
  if (!tuple) return;
  const pairs = tuple.length === 3 ? tuple[0]!.length : Math.max(tuple[0]!.length, tuple[2]!.length);
  if (pairs <= 1) throw new NotCovered('a tuple of one pair, for which theirs gives 0: a quirk, not a rule');
}

/** Pairs of triplets come as often as in triplets in theirs, once in ours. */
export function refuseRepeatedPairs(golden: GoldenCase): void {
  const tuple = tupleOf(golden);
  if (!tuple) return;
  const [a1, p, a2, n] = (tuple.length === 3 ? [tuple[0], tuple[1], tuple[0], tuple[2]] : tuple) as number[][];
  const repeated = (from: number[], to: number[]): boolean =>
    new Set(from.map((one, at) => `${one} ${to[at]}`)).size < from.length;
  if (repeated(a1!, p!) || repeated(a2!, n!)) throw new NotCovered('a pair that a tuple has more than once');
}

function classOf({ unit }: GoldenCase): string {
  return unit.split('/')[1]!;
}

/** A loss of PyTorch Metric Learning by its class, in our terms; undefined where this file does not know it. */
export function pytorchMaker(name: string, options: Options): Maker | undefined {
  return makers[name]?.(options);
}

function run(golden: GoldenCase, meanOfRows: boolean): Ran {
  const { make, usual, options } = makers[classOf(golden)]!(golden.options);
  onlyOptions(golden, ['distance', 'reducer', ...regularizerNames, ...options]);
  const miner = minerOf(golden);
  const given = golden.options['reducer'] as PytorchPart | null | undefined;
  // Its mean over rows is over all, that over pairs over those there are.
  const reduce = given?.type === 'MeanReducer' && meanOfRows ? meanOfAll : pytorchReducer(given, usual);
  return ran(golden, (observed) => make(observed, miner), reduce);
}

/** Losses of golden/pml with one cost a row. */
export function pytorchOfRows(golden: GoldenCase): Outcome {
  refuseSinglePair(golden);
  const name = classOf(golden);
  const result = run(golden, true);
  const { costs, valid } = result.calls[0]!;
  if (name === 'SupConLoss' && !hasNegative(golden)) {
    throw new NotCovered('SupCon without a negative, for which theirs gives 0 and the paper does not');
  }
  if (name === 'GeneralizedLiftedStructureLoss' && hasOneSidedRow(golden)) {
    throw new NotCovered('rows with a positive or a negative only, which theirs counts with one of two sums');
  }
  const elements = compareElements(golden, {
    loss: () => [...costs].map((cost, i) => cost * valid[i]!),
  });
  return outcomeOf(result, elements);
}

/** Rows of the batch that are anchors of positives, and of negatives. */
function anchorsOf(golden: GoldenCase): [Set<number>, Set<number>] {
  const tuple = tupleOf(golden);
  if (tuple) return [new Set(tuple[0]), new Set(tuple.length === 3 ? tuple[0] : tuple[2])];
  const own = !golden.inputs['ref_labels'];
  const labels = numbersOf(golden.inputs['labels']);
  const others = own ? labels : numbersOf(golden.inputs['ref_labels']);
  const having = (same: boolean): Set<number> =>
    new Set(
      labels.flatMap((label, i) =>
        others.some((other, j) => (other === label) === same && !(own && i === j)) ? [i] : [],
      ),
    );
  return [having(true), having(false)];
}

function hasOneSidedRow(golden: GoldenCase): boolean {
  const [positive, negative] = anchorsOf(golden);
  return [...positive].some((row) => !negative.has(row)) || [...negative].some((row) => !positive.has(row));
}

/** Positive pairs of a tuple whose rows have no negative: theirs takes the logarithm of nothing for 0, ours for −∞. */
function refuseLonePairs(golden: GoldenCase): void {
  const tuple = tupleOf(golden);
  if (tuple?.length !== 4) return;
  const anchors = new Set(tuple[2]);
  if (tuple[0]!.some((row, k) => !anchors.has(row) && !anchors.has(tuple[1]![k]!))) {
    throw new NotCovered('a positive pair without a negative, which theirs counts with its distance');
  }
}

function hasNegative(golden: GoldenCase): boolean {
  const tuple = tupleOf(golden);
  if (tuple) return tuple.at(-1)!.length > 0;
  const labels = numbersOf(golden.inputs['labels']);
  const others = numbersOf(golden.inputs['ref_labels'] ?? golden.inputs['labels']);
  return labels.some((label) => others.some((other) => other !== label));
}

/** Losses of golden/pml with one cost a positive pair. */
export function pytorchOfPairs(golden: GoldenCase): Outcome {
  refuseSinglePair(golden);
  refuseRepeatedPairs(golden);
  if (classOf(golden) === 'LiftedStructureLoss') refuseLonePairs(golden);
  const result = run(golden, false);
  const m = columnsOf(golden);
  const at =
    (call: number) =>
    ([rows, columns]: readonly number[][]): number[] =>
      rows!.map((row, k) => result.calls[call]!.costs[row * m + columns![k]!]!);
  const parts = classOf(golden) === 'ContrastiveLoss' ? { pos_loss: at(0), neg_loss: at(1) } : { loss: at(0) };
  return outcomeOf(result, compareElements(golden, parts));
}

/** `loss/NPairsLoss` of golden/pml: the first two rows of each class, as embeddings and reference. */
export function pytorchNPairs(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'reducer', 'embedding_regularizer', 'embedding_reg_weight']);
  if (golden.inputs['indices_tuple']) throw new NotCovered('NPairsLoss with a tuple, of which it takes some');
  if (golden.inputs['ref_embeddings']) throw new NotCovered('NPairsLoss with a reference');
  const labels = numbersOf(golden.inputs['labels']);
  const firsts = [...new Set(labels)]
    .map((label) => labels.flatMap((other, i) => (other === label ? [i] : [])))
    .filter((rows) => rows.length > 1);
  const rows = matrixOf(golden, 'embeddings');
  const given = golden.options['reducer'] as PytorchPart | null | undefined;
  const seen = observer(pytorchReducer(given, meanOfValid));
  const distance = distanceOf(golden.options, 'DotProductSimilarity').distance;
  const loss = nPairs({ distance, reduce: seen.reduce });
  if (firsts.length === 0) throw new NotCovered('NPairsLoss of no pair, which a user does not call');
  const ids = tensor1d(
    Int32Array.from(firsts, (_, i) => i),
    'int32',
  );
  const part = (x: Tensor, which: number): Tensor2D =>
    gather(
      x,
      tensor1d(
        Int32Array.from(firsts, (pair) => pair[which]!),
        'int32',
      ),
    ) as Tensor2D;
  // Its regulariser prices all rows, of which the loss is given some.
  const price = golden.options['embedding_regularizer'] as PytorchPart | null | undefined;
  const { value, grad } = valueAndGrad((x: Tensor): Scalar => {
    const cost = loss(ids, part(x, 0), { labels: ids, embeddings: part(x, 1) });
    const weight = (golden.options['embedding_reg_weight'] as number | undefined) ?? 1;
    return price ? add(cost, mul(pytorchPart(price)(x as Tensor2D), weight)) : cost;
  })(rows);
  const [one, gradient] = numbers(value, grad);
  ids.dispose();
  rows.dispose();
  const { costs } = seen.calls()[0]!;
  const elements = compareElements(golden, {
    loss: ([anchors]) =>
      anchors!.map((anchor) => {
        const i = firsts.findIndex((pair) => pair[0] === anchor);
        return costs[i * firsts.length + i]!;
      }),
  });
  return outcomeOf({ value: one![0]!, gradients: [gradient!] }, elements);
}

/** `loss/MarginLoss` of golden/pml, which sums over triplets. */
export function pytorchMargin(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['distance', 'reducer', 'margin', 'beta', 'learn_beta', 'nu', 'num_classes']);
  const {
    margin: gap = 0.2,
    learn_beta: learnBeta = false,
    nu = 0,
    num_classes: classes,
  } = golden.options as {
    margin?: number;
    learn_beta?: boolean;
    nu?: number;
    num_classes?: number | null;
  };
  const { distance, sign, offset } = distanceOf(golden.options, 'LpDistance');
  if (sign === -1 && learnBeta) throw new NotCovered('the price of a boundary of similarities');
  const theirs = numbersOf(golden.inputs['beta']).map((one) => (sign === 1 ? one : offset - one));
  const triplets = tripletsOf(golden);
  const given = golden.options['reducer'] as PytorchPart | null | undefined;
  const known = ['MeanReducer', 'SumReducer', ...(learnBeta ? [] : ['AvgNonZeroReducer', 'ThresholdReducer'])];
  if (given && given.type !== 'DivisorReducer' && !known.includes(given.type)) {
    throw new NotCovered(`reducer ${given.type} of MarginLoss`);
  }
  // Theirs adds the two costs of a triplet before it reduces, unless it divides by the costs above 0.
  const other = given && given.type !== 'DivisorReducer' ? pytorchReducer(given, meanOfValid) : undefined;
  const reduce: Reducer = other
    ? (costs, valid) => other(halves(costs), slice(valid, 0, valid.size / 2))
    : meanOfPositive;
  const beta = classes ? theirs : theirs[0]!;
  const made = { margin: gap, beta, distance, miner: () => triplets };
  const result = ran(golden, (observed) => margin({ ...made, reduce: observed }), reduce);
  const { costs } = result.calls[0]!;
  const count = costs.length / 2;
  const elements = compareElements(golden, {
    margin_loss: ([anchors, positives, negatives]) =>
      anchors!.map((anchor, k) => {
        const at = triplets.anchors.findIndex(
          (one, t) =>
            one === anchor && triplets.positives[t] === positives![k] && triplets.negatives[t] === negatives![k],
        );
        return costs[at]! + costs[count + at]!;
      }),
  });
  if (!learnBeta) return outcomeOf(result, elements);
  // Their price of boundaries of classes is a sum over triplets, divided like the costs; ours is a mean.
  const above = costs.reduce((total, cost) => total + Number(cost > 0), 0);
  const all = triplets.anchors.length;
  const times = given?.type === 'SumReducer' ? all : other || above === 0 ? 1 : all / above;
  const price = classes ? nu * times : nu;
  const learning = (): Loss => margin({ ...made, reduce, learnBeta, nu: price });
  const loss = learning();
  const { value } = ran(golden, () => loss, reduce);
  loss.dispose!();
  return outcomeOf({ ...result, value }, elements, { grad_beta: slopeOf(golden, learning()) });
}

/** The first half of a list added to the second. */
function halves(costs: Tensor1D): Tensor1D {
  const half = costs.size / 2;
  return add(slice(costs, 0, half), slice(costs, half, half));
}

/** Gradient by the boundary that a loss owns, which it then frees. */
function slopeOf(golden: GoldenCase, loss: Loss): Float32Array {
  const labels = classesOf(golden, 'labels');
  const rows = matrixOf(golden, 'embeddings');
  const others = golden.inputs['ref_embeddings']
    ? { labels: classesOf(golden, 'ref_labels'), embeddings: matrixOf(golden, 'ref_embeddings') }
    : undefined;
  const { value, grads } = variableGrads(() => loss(labels, rows, others), [...loss.variables!]);
  const [, slope] = numbers(value, grads[loss.variables![0]!.name]!);
  for (const input of [labels, rows, others?.labels, others?.embeddings]) input?.dispose();
  loss.dispose!();
  return slope!;
}

/** The triplets of a tuple, every one of its pairs of an anchor, or every one there is. */
export function tripletsOf(golden: GoldenCase): Triplets {
  const tuple = tupleOf(golden);
  const found: [number, number, number][] = [];
  if (tuple?.length === 3) {
    tuple[0]!.forEach((anchor, t) => found.push([anchor, tuple[1]![t]!, tuple[2]![t]!]));
  } else if (tuple) {
    const [a1, p, a2, n] = tuple as [number[], number[], number[], number[]];
    a1.forEach((anchor, k) => a2.forEach((other, l) => anchor === other && found.push([anchor, p[k]!, n[l]!])));
  } else {
    const own = !golden.inputs['ref_labels'];
    const labels = numbersOf(golden.inputs['labels']);
    const others = own ? labels : numbersOf(golden.inputs['ref_labels']);
    labels.forEach((label, i) =>
      others.forEach((positive, j) => {
        if (label !== positive || (own && i === j)) return;
        others.forEach((negative, k) => label !== negative && found.push([i, j, k]));
      }),
    );
  }
  const part = (at: 0 | 1 | 2): Int32Array => Int32Array.from(found, (triplet) => triplet[at]);
  return { kind: 'triplets', anchors: part(0), positives: part(1), negatives: part(2) };
}

/** `loss/CrossBatchMemory` of golden/pml. */
export function pytorchMemory(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['loss', 'loss_options', 'memory_size', 'embedding_size', 'miner']);
  const {
    loss,
    loss_options: options,
    memory_size: memorySize,
    miner,
  } = golden.options as {
    loss: string;
    loss_options: Options;
    memory_size: number;
    miner?: string | null;
  };
  if (miner) throw new NotCovered(`miner ${miner} in a memory`);
  if (stepsOf(golden.inputs).some((step) => step['enqueue_mask']))
    throw new NotCovered('rows that only enter the memory');
  const maker = makers[loss]?.(options);
  if (!maker) throw new NotCovered(`a memory around ${loss}`);
  const given = options['reducer'] as PytorchPart | null | undefined;
  const inner = maker.make(pytorchReducer(given, maker.usual));
  const memory = crossBatchMemory({ loss: inner, memorySize });
  // Theirs forgets the first rows of a batch first, ours the last: it gets each batch the other way round.
  const reversed = { ...golden, inputs: { steps: stepsOf(golden.inputs).map(reversedStep) } };
  const steps = runSteps(reversed, memory, () => {}).map((step, at) => {
    const { shape } = inputOf({ ...golden, inputs: stepsOf(golden.inputs)[at]! }, 'embeddings');
    return { value: step.value, gradient: reversedRows(step.gradient, shape[1]!) };
  });
  const got: Record<string, unknown> = {};
  const wanted: Record<string, unknown> = {};
  steps.forEach(({ value, gradient }, at) => {
    const { value: number, grad_embeddings: slopes } = stepsOf(golden.expected)[at]!;
    got[`value${at}`] = value;
    wanted[`value${at}`] = number;
    got[`grad${at}`] = gradient;
    wanted[`grad${at}`] = slopes;
  });
  return { got, wanted, left: { steps: 'as a list, but step by step' } };
}

function reversedStep({ labels, embeddings }: Step): Step {
  const { shape } = embeddings as { shape: [number, number] };
  return {
    labels: numbersOf(labels).toReversed(),
    embeddings: { shape, data: reversedRows(numbersOf(embeddings), shape[1]) },
  };
}

function reversedRows(data: ArrayLike<number>, width: number): number[] {
  const rows = data.length / width;
  return Array.from(
    { length: data.length },
    (_, at) => data[(rows - 1 - Math.floor(at / width)) * width + (at % width)]!,
  );
}
