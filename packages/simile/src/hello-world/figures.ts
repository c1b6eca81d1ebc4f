import { takeItems, type LabelledItems } from '@simile/core/items';
import type { IndexMeasurement, Match } from '@simile/index';
import { retrieval, type Calibration } from '@simile/metrics';
import type { SimilarityModel } from '@simile/models';
import { digitOrder, first, rowsOf, trainedDigits, unseenDigits } from './classes.ts';

/** The figures of the MNIST hello world, by the definitions of TensorFlow Similarity's, so that both compare. */
export interface Figures {
  /** At the optimal cut-point, on the first 1,000 training images: 0 to 1. */
  readonly f1: number;
  /** Right and near enough, of all 1,000 queries. */
  readonly binaryAccuracy: number;
  readonly precision: number;
  readonly recall: number;
  /** The optimal cut-point, a cosine distance. */
  readonly distance: number;
  /** Of the first ten test images, matched at the cut-point. */
  readonly firstTenRight: number;
  /** All 10,000 test images, nearest label, without a threshold; then those of the trained and of the unseen digits. */
  readonly testAccuracy: number;
  readonly testAccuracySeen: number;
  readonly testAccuracyUnseen: number;
  /** All 10,000 test images at the cut-point. */
  readonly testF1: number;
  readonly testBinaryAccuracy: number;
  /** Test images of the unseen digits, each against the others of them. */
  readonly unseenRecallAt1: number;
  readonly unseenMapAtR: number;
  /** The same queries against all other test images. */
  readonly unseenAgainstAllRecallAt1: number;
  readonly unseenAgainstAllMapAtR: number;
}

/** Figures, and what the report draws beside them. */
export interface Evaluation {
  readonly figures: Figures;
  readonly calibration: Calibration;
  /** How well and how fast the index searches, by test images. */
  readonly search: IndexMeasurement;
  /** Matches of the first ten test images. */
  readonly firstTen: readonly Match[];
  /** Label of every test image, and the digit it was matched to at the cut-point, or null for unknown. */
  readonly test: { readonly labels: Int32Array; readonly matched: readonly (number | null)[] };
}

/** Calibrates a model whose index is filled, then matches and retrieves: every figure of the hello world. */
export async function evaluate(
  model: SimilarityModel,
  train: LabelledItems<Uint8Array>,
  test: LabelledItems<Uint8Array>,
): Promise<Evaluation> {
  const queries = first(train, 1000);
  const calibration = await model.calibrate(queries.x, queries.labels, {
    metric: 'f1',
    k: 1,
    extraMetrics: ['precision', 'recall', 'binary-accuracy'],
  });
  const { optimal } = calibration.cutpoints;

  const { data: vectors, shape } = await model.predict(test.x);
  const dimension = shape[1]!;
  const matches = await model.vectorIndex.match(vectors, { cutpoint: 'optimal' });
  const nearest = matches.map(({ neighbors }) => Number(neighbors[0]!.label));
  const share = (digits: readonly number[]): number => {
    const rows = rowsOf(test.labels, digits);
    return rows.filter((row) => nearest[row] === test.labels[row]).length / rows.length;
  };
  const counts = { tp: 0, fp: 0, fn: 0 };
  matches.forEach(({ known }, row) => {
    const right = nearest[row] === test.labels[row];
    if (known) counts[right ? 'tp' : 'fp']++;
    else if (right) counts.fn++;
  });

  const self = rowsOf(test.labels, unseenDigits);
  const unseen = {
    queries: takeItems({ data: vectors, shape }, self).data,
    labels: Int32Array.from(self, (row) => test.labels[row]!),
    dimension,
  };
  const among = retrieval(unseen);
  const amongAll = retrieval({ ...unseen, gallery: vectors, galleryLabels: test.labels, self });
  const firstTen = matches.slice(0, 10);
  const search = await model.vectorIndex.measure({ queries: vectors.subarray(0, 1000 * dimension) });
  return {
    figures: {
      f1: optimal.metrics.f1!,
      binaryAccuracy: optimal.metrics['binary-accuracy']!,
      precision: optimal.metrics.precision!,
      recall: optimal.metrics.recall!,
      distance: optimal.distance,
      firstTenRight: firstTen.filter(({ label }, row) => label === test.labels[row]).length,
      testAccuracy: share(digitOrder),
      testAccuracySeen: share(trainedDigits),
      testAccuracyUnseen: share(unseenDigits),
      testF1: (2 * counts.tp) / (2 * counts.tp + counts.fp + counts.fn),
      testBinaryAccuracy: counts.tp / matches.length,
      unseenRecallAt1: among.recallAtK[1]!,
      unseenMapAtR: among.mapAtR,
      unseenAgainstAllRecallAt1: amongAll.recallAtK[1]!,
      unseenAgainstAllMapAtR: amongAll.mapAtR,
    },
    calibration,
    search,
    firstTen,
    test: { labels: test.labels, matched: matches.map(({ label }) => (label === null ? null : Number(label))) },
  };
}
