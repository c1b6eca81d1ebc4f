/** For each of `size` positions: four places of a row of `grid` numbers, and their weights. */
export interface CubicTaps {
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Cubic convolution of Keys with a = −1/2, from `grid` numbers to `size`, with centres half a step inside (position i of
 * `size` lies at (i + ½)·grid/size − ½ of `grid`) and the outermost numbers repeated beyond the edge.
 *
 * @see Keys, “Cubic convolution interpolation for digital image processing”, IEEE TASSP 29, 1981, eq. 15.
 */
export function cubicTaps(grid: number, size: number): CubicTaps {
  const places = new Int32Array(size * 4);
  const weights = new Float64Array(size * 4);
  for (let i = 0; i < size; i++) {
    const at = ((i + 0.5) * grid) / size - 0.5;
    const left = Math.floor(at);
    for (let tap = 0; tap < 4; tap++) {
      const place = left - 1 + tap;
      places[i * 4 + tap] = Math.min(Math.max(place, 0), grid - 1);
      weights[i * 4 + tap] = keys(Math.abs(at - place));
    }
  }
  return { places, weights };
}

function keys(s: number): number {
  if (s < 1) return 1.5 * s ** 3 - 2.5 * s ** 2 + 1;
  return s < 2 ? -0.5 * s ** 3 + 2.5 * s ** 2 - 4 * s + 2 : 0;
}

/** Spreads a `grid × grid` field over `field` (`height × width`), first along the columns, then along the rows. */
export function spreadCubic(values: Float64Array, down: CubicTaps, across: CubicTaps, field: Float64Array): void {
  const grid = Math.sqrt(values.length);
  const width = across.places.length / 4;
  const wide = new Float64Array(grid * width);
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let tap = column * 4; tap < column * 4 + 4; tap++) {
        sum += across.weights[tap]! * values[row * grid + across.places[tap]!]!;
      }
      wide[row * width + column] = sum;
    }
  }
  for (let row = 0; row * width < field.length; row++) {
    const [w0, w1, w2, w3] = down.weights.subarray(row * 4, row * 4 + 4) as unknown as [number, number, number, number];
    const [p0, p1, p2, p3] = down.places.subarray(row * 4, row * 4 + 4) as unknown as [number, number, number, number];
    for (let column = 0; column < width; column++) {
      field[row * width + column] =
        w0 * wide[p0 * width + column]! +
        w1 * wide[p1 * width + column]! +
        w2 * wide[p2 * width + column]! +
        w3 * wide[p3 * width + column]!;
    }
  }
}
