/** A column of a row, or −1 where none is allowed. */
export type Column = number;

/** Nearest (`sign` 1) or farthest (−1) column of row `i` among those that `allowed` lets in; the first of equals, or −1. */
export function extremeOfRow(
  distances: Float32Array,
  m: number,
  i: number,
  sign: 1 | -1,
  allowed: (at: number, distance: number) => boolean,
): Column {
  let best: Column = -1;
  let least = Infinity;
  for (let j = 0, at = i * m; j < m; j++, at++) {
    const distance = distances[at]!;
    if (!allowed(at, distance) || (best >= 0 && sign * distance >= least)) continue;
    best = j;
    least = sign * distance;
  }
  return best;
}
