import { SimileError } from '@simile/core/errors';
import type { Items } from '@simile/core/items';

/** Every value must be finite, since a distance to NaN is none. @throws `ERR_NAN` with the first bad row */
export function checkVectors(where: string, vectors: Items<Float32Array>): Items<Float32Array> {
  const bad = vectors.data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return vectors;
  throw new SimileError({
    where,
    rule: `the embedding of row ${Math.floor(bad / vectors.shape[1]!)} must have finite numbers only`,
    got: vectors.data[bad],
    remedy: 'Check that item for NaN, then the weights of the model.',
    code: 'ERR_NAN',
  });
}

/** At least one item. @throws `ERR_DATA` */
export function checkSome(where: string, count: number): void {
  if (count > 0) return;
  throw new SimileError({
    where,
    rule: 'x must have at least one item',
    remedy: 'Leave the call out where there is nothing to do.',
    code: 'ERR_DATA',
  });
}
