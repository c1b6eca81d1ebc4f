import {
  classWeighted,
  perAnchor,
  sumOfValid,
  unreduced,
  type CostSource,
  type Loss,
  type Miner,
  type Triplets,
} from '@simile/core';
import { euclidean } from '@simile/distances';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { setBackend, tensor1d, tensor2d, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { lossesPlugin, margin, multipleNegativesRanking, tripletMargin } from './index.ts';

beforeAll(() => setBackend('cpu'));

const labels = (): Tensor1D => tensor1d([0, 1, 0, 1, 2], 'int32');
const rows = (): Tensor2D =>
  tensor2d([
    [1, 0.1],
    [0.2, 1],
    [0.9, 0.4],
    [-0.3, 0.8],
    [-1, -0.2],
  ]);
const number = (loss: Loss): number => loss(labels(), rows()).dataSync()[0]!;

/** Factories of this package that take a reducer, by id. */
const reducible = Object.entries(lossesPlugin.losses!).flatMap(([id, factory]) => {
  const own = id === 'soft-triple' ? { tau: 0 } : {}; // its distances between centers are of no row
  const make = (options: object): Loss =>
    (factory as (options: object) => Loss)({ classes: 3, dimension: 2, ...own, ...options });
  const without = (options: object): Loss => (factory as (options: object) => Loss)(options);
  for (const each of [make, without]) {
    try {
      each({ reduce: sumOfValid });
      return [[id, each] as const];
    } catch {
      // Another kind of loss, or one that reduces in its own way.
    }
  }
  return [];
});

describe('every loss with a reducer', () => {
  test('is found here', () => {
    expect(reducible.length).toBeGreaterThan(20);
    expect(reducible.map(([id]) => id)).toEqual(
      expect.arrayContaining(['arc-face', 'contrastive', 'margin', 'triplet-margin']),
    );
  });

  test.each(reducible)('%s says whose its costs are', (_, make) => {
    let seen: { size: number; source: CostSource | undefined } | undefined;
    number(
      make({
        reduce: (costs: Tensor1D, valid: Tensor1D, source?: CostSource) => {
          seen = { size: costs.size, source };
          return sumOfValid(costs, valid);
        },
      }),
    );
    const { size, source } = seen!;
    expect(source?.rows).toBe(5);
    expect(source?.anchors ? source.anchors.length : size % 5).toBe(source?.anchors ? size : 0);
    expect(number(make({ reduce: perAnchor() }))).toBeTypeOf('number');
  });

  test.each(reducible)('%s weighs by class', (_, make) => {
    // The sum is linear in the weights: what each class adds makes up the whole.
    const of = (...weights: number[]): number =>
      number(make({ reduce: classWeighted({ weights, reduce: sumOfValid }) }));
    const parts = of(1, 0, 0) + of(0, 1, 0) + of(0, 0, 1);
    const whole = number(make({ reduce: sumOfValid }));
    expect(of(1, 1, 1)).toBeCloseTo(whole, 4);
    expect(parts).toBeCloseTo(whole, 3);
  });
});

describe('reducers of a loss', () => {
  // Points 0, 2 and 3 on a line, the first two of one class. (0, 1, 2): 2 − 3 + 2 = 1; (1, 0, 2): 2 − 1 + 2 = 3.
  const line = (): [Tensor1D, Tensor2D] => [tensor1d([0, 0, 1], 'int32'), tensor2d([[0], [2], [3]])];
  const valueOf = (loss: Loss): number => loss(...line()).dataSync()[0]!;
  const twice: Miner<Triplets> = () => ({
    kind: 'triplets',
    anchors: Int32Array.of(1, 1, 0),
    positives: Int32Array.of(0, 0, 1),
    negatives: Int32Array.of(2, 2, 2),
  });

  test('by anchor: an anchor met twice counts once', () => {
    const loss = (miner?: Miner<Triplets>): number =>
      valueOf(
        tripletMargin({
          margin: 2,
          distance: euclidean(),
          positives: 'all',
          negatives: 'all',
          reduce: perAnchor(),
          ...(miner && { miner }),
        }),
      );
    expect(loss()).toBeCloseTo(2, 5);
    expect(loss(twice)).toBeCloseTo(2, 5);
    expect(valueOf(tripletMargin({ margin: 2, distance: euclidean(), miner: twice }))).toBeCloseTo(7 / 3, 5);
  });

  test('one by one, of triplets', () => {
    const costs = unreduced((reduce) => tripletMargin({ margin: 2, distance: euclidean(), miner: twice, reduce }));
    expect([...costs(...line()).dataSync()]).toEqual([3, 3, 1]);
  });

  test('of a margin loss, by pair and by triplet', () => {
    // Positives at 2: 2 − 1.2 + 0.2 = 1, for anchors 0 and 1. The negative at 1 of anchors 1 and 2: 1.2 − 1 + 0.2 = 0.4; that at 3: 0.
    // Anchor 0: (1 + 0)/2; anchor 1: (1 + 0.4)/2; anchor 2: (0.4 + 0)/2.
    expect(valueOf(margin({ reduce: perAnchor(sumOfValid) }))).toBeCloseTo(0.5 + 0.7 + 0.2, 5);
    // Of the triplets: anchor 1 twice with 1 and 0.4, anchor 0 with 1 and 0.
    expect(valueOf(margin({ miner: twice, reduce: perAnchor(sumOfValid) }))).toBeCloseTo(0.7 + 0.5, 5);
    const none: Miner<Triplets> = () => ({
      ...twice(...line()),
      anchors: new Int32Array(),
      positives: new Int32Array(),
      negatives: new Int32Array(),
    });
    expect(valueOf(margin({ miner: none, reduce: perAnchor() }))).toBe(0);
    expect(valueOf(tripletMargin({ distance: euclidean(), miner: none, reduce: perAnchor() }))).toBe(0);
  });

  test('of both ways of a ranking, by the rows of each side', () => {
    // Rows 0 and 1 of one class against three columns, of which the last is of another: costs of both ways are those of rows and of columns.
    const ids = tensor1d([0, 1], 'int32');
    const others = {
      labels: tensor1d([0, 1, 1], 'int32'),
      embeddings: tensor2d([
        [1, 0],
        [0, 1],
        [0, 2],
      ]),
    };
    const loss = multipleNegativesRanking({
      scale: 1,
      symmetric: true,
      reduce: classWeighted({ weights: [1, 0], reduce: sumOfValid }),
    });
    const got = loss(
      ids,
      tensor2d([
        [1, 0],
        [0, 1],
      ]),
      others,
    ).dataSync()[0]!;
    // Row 0: similarity 1 to its own, 0 to the two others: log(1 + 2/e). Column 0: log(1 + 1/e).
    expect(got).toBeCloseTo((Math.log(1 + 2 / Math.E) + Math.log(1 + 1 / Math.E)) / 2, 5);
  });
});
