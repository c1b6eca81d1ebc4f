import { createRegistry, meanOfAll, meanOfPositive, meanOfValid, sumOfValid, type Reducer } from '@simile/core';
import { distancesPlugin } from '@simile/distances';
import type { GoldenLoss, LossOracleInput } from '@simile/testing';

type Vector = readonly number[];

const dot = (a: Vector, b: Vector): number => a.reduce((total, x, k) => total + x * b[k]!, 0);

function variance(x: Vector): number {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  return x.reduce((total, each) => total + (each - mean) ** 2, 0) / x.length;
}

/** Distances in float64 by loops. */
export const distances: Readonly<Record<string, (a: Vector, b: Vector) => number>> = {
  cosine: (a, b) => 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)),
  euclidean: (a, b) => Math.hypot(...a.map((x, k) => x - b[k]!)),
  'squared-euclidean': (a, b) => a.reduce((total, x, k) => total + (x - b[k]!) ** 2, 0),
  'inner-product': (a, b) => -dot(a, b),
  snr: (a, b) => variance(a.map((x, k) => x - b[k]!)) / Math.max(variance(a), 1e-12),
};

/** A pair in an oracle: its column and its distance. */
export interface Partner {
  readonly j: number;
  readonly d: number;
}

/** Positives and negatives of each row of an oracle's input. */
export function partners(
  { rows, columns, same }: LossOracleInput,
  distance: string,
): { positives: Partner[]; negatives: Partner[] }[] {
  return rows.map((row, i) => {
    const all = columns.map((column, j) => ({ j, d: distances[distance]!(row, column) }));
    return {
      positives: all.filter(({ j }) => same(i, j) === true),
      negatives: all.filter(({ j }) => same(i, j) === false),
    };
  });
}

/** Mean, 0 of nothing. */
export const meanOf = (costs: readonly number[]): number =>
  costs.reduce((a, b) => a + b, 0) / Math.max(costs.length, 1);

/** `log Σ e^x`, −∞ of nothing. */
export function logSumExp(x: readonly number[]): number {
  const top = Math.max(...x);
  return x.length === 0 ? -Infinity : top + Math.log(x.reduce((total, each) => total + Math.exp(each - top), 0));
}

const registry = createRegistry([distancesPlugin]);
const reducers: Readonly<Record<string, Reducer>> = { meanOfAll, meanOfPositive, meanOfValid, sumOfValid };

interface Recorded extends Omit<GoldenLoss<never>, 'options'> {
  readonly options: Readonly<Record<string, unknown>>;
}

/** Recorded cases with the distance and the reducer that their options name. */
export function goldenOf<Options>(cases: readonly unknown[]): GoldenLoss<Options>[] {
  return (cases as readonly Recorded[]).map(({ options: { distance, reduce, ...others }, ...sample }) => ({
    ...sample,
    options: {
      ...others,
      ...(distance !== undefined && { distance: registry.distance(distance as string) }),
      ...(reduce !== undefined && { reduce: reducers[reduce as string] }),
    } as Options,
  }));
}
