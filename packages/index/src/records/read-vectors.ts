import { SimileError } from '@simile/core/errors';
import type { Vectors } from '../contract.ts';

/** Rows that may be indexed or looked up: finite, of one dimension. */
export interface Rows {
  /** `[count × dimension]` */
  readonly data: Float32Array;
  readonly count: number;
  readonly dimension: number;
}

/**
 * Checks vectors and gives them as rows, without a copy where they are float32 already.
 *
 * @param dimension Of the index; undefined while it has none
 * @throws `ERR_SHAPE` for another dimension, or where none is known; `ERR_NAN`, with the row, for values that are not finite
 */
export function readVectors(where: string, vectors: Vectors, dimension: number | undefined): Rows {
  const given = ArrayBuffer.isView(vectors) ? { data: vectors, shape: undefined } : vectors;
  const { data, shape } = given;
  if (!(data instanceof Float32Array || data instanceof Uint8Array || data instanceof Int32Array)) {
    throw shapeError(where, 'vectors must be a Float32Array or items { data, shape }', vectors);
  }
  let width = dimension;
  if (shape) {
    const [count = -1, own = -1] = shape;
    if (shape.length !== 2 || !Number.isSafeInteger(own) || own < 1 || data.length !== count * own) {
      const rule = `vectors of ${data.length} values must have shape [count, dimension]`;
      throw shapeError(where, rule, shape);
    }
    width ??= own;
    checkDimension(where, own, width);
  }
  if (width === undefined) {
    const rule = 'a plain Float32Array needs a dimension, and the index has none yet';
    throw shapeError(
      where,
      rule,
      undefined,
      'Pass items { data, shape: [count, dimension] }, or createIndex({ dimension }).',
    );
  }
  if (data.length % width !== 0) {
    throw shapeError(where, `vectors must have a multiple of ${width} values, the dimension of the index`, data.length);
  }
  const rows = data instanceof Float32Array ? data : Float32Array.from(data);
  for (let at = 0; at < rows.length; at++) {
    if (!Number.isFinite(rows[at])) throw notFinite(where, Math.floor(at / width), rows[at]!);
  }
  return { data: rows, count: rows.length / width, dimension: width };
}

/** @throws `ERR_SHAPE` for another dimension than that of the index */
export function checkDimension(where: string, got: number, dimension: number | undefined): void {
  if (dimension === undefined || got === dimension) return;
  throw shapeError(where, `vectors must have ${dimension} values, the dimension of the index`, got);
}

function shapeError(where: string, rule: string, got: unknown, remedy?: string): SimileError {
  const advice = remedy ?? 'Use vectors of the model that the index was made with.';
  return new SimileError({ where, rule, got, remedy: advice, code: 'ERR_SHAPE' });
}

function notFinite(where: string, row: number, got: number): SimileError {
  return new SimileError({
    where,
    rule: `row ${row} of the vectors must be finite`,
    got,
    remedy: 'Look at what made that row: a loss that overflowed, or a broken input.',
    code: 'ERR_NAN',
  });
}
