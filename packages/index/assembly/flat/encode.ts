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
  /** Room for a row of float64. */
  spill: usize;
  dimension: u32;
  /** How rows are compared, see `exactScore`. */
  kind: u32;
}

/** Codes the rows at the listed slots. */
export function encodeRows(at: Coding, slots: usize, count: u32): void {
  for (const end = slots + ((<usize>count) << 2); slots < end; slots += 4) encodeRow(at, load<u32>(slots));
}

function encodeRow(at: Coding, slot: u32): void {
  const dimension = at.dimension;
  const row = at.rows + ((<usize>slot * dimension) << 2);
  const spill = at.spill;
  let sum: f64 = 0;
  let square: f64 = 0;
  for (let j: u32 = 0; j < dimension; j++) {
    const x = <f64>load<f32>(row + ((<usize>j) << 2));
    sum += x;
    square += x * x;
  }
  const length = sqrt<f64>(square);
  const factor: f64 = at.kind != COSINE ? 1 : length > 1e-12 ? 1 / length : 0;
  const offset: f64 = at.kind == VARIANCE ? sum / <f64>dimension : 0;
  let largest: f64 = 0;
  square = 0;
  for (let j: usize = 0; j < <usize>dimension; j++) {
    const x = (<f64>load<f32>(row + (j << 2)) - offset) * factor - load<f64>(at.mean + (j << 3));
    store<f64>(spill + (j << 3), x);
    largest = max<f64>(largest, abs<f64>(x));
    square += x * x;
  }
  const codes = at.codes + <usize>(slot >> 3) * at.groupBytes + ((<usize>slot & 7) << 1);
  // Steps too small for float32 are none: then all of the row is left out.
  const step = <f32>(largest / 127);
  const scale: f32 = step < 1e-30 ? 0 : step;
  const left = writeCodes(codes, spill, dimension, scale, scale > 0 ? 1 / <f64>scale : 0);
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

/** Writes coordinates in steps; returns the squared length of what that leaves out. */
function writeCodes(codes: usize, from: usize, dimension: u32, scale: f64, inverse: f64): f64 {
  let left: f64 = 0;
  for (let j: usize = 0; j < <usize>dimension; j++) {
    const x = load<f64>(from + (j << 3));
    const code = max<f64>(-128, min<f64>(127, nearest<f64>(x * inverse)));
    const rest = x - code * scale;
    left += rest * rest;
    store<i8>(codes + ((j >> 1) << 4) + (j & 1), <i8>code);
  }
  return left;
}
