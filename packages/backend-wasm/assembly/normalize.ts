/** Rows whose square is not above `least` have no direction: they become zeros. */
export function normalizeRows(rows: i32, depth: i32, x: usize, out: usize, least: f32): void {
  const rowBytes = (<usize>depth) << 2;
  for (let row = 0; row < rows; row++) {
    const squared = dot(depth, x, x);
    if (squared > <f64>least || squared != squared) scale(depth, x, 0, x, sqrt<f64>(squared), out);
    else memory.fill(out, 0, rowBytes);
    x += rowBytes;
    out += rowBytes;
  }
}

/** `dx = (dy − u (u · dy)) / ‖x‖` with u = x / ‖x‖, 0 for a row without direction. */
export function normalizeRowsGradient(rows: i32, depth: i32, dy: usize, x: usize, out: usize, least: f32): void {
  const rowBytes = (<usize>depth) << 2;
  for (let row = 0; row < rows; row++) {
    const squared = dot(depth, x, x);
    if (squared > <f64>least || squared != squared)
      scale(depth, dy, dot(depth, x, dy) / squared, x, sqrt<f64>(squared), out);
    else memory.fill(out, 0, rowBytes);
    dy += rowBytes;
    x += rowBytes;
    out += rowBytes;
  }
}

/** `out = (a − share · b) / divisor`, in double precision: what pulls along the row cancels here. */
// @inline
function scale(depth: i32, a: usize, share: f64, b: usize, divisor: f64, out: usize): void {
  for (let k = depth; k > 0; k--) {
    store<f32>(out, <f32>((<f64>load<f32>(a) - share * <f64>load<f32>(b)) / divisor));
    a += 4;
    b += 4;
    out += 4;
  }
}

/** `Σ a b` in double precision: what rows of length 1 lose here, every distance between them loses. */
// @inline
function dot(depth: i32, a: usize, b: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let k = depth;
  for (; k >= 4; k -= 4) {
    const x = v128.load(a);
    const y = v128.load(b);
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y)));
    const xHigh = v128.shuffle<f64>(x, x, 1, 0);
    const yHigh = v128.shuffle<f64>(y, y, 1, 0);
    high = f64x2.add(high, f64x2.mul(f64x2.promote_low_f32x4(xHigh), f64x2.promote_low_f32x4(yHigh)));
    a += 16;
    b += 16;
  }
  low = f64x2.add(low, high);
  let total = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
  for (; k > 0; k--) {
    total += <f64>load<f32>(a) * <f64>load<f32>(b);
    a += 4;
    b += 4;
  }
  return total;
}
