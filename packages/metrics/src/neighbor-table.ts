import { checkInteger, SimileError } from '@simile/core/errors';

/** A class: a number or a text. */
export type ClassLabel = number | string;

/**
 * Neighbours of `n` queries, closest first, `k` places a query. A place whose distance is not finite is padding: a short
 * list. A label of null is a neighbour without one. Neither ever counts as right.
 */
export interface NeighborTable<L extends ClassLabel = ClassLabel> {
  /** `[n × k]`, row-major. */
  readonly neighborLabels: ArrayLike<L | null>;
  /** `[n × k]`, row-major; smaller is closer. */
  readonly neighborDistances: ArrayLike<number>;
  /** Places a query. */
  readonly k: number;
}

/**
 * Queries in a table, which must be whole.
 *
 * @throws `ERR_OPTION` for a `k` below 1; `ERR_SHAPE` when the lists do not agree
 */
export function rowsOf(where: string, { neighborLabels, neighborDistances, k }: NeighborTable): number {
  checkInteger(where, { k }, 1);
  if (neighborLabels.length !== neighborDistances.length) {
    throw shapeError(
      where,
      `neighborDistances must have ${neighborLabels.length} values, one a neighbour`,
      neighborDistances.length,
    );
  }
  if (neighborLabels.length % k !== 0) {
    throw shapeError(where, `neighborLabels must have ${k} values a query`, neighborLabels.length);
  }
  return neighborLabels.length / k;
}

/** An `ERR_SHAPE` about the lists of a metric. */
export function shapeError(where: string, rule: string, got: unknown): SimileError {
  const remedy = 'Give every list in the order of the queries, row after row.';
  return new SimileError({ where, rule, got, remedy, code: 'ERR_SHAPE' });
}
