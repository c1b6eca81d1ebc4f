// Losses of PyTorch Metric Learning and of papers that came after those of pair-losses.ts.
import { meanOfValid, type Loss, type Reducer } from '@simile/core';
import { mul, tensor1d } from '@simile/core/ops';
import { intraPairVariance, nca, tupletMargin } from '@simile/losses';
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
  type AnyMiner,
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
