// Codes of rows, and what is known of how wrong they are. All in float64.
import { COSINE, VARIANCE } from './exact';

/** What rows are coded with, filled in by the host: addresses in bytes, in this order. */
// @unmanaged
export class Coding {
  /** Length of the longest row, and of the longest row less its mean with what its codes leave out; grow only. */
  longest: f64;
  reach: f64;
  /** Rows, float32, one after the other, at their slots. */
  rows: usize;
  codes: usize;
  groupBytes: u32;
  bias: usize;
  scale: usize;
  error: usize;
  /** Taken from each row before it is coded, float64. */
  mean: usize;
  /** Room for two rows of float64. */
  spill: usize;
  dimension: u32;
  /** How rows are compared, see `exactScore`. */
  kind: u32;
  /** Numbers of all dimensions, the `coded` first; 0 for all of them, as they come. */
  order: usize;
  /** Dimensions that have codes. */
  coded: u32;
}

/** Codes the rows at the listed slots. */
export function encodeRows(at: Coding, slots: usize, count: u32): void {
  for (const end = slots + ((<usize>count) << 2); slots < end; slots += 4) encodeRow(at, load<u32>(slots));
}

function encodeRow(at: Coding, slot: u32): void {
  const dimension = at.dimension;
  const row = at.rows + ((<usize>slot * dimension) << 2);
  const length = lengthOf(row, dimension);
  const factor: f64 = at.kind != COSINE ? 1 : length > 1e-12 ? 1 / length : 0;
  const offset: f64 = at.kind == VARIANCE ? meanOf(row, dimension) : 0;
  const spill = at.spill;
  let largest: f64 = 0;
  let square: f64 = 0;
  let largest2 = f64x2.splat(0);
  let square2 = f64x2.splat(0);
  const pairs: usize = dimension & ~1;
  for (let j: usize = 0; j < pairs; j += 2) {
    let x = f64x2.promote_low_f32x4(v128.load64_zero(row + (j << 2)));
    x = f64x2.mul(f64x2.sub(x, f64x2.splat(offset)), f64x2.splat(factor));
    x = f64x2.sub(x, v128.load(at.mean + (j << 3)));
    v128.store(spill + (j << 3), x);
    largest2 = f64x2.pmax(largest2, f64x2.abs(x));
    square2 = f64x2.add(square2, f64x2.mul(x, x));
  }
  largest = max<f64>(f64x2.extract_lane(largest2, 0), f64x2.extract_lane(largest2, 1));
  square = f64x2.extract_lane(square2, 0) + f64x2.extract_lane(square2, 1);
  if (pairs < dimension) {
    const x = (<f64>load<f32>(row + (pairs << 2)) - offset) * factor - load<f64>(at.mean + (pairs << 3));
    store<f64>(spill + (pairs << 3), x);
    store<f64>(spill + (pairs << 3), 0, 8);
    largest = max<f64>(largest, abs<f64>(x));
    square += x * x;
  }
  let values = spill;
  let left: f64 = 0;
  if (at.order != 0) {
    values = spill + ((<usize>dimension + 1) << 3);
    largest = 0;
    for (let j: usize = 0; j < <usize>dimension; j++) {
      const x = load<f64>(spill + ((<usize>load<u32>(at.order + (j << 2))) << 3));
      if (j < <usize>at.coded) largest = max<f64>(largest, abs<f64>(x));
      else left += x * x;
      store<f64>(values + (j << 3), j < <usize>at.coded ? x : 0);
    }
  }
  // Steps too small for float32 are none: then all of the row is left out.
  const step = <f32>(largest / 127);
  const scale: f32 = step < 1e-30 ? 0 : step;
  const codes = at.codes + <usize>(slot >> 3) * at.groupBytes + ((<usize>slot & 7) << 1);
  left += writeCodes(codes, values, at.coded, scale, scale > 0 ? 1 / <f64>scale : 0);
  const centred = sqrt<f64>(square);
  const error = sqrt<f64>(left);
  // What float64 may have lost on the way here.
  const lost = length * factor * <f64>(dimension + 8) * 4.5e-16;
  at.longest = max<f64>(at.longest, length);
  at.reach = max<f64>(at.reach, centred + error + lost);
  // Some units in the last place of float32 to the safe side: those of these numbers, and of the sums that use them.
  const half = at.kind > 1 ? square / 2 : 0;
  const place = (<usize>slot) << 2;
  store<f32>(at.bias + place, <f32>(half - half * 5e-7 - centred * lost));
  store<f32>(at.scale + place, scale);
  store<f32>(at.error + place, <f32>(error * 1.000001 + (centred + error) * 1e-6 + lost + 1e-37));
}

function lengthOf(row: usize, dimension: u32): f64 {
  const pairs: usize = dimension & ~1;
  let sum = f64x2.splat(0);
  for (let j: usize = 0; j < pairs; j += 2) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(row + (j << 2)));
    sum = f64x2.add(sum, f64x2.mul(x, x));
  }
  const last: f64 = pairs < dimension ? load<f32>(row + (pairs << 2)) : 0;
  return sqrt<f64>(f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) + last * last);
}

function meanOf(row: usize, dimension: u32): f64 {
  let sum: f64 = 0;
  for (let j: usize = 0; j < <usize>dimension; j++) sum += load<f32>(row + (j << 2));
  return sum / <f64>dimension;
}

/** Writes coordinates in steps; behind an odd number of them a 0 lies; returns the squared length of what that leaves out. */
function writeCodes(codes: usize, from: usize, count: u32, scale: f64, inverse: f64): f64 {
  let left = f64x2.splat(0);
  for (let j: usize = 0; j < <usize>count; j += 2) {
    const x = v128.load(from + (j << 3));
    let code = f64x2.nearest(f64x2.mul(x, f64x2.splat(inverse)));
    code = f64x2.pmax(f64x2.splat(-128), f64x2.pmin(f64x2.splat(127), code));
    const rest = f64x2.sub(x, f64x2.mul(code, f64x2.splat(scale)));
    left = f64x2.add(left, f64x2.mul(rest, rest));
    const whole = i32x4.trunc_sat_f64x2_s_zero(code);
    const pair = (i32x4.extract_lane(whole, 0) & 255) | (i32x4.extract_lane(whole, 1) << 8);
    store<i16>(codes + (j << 3), <i16>pair);
  }
  return f64x2.extract_lane(left, 0) + f64x2.extract_lane(left, 1);
}
