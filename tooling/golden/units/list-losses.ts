// Losses of PyTorch Metric Learning and of papers that came after those of pair-losses.ts.
import { meanOfAll, meanOfValid, type Loss, type Reducer } from '@simile/core';
import { mul, tensor1d, tensor2d, type Tensor2D } from '@simile/core/ops';
import { fastAp, histogram, intraPairVariance, nca, pnp, smoothAp, tupletMargin } from '@simile/losses';
import { numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { columnsOf, minerOf, onlyOptions, pytorchReducer, tupleOf, type PytorchPart } from './losses.ts';
import {
  compareElements,
  distanceOf,
  number,
  outcomeOf,
  ran,
  refuseRepeatedPairs,
  refuseSinglePair,
  tripletsOf,
  type AnyMiner,
  type Ran,
} from './pair-losses.ts';

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** A miner to give as an option, where there is one. */
function among(miner: AnyMiner | undefined): { miner?: AnyMiner } {
  return miner ? { miner } : {};
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
  refuseRepeatedPairs(golden);
  const margin = radians(number(golden.options, 'margin', 5.73));
  const scale = number(golden.options, 'scale', 64);
  const miner = among(minerOf(golden));
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
  refuseRepeatedPairs(golden);
  const { distance, sign, offset } = distanceOf(golden.options, 'CosineSimilarity');
  const center = sign === -1 ? offset : 0;
  if (sign === -1 && offset === 0) throw new NotCovered('variance of products, which have no similarity at distance 0');
  const miner = among(minerOf(golden));
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
