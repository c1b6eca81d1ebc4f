import { multiplyAdd } from './multiply-add';

/** Rows whose square is not above `least` have no direction: they become zeros. */
export function normalizeRows(rows: i32, depth: i32, x: usize, out: usize, least: f32): void {
  const rowBytes = (<usize>depth) << 2;
  for (let row = 0; row < rows; row++) {
    const squared = dot(depth, x, x);
    if (squared > least || squared != squared) scale(depth, x, 0, x, <f32>sqrt<f32>(squared), out);
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
    if (squared > least || squared != squared)
      scale(depth, dy, dot(depth, x, dy) / squared, x, <f32>sqrt<f32>(squared), out);
    else memory.fill(out, 0, rowBytes);
    dy += rowBytes;
    x += rowBytes;
    out += rowBytes;
  }
}

/** `out = (a − share · b) / divisor` */
// @inline
function scale(depth: i32, a: usize, share: f32, b: usize, divisor: f32, out: usize): void {
  const shares = f32x4.splat(share);
  const divisors = f32x4.splat(divisor);
  let k = depth;
  for (; k >= 4; k -= 4) {
    const rest = share == 0 ? v128.load(a) : f32x4.sub(v128.load(a), f32x4.mul(shares, v128.load(b)));
    v128.store(out, f32x4.div(rest, divisors));
    a += 16;
    b += 16;
    out += 16;
  }
  for (; k > 0; k--) {
    store<f32>(out, (share == 0 ? load<f32>(a) : load<f32>(a) - share * load<f32>(b)) / divisor);
    a += 4;
    b += 4;
    out += 4;
  }
}

/** `Σ a b`, in eight lanes. */
// @inline
function dot(depth: i32, a: usize, b: usize): f32 {
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  let k = depth;
  for (; k >= 8; k -= 8) {
    even = multiplyAdd(v128.load(a), v128.load(b), even);
    odd = multiplyAdd(v128.load(a, 16), v128.load(b, 16), odd);
    a += 32;
    b += 32;
  }
  even = f32x4.add(even, odd);
  let total =
    f32x4.extract_lane(even, 0) +
    f32x4.extract_lane(even, 1) +
    (f32x4.extract_lane(even, 2) + f32x4.extract_lane(even, 3));
  for (; k > 0; k--) {
    total += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return total;
}
