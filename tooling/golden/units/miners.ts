import type { Distance, Miner, Pairs, Triplets } from '@simile/core';
import { euclidean } from '@simile/distances';
import {
  angularMiner,
  batchEasyHard,
  batchHard,
  hdc,
  multiSimilarityMiner,
  negativeProbabilities,
  pairMarginMiner,
  tripletMarginMiner,
  uniformHistogram,
} from '@simile/miners';
import { numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { pytorchDistance } from './distances.ts';
import { onlyOptions, type PytorchPart } from './losses.ts';
import { classesOf, matrixOf } from './tensor-inputs.ts';

type Options = Readonly<Record<string, unknown>>;
type Pair = readonly number[];

/** A distance of a case, and the place in it of a margin that theirs has in its own terms. */
interface Scale {
  readonly distance: Distance;
  readonly place: (margin: number) => number;
}

function scaleOf({ options }: GoldenCase, usual: string): Scale {
  const part = (options['distance'] ?? { type: usual }) as PytorchPart;
  const { distance, sign, offset } = pytorchDistance(part, part.type);
  return { distance, place: (margin) => sign * (margin - offset) };
}

const strategy = (name: unknown): never => String(name).replace('semihard', 'semi-hard') as never;

/** Our miner with the options of theirs. */
const makers: Readonly<Record<string, (options: Options, place: Scale['place']) => Miner<Pairs | Triplets>>> = {
  AngularMiner: ({ angle = 20 }) => angularMiner({ angle: ((angle as number) * Math.PI) / 180 }),
  BatchEasyHardMiner: ({ pos_strategy: positives, neg_strategy: negatives, ...ranges }) =>
    batchEasyHard({
      positives: strategy(positives),
      negatives: strategy(negatives),
      ...(ranges['allowed_pos_range'] ? { positiveRange: ranges['allowed_pos_range'] as [number, number] } : {}),
      ...(ranges['allowed_neg_range'] ? { negativeRange: ranges['allowed_neg_range'] as [number, number] } : {}),
    }),
  BatchHardMiner: () => batchHard(),
  HDCMiner: ({ filter_percentage: fraction = 0.5 }) => hdc({ fraction: fraction as number }),
  MultiSimilarityMiner: ({ epsilon = 0.1 }) => multiSimilarityMiner({ epsilon: epsilon as number }),
  PairMarginMiner: ({ pos_margin: positive = 0.2, neg_margin: negative = 0.8 }, place) =>
    pairMarginMiner({ positiveMargin: place(positive as number), negativeMargin: place(negative as number) }),
  TripletMarginMiner: ({ margin = 0.2, type_of_triplets: triplets = 'all' }) =>
    tripletMarginMiner({ margin: margin as number, triplets: strategy(triplets) }),
};

const known = [
  'distance',
  'angle',
  'pos_strategy',
  'neg_strategy',
  'allowed_pos_range',
  'allowed_neg_range',
  'filter_percentage',
  'epsilon',
  'pos_margin',
  'neg_margin',
  'margin',
  'type_of_triplets',
];

/** A unit `miner/*` of golden/pml that keeps pairs or triplets without drawing. */
export function pytorchMiner(golden: GoldenCase): Outcome {
  const name = golden.unit.split('/')[1]!;
  const make = makers[name];
  if (!make) throw new NotCovered(`${golden.unit}, whose batches hold triplets row by row: there is nothing to mine`);
  onlyOptions(golden, known);
  if (name === 'AngularMiner' && golden.inputs['ref_embeddings'])
    throw new NotCovered('an angle at a row of a reference, whose distance to the positive a miner is not given');
  const usual = name === 'MultiSimilarityMiner' ? 'CosineSimilarity' : 'LpDistance';
  // Theirs measures angles on rows as they are given, whatever its distance.
  const { distance, place } =
    name === 'AngularMiner' ? { distance: euclidean(), place: Number } : scaleOf(golden, usual);
  const kept = run(golden, distance, make(golden.options, place));
  if (kept.kind === 'triplets') {
    const rows = Array.from(kept.anchors, (a, t) => [a, kept.positives[t]!, kept.negatives[t]!]);
    return { got: { triplets: sorted(rows) } };
  }
  const got = { positive_pairs: pairsOf(kept.positive), negative_pairs: pairsOf(kept.negative) };
  if (name !== 'HDCMiner' || golden.inputs['ref_embeddings']) return { got };
  // Where theirs cuts between (i, j) and (j, i), which are equally hard, ours keeps both.
  const both = (key: string): Pair[] => {
    const pairs = golden.expected[key] as Pair[];
    const all = new Map([...pairs, ...pairs.map(([i, j]) => [j!, i!])].map((pair) => [pair.join(), pair]));
    return sorted([...all.values()]);
  };
  return { got, wanted: { positive_pairs: both('positive_pairs'), negative_pairs: both('negative_pairs') } };
}

/** `miner/DistanceWeightedMiner` of golden/pml, which draws: the probabilities that it draws by. */
export function pytorchDistanceWeighted(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['cutoff', 'nonzero_loss_cutoff']);
  const { cutoff: nearest = 0.5, nonzero_loss_cutoff: farthest = 1.4 } = golden.options as Record<string, number>;
  const [labels, rows] = [classesOf(golden, 'labels'), matrixOf(golden, 'embeddings')];
  const distances = euclidean({ normalize: true })(rows);
  const probabilities = negativeProbabilities(labels, distances, { dimension: rows.shape[1], nearest, farthest });
  for (const used of [labels, rows, distances]) used.dispose();
  return { got: { negative_probabilities: probabilities } };
}

