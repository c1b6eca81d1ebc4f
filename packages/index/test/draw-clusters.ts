/** Numbers of (0, 1) from a seed. */
function uniform(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9) | 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
}

/**
 * Rows `[count × dimension]` around 200 centres, each row about half as far from its centre as centres are from each other: as hard
 * as embeddings are.
 *
 * @param clusters Seed of the centres; `seed`: of the rows
 */
export function drawClusters(count: number, dimension: number, clusters: number, seed = 1): Float32Array {
  const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  const first = uniform(clusters);
  const centres = Float32Array.from({ length: 200 * dimension }, () => normal(first));
  const next = uniform(seed * 1000 + clusters);
  const rows = new Float32Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const centre = Math.floor(next() * 200) * dimension;
    for (let j = 0; j < dimension; j++) rows[i * dimension + j] = centres[centre + j]! + 0.5 * normal(next);
  }
  return rows;
}
