/** One figure over three seeds. */
export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
}

/** What another library reached with the same data, index, queries and formulas. */
export interface ReferenceFigures {
  readonly f1: Spread;
  readonly binaryAccuracy: Spread;
  readonly precision: Spread;
  readonly recall: Spread;
  readonly distance: Spread;
  readonly firstTenRight: Spread;
  readonly testAccuracy: Spread;
  readonly testAccuracySeen: Spread;
  readonly testAccuracyUnseen: Spread;
  readonly testF1: Spread;
  readonly testBinaryAccuracy: Spread;
  readonly unseenRecallAt1: Spread;
  readonly unseenMapAtR: Spread;
  readonly unseenAgainstAllRecallAt1: Spread;
  readonly unseenAgainstAllMapAtR: Spread;
}

const spread = (mean: number, least: number, greatest: number): Spread => ({ mean, least, greatest });

/**
 * TensorFlow Similarity 0.18.0.dev12 (commit dc506d6, TensorFlow 2.12.1, CPU) on its own MNIST hello world, seeds 1, 2
 * and 3: its model, multi-similarity loss, Adam 1e-3, batches of 60. Recorded for this project.
 */
export const tensorFlowSimilarity: Readonly<Record<300 | 1000, ReferenceFigures>> = {
  300: {
    f1: spread(0.9419, 0.937261, 0.948432),
    binaryAccuracy: spread(0.876, 0.859, 0.892),
    precision: spread(0.8954, 0.889452, 0.902834),
    recall: spread(0.9935, 0.985092, 0.99888),
    distance: spread(0.2944, 0.267772, 0.322897),
    firstTenRight: spread(6.6667, 5, 8),
    testAccuracy: spread(0.867, 0.8462, 0.8805),
    testAccuracySeen: spread(0.9734, 0.972618, 0.974076),
    testAccuracyUnseen: spread(0.6954, 0.640805, 0.729624),
    testF1: spread(0.93, 0.918883, 0.937363),
    testBinaryAccuracy: spread(0.8601, 0.8309, 0.8792),
    unseenRecallAt1: spread(0.9789, 0.977795, 0.980146),
    unseenMapAtR: spread(0.6306, 0.596729, 0.651618),
    unseenAgainstAllRecallAt1: spread(0.9483, 0.942529, 0.957158),
    unseenAgainstAllMapAtR: spread(0.405, 0.352513, 0.444563),
  },
  1000: {
    f1: spread(0.9553, 0.94748, 0.960998),
    binaryAccuracy: spread(0.905, 0.893, 0.924),
    precision: spread(0.9182, 0.90568, 0.924925),
    recall: spread(0.9956, 0.993326, 1),
    distance: spread(0.2852, 0.260693, 0.327576),
    firstTenRight: spread(7.3333, 7, 8),
    testAccuracy: spread(0.8811, 0.8626, 0.8975),
    testAccuracySeen: spread(0.9718, 0.964517, 0.975697),
    testAccuracyUnseen: spread(0.7349, 0.698276, 0.772466),
    testF1: spread(0.9365, 0.923402, 0.94618),
    testBinaryAccuracy: spread(0.8726, 0.8517, 0.8966),
    unseenRecallAt1: spread(0.9821, 0.978056, 0.9872),
    unseenMapAtR: spread(0.6346, 0.604605, 0.676127),
    unseenAgainstAllRecallAt1: spread(0.9552, 0.944096, 0.962905),
    unseenAgainstAllMapAtR: spread(0.441, 0.387243, 0.484996),
  },
};

/** What the notebook of TensorFlow Similarity prints after 10,000 steps at Adam 5e-6. */
export const publishedFigures = { steps: 10_000, f1: 0.966, binaryAccuracy: 0.927, firstTenRight: 9 } as const;
