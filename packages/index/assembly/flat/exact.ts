// Scores in float64, from the rows themselves. Smaller is closer; each grows with the distance of its metric.

/** Minus the cosine: the query has length 1. A row shorter than 1e-12 has no direction, and scores 0. */
export const COSINE: u32 = 0;
/** Minus the product. */
const PRODUCT: u32 = 1;
/** The squared difference. */
const SQUARES: u32 = 2;
/** The squared difference less its mean. */
export const VARIANCE: u32 = 3;

// @inline
function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** Score of a row, float32, against a query, float64. */
export function exactScore(kind: u32, row: usize, query: usize, dimension: u32): f64 {
  const stop = row + ((<usize>dimension) << 2);
  const whole = row + ((<usize>(dimension & ~3)) << 2);
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  if (kind < SQUARES) {
    while (row < whole) {
      const x = v128.load(row);
      const low = f64x2.promote_low_f32x4(x);
      const high = f64x2.promote_low_f32x4(v128.shuffle<u64>(x, x, 1, 0));
      a = f64x2.add(a, f64x2.mul(low, v128.load(query)));
      b = f64x2.add(b, f64x2.mul(high, v128.load(query, 16)));
      c = f64x2.add(c, f64x2.mul(low, low));
      d = f64x2.add(d, f64x2.mul(high, high));
      row += 16;
      query += 32;
    }
    let dot = sumOf(f64x2.add(a, b));
    let square = sumOf(f64x2.add(c, d));
    while (row < stop) {
      const x = <f64>load<f32>(row);
      dot += x * load<f64>(query);
      square += x * x;
      row += 4;
      query += 8;
    }
    if (kind == PRODUCT) return -dot;
    const length = sqrt<f64>(square);
    return length > 1e-12 ? -dot / length : 0;
  }
  while (row < whole) {
    const x = v128.load(row);
    const low = f64x2.sub(f64x2.promote_low_f32x4(x), v128.load(query));
    const high = f64x2.sub(f64x2.promote_low_f32x4(v128.shuffle<u64>(x, x, 1, 0)), v128.load(query, 16));
    a = f64x2.add(a, f64x2.mul(low, low));
    b = f64x2.add(b, f64x2.mul(high, high));
    c = f64x2.add(c, low);
    d = f64x2.add(d, high);
    row += 16;
    query += 32;
  }
  let square = sumOf(f64x2.add(a, b));
  let sum = sumOf(f64x2.add(c, d));
  while (row < stop) {
    const difference = <f64>load<f32>(row) - load<f64>(query);
    square += difference * difference;
    sum += difference;
    row += 4;
    query += 8;
  }
  return kind == SQUARES ? square : square - (sum * sum) / <f64>dimension;
}
