import { createRandom } from '@simile/core/random';

/** Rows `[count × dimension]` around 64 centres that are the same for every seed, as rows of a model are. */
export function clusteredRows(count: number, dimension: number, seed: number): Float32Array {
  const ofCentres = createRandom(99);
  const centres = Float32Array.from({ length: 64 * dimension }, () => ofCentres.normal());
  const random = createRandom(seed);
  const rows = new Float32Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const centre = Math.floor(random.uniform() * 64) * dimension;
    for (let j = 0; j < dimension; j++) rows[i * dimension + j] = centres[centre + j]! + 0.7 * random.normal();
  }
  return rows;
}