/** `miner/UniformHistogramMiner` of golden/pml, which draws: how many pairs of each of its bins are kept, none of them twice here. */
export function pytorchUniformHistogram(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['num_bins', 'pos_per_bin', 'neg_per_bin', 'distance']);
  const {
    num_bins: bins,
    pos_per_bin: positivesPerBin,
    neg_per_bin: negativesPerBin,
  } = golden.options as Record<string, number>;
  const { distance } = scaleOf(golden, 'LpDistance');
  const miner = uniformHistogram({ bins: bins!, positivesPerBin: positivesPerBin!, negativesPerBin: negativesPerBin! });
  const kept = run(golden, distance, miner) as Pairs;
  const counts = (side: 'positive' | 'negative', most: number): { got: number[]; wanted: number[] } => {
    const { pairs } = golden.expected[side] as { pairs: Pair[] };
    const chosen = new Set(pairsOf(kept[side]).map((pair) => pair.join()));
    const inBin = (bin: number): Pair[] => pairs.filter((pair) => pair[2] === bin);
    const all = Array.from({ length: bins! }, (_, bin) => inBin(bin));
    return {
      got: all.map((list) => list.filter(([i, j]) => chosen.has(`${i},${j}`)).length),
      wanted: all.map((list) => Math.min(most, list.length)),
    };
  };
  const [positive, negative] = [counts('positive', positivesPerBin!), counts('negative', negativesPerBin!)];
  return {
    got: { positive: positive.got, negative: negative.got },
    wanted: { positive: positive.wanted, negative: negative.wanted },
  };
}

function run(golden: GoldenCase, distance: Distance, miner: Miner<Pairs | Triplets>): Pairs | Triplets {
  const [labels, rows] = [classesOf(golden, 'labels'), matrixOf(golden, 'embeddings')];
  const reference = golden.inputs['ref_embeddings'] ? matrixOf(golden, 'ref_embeddings') : undefined;
  const others = reference && classesOf(golden, 'ref_labels');
  const distances = distance(rows, reference);
  const kept = others ? miner(labels, distances, others) : miner(labels, distances);
  for (const used of [labels, rows, reference, others, distances]) used?.dispose();
  return kept;
}

/** Places of the ones of a mask, which is disposed. */
function pairsOf(mask: Pairs['positive']): Pair[] {
  const width = mask.shape[1];
  const data = numbersOf([...mask.dataSync()]);
  mask.dispose();
  return data.flatMap((x, at) => (x === 1 ? [[Math.floor(at / width), at % width]] : []));
}

function sorted(rows: readonly Pair[]): Pair[] {
  return rows.toSorted((a, b) => a.map((x, k) => x - b[k]!).find((difference) => difference !== 0) ?? 0);
}
