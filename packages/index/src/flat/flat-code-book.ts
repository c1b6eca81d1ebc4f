import { comparable } from './code-scoring.ts';

/** What rows are coded with. */
export interface FlatCodeBook {
  /** Taken from each row before it is coded: `[dimension]`. */
  readonly mean: Float64Array;
  /** Numbers of all dimensions, those that have codes first. */
  readonly order: Uint32Array;
  /** Dimensions that have codes. */
  readonly coded: number;
}

/** Share of what codes leave out anyway that dimensions without codes may add to it. */
const MORE_LEFT_OUT = 0.25;
/** Dimensions that have codes in any case. */
const LEAST_CODED = 4;

/**
 * Learns from some rows. Dimensions that hardly vary (the border of an image, a unit that is never active) get no codes, as long as
 * that leaves out little beside what rounding to codes leaves out; rows that do vary in them are still right, as all that is left
 * out is counted.
 *
 * @param kind As in `KINDS`
 */
export function learnCodeBook(kind: number, dimension: number, rows: readonly Float32Array[]): FlatCodeBook {
  const mean = new Float64Array(dimension);
  const values = rows.map((row) => comparable(kind, row));
  for (const row of values) for (let j = 0; j < dimension; j++) mean[j]! += row[j]! / rows.length;
  const variance = new Float64Array(dimension);
  let rounding = 0; // mean square of what rounding to steps leaves out: evenly spread within a step
  for (const row of values) {
    let largest = 0;
    for (let j = 0; j < dimension; j++) {
      const difference = row[j]! - mean[j]!;
      variance[j]! += difference ** 2 / rows.length;
      largest = Math.max(largest, Math.abs(difference));
    }
    rounding += (((largest / 127) ** 2 / 12) * dimension) / rows.length;
  }
  const order = Uint32Array.from(variance.keys());
  const byVariance = order.toSorted((a, b) => variance[b]! - variance[a]!);
  let coded = dimension;
  let left = 0;
  while (coded > Math.min(LEAST_CODED, dimension)) {
    left += variance[byVariance[coded - 1]!]!;
    if (!(left <= rounding * MORE_LEFT_OUT)) break;
    coded--;
  }
  // Those with codes as they come, which keeps what lies together together.
  const kept = byVariance.subarray(0, coded).toSorted();
  order.set(kept);
  order.set(byVariance.subarray(coded), coded);
  return { mean, order, coded };
}
