// Distances of gathered nodes from the query of a context, four rows at a time. Every precision sums integers or float32 values lane
// by lane, and ends in the same formula. The scalar build adds in the same order, so both give the same bits.
import { BINARY, Context, F16, F32, I4, I8 } from './structs';

// @inline
function rowOf(codes: usize, stride: usize, list: usize): usize {
  return codes + <usize>load<u32>(list) * stride;
}

/** Lane t: the sum of the lanes of st, as (0 + 2) + (1 + 3). */
// @inline
function sumLanesInt(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const t0 = i32x4.add(i32x4.shuffle(s0, s1, 0, 4, 1, 5), i32x4.shuffle(s0, s1, 2, 6, 3, 7));
  const t1 = i32x4.add(i32x4.shuffle(s2, s3, 0, 4, 1, 5), i32x4.shuffle(s2, s3, 2, 6, 3, 7));
  return i32x4.add(i32x4.shuffle(t0, t1, 0, 1, 4, 5), i32x4.shuffle(t0, t1, 2, 3, 6, 7));
}

// @inline
function sumLanesFloat(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const t0 = f32x4.add(i32x4.shuffle(s0, s1, 0, 4, 1, 5), i32x4.shuffle(s0, s1, 2, 6, 3, 7));
  const t1 = f32x4.add(i32x4.shuffle(s2, s3, 0, 4, 1, 5), i32x4.shuffle(s2, s3, 2, 6, 3, 7));
  return f32x4.add(i32x4.shuffle(t0, t1, 0, 1, 4, 5), i32x4.shuffle(t0, t1, 2, 3, 6, 7));
}

// @inline
function finishOne(context: Context, sum: f32, row: usize): i32 {
  const at = row + context.codes.factorAt;
  const factor = load<f32>(at) * context.queryScale;
  const bits = reinterpret<i32>(load<f32>(at, 4) + context.queryNorm - factor * (sum - context.queryOffset));
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

// @inline
function step8(sum: v128, query: v128, row: usize): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(query, v128.load8x8_s(row)));
}

// @inline
function sumsI8(query: usize, runs: u32, a: usize, b: usize, c: usize, d: usize): v128 {
  let s0 = i32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let i: usize = 0, end = (<usize>runs) << 3; i < end; i += 8) {
    const q = v128.load(query + (i << 1));
    s0 = step8(s0, q, a + i);
    s1 = step8(s1, q, b + i);
    s2 = step8(s2, q, c + i);
    s3 = step8(s3, q, d + i);
  }
  return f32x4.convert_i32x4_s(sumLanesInt(s0, s1, s2, s3));
}

// @inline
function pair4(sum: v128, x: v128, q0: v128, q1: v128, low: v128, high: v128): v128 {
  sum = i32x4.add(sum, i32x4.dot_i16x8_s(q0, v128.and(x, low)));
  return i32x4.add(sum, i32x4.dot_i16x8_s(q1, v128.and(x, high)));
}

// Nibble t of u16 lane l of a run is value 8·t + l. Odd nibbles stay multiplied by 16, and the query is divided by 16 there.
// @inline
function sumsI4(query: usize, runs: u32, half: u32, low: v128, a: usize, b: usize, c: usize, d: usize): v128 {
  const high = i16x8.shl(low, 4);
  let s0 = i32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let q = query;
  let i: usize = 0;
  for (const end = (<usize>runs) << 4; i < end; i += 16) {
    let x0 = v128.load(a + i);
    let x1 = v128.load(b + i);
    let x2 = v128.load(c + i);
    let x3 = v128.load(d + i);
    let q0 = v128.load(q);
    let q1 = v128.load(q, 16);
    s0 = pair4(s0, x0, q0, q1, low, high);
    s1 = pair4(s1, x1, q0, q1, low, high);
    s2 = pair4(s2, x2, q0, q1, low, high);
    s3 = pair4(s3, x3, q0, q1, low, high);
    x0 = i16x8.shr_u(x0, 8);
    x1 = i16x8.shr_u(x1, 8);
    x2 = i16x8.shr_u(x2, 8);
    x3 = i16x8.shr_u(x3, 8);
    q0 = v128.load(q, 32);
    q1 = v128.load(q, 48);
    s0 = pair4(s0, x0, q0, q1, low, high);
    s1 = pair4(s1, x1, q0, q1, low, high);
    s2 = pair4(s2, x2, q0, q1, low, high);
    s3 = pair4(s3, x3, q0, q1, low, high);
    q += 64;
  }
  if (half) {
    const q0 = v128.load(q);
    const q1 = v128.load(q, 16);
    s0 = pair4(s0, v128.load8x8_u(a + i), q0, q1, low, high);
    s1 = pair4(s1, v128.load8x8_u(b + i), q0, q1, low, high);
    s2 = pair4(s2, v128.load8x8_u(c + i), q0, q1, low, high);
    s3 = pair4(s3, v128.load8x8_u(d + i), q0, q1, low, high);
  }
  return f32x4.convert_i32x4_s(sumLanesInt(s0, s1, s2, s3));
}

/** Four float16 values as float32: exponent and mantissa moved into place, then scaled by 2^112 for the other bias. */
// @inline
function widen16(row: usize): v128 {
  const h = v128.load16x4_u(row);
  const magnitude = i32x4.shl(v128.and(h, i32x4.splat(0x7fff)), 13);
  const sign = i32x4.shl(v128.and(h, i32x4.splat(0x8000)), 16);
  return v128.or(f32x4.mul(magnitude, f32x4.splat(reinterpret<f32>(0x77800000))), sign);
}

// @inline
function sumsF16(query: usize, runs: u32, a: usize, b: usize, c: usize, d: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let i: usize = 0, end = (<usize>runs) << 3; i < end; i += 8) {
    const q = v128.load(query + (i << 1));
    s0 = f32x4.add(s0, f32x4.mul(q, widen16(a + i)));
    s1 = f32x4.add(s1, f32x4.mul(q, widen16(b + i)));
    s2 = f32x4.add(s2, f32x4.mul(q, widen16(c + i)));
    s3 = f32x4.add(s3, f32x4.mul(q, widen16(d + i)));
  }
  return sumLanesFloat(s0, s1, s2, s3);
}

// @inline
function sumsF32(query: usize, runs: u32, a: usize, b: usize, c: usize, d: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let i: usize = 0, end = (<usize>runs) << 4; i < end; i += 16) {
    const q = v128.load(query + i);
    s0 = f32x4.add(s0, f32x4.mul(q, v128.load(a + i)));
    s1 = f32x4.add(s1, f32x4.mul(q, v128.load(b + i)));
    s2 = f32x4.add(s2, f32x4.mul(q, v128.load(c + i)));
    s3 = f32x4.add(s3, f32x4.mul(q, v128.load(d + i)));
  }
  return sumLanesFloat(s0, s1, s2, s3);
}

/** Sum of the query's values where a row has a 1: the query is four bit planes of two's complement, weights 1, 2, 4, −8. */
// @inline
function sumBits(query: usize, runs: u32, row: usize): v128 {
  let sum = i16x8.splat(0);
  for (let i: usize = 0, end = (<usize>runs) << 4; i < end; i += 16) {
    const x = v128.load(row + i);
    const q = query + (i << 2);
    const p1 = i8x16.popcnt(v128.and(x, v128.load(q, 16)));
    const p2 = i8x16.popcnt(v128.and(x, v128.load(q, 32)));
    const p3 = i8x16.popcnt(v128.and(x, v128.load(q, 48)));
    let plus = i8x16.add(i8x16.popcnt(v128.and(x, v128.load(q))), i8x16.add(p1, p1));
    plus = i8x16.add(plus, i8x16.shl(p2, 2));
    const less = i16x8.shl(i16x8.extadd_pairwise_i8x16_u(p3), 3);
    sum = i16x8.add(sum, i16x8.sub(i16x8.extadd_pairwise_i8x16_u(plus), less));
  }
  return i32x4.extadd_pairwise_i16x8_s(sum);
}

// @inline
function sumsBinary(query: usize, runs: u32, a: usize, b: usize, c: usize, d: usize): v128 {
  const s0 = sumBits(query, runs, a);
  const s1 = sumBits(query, runs, b);
  return f32x4.convert_i32x4_s(sumLanesInt(s0, s1, sumBits(query, runs, c), sumBits(query, runs, d)));
}

/** The sum of one row, for hosts without SIMD. */
function sumOf(kind: u32, query: usize, runs: u32, half: u32, row: usize): f32 {
  if (kind == I8) {
    let sum = 0;
    for (let j: usize = 0, end = (<usize>runs) << 3; j < end; j++) {
      sum += <i32>load<i16>(query + (j << 1)) * <i32>load<i8>(row + j);
    }
    return <f32>sum;
  }
  if (kind == I4) {
    let sum = 0;
    for (let run: u32 = 0; run < runs + half; run++) {
      const planes: usize = run < runs ? 4 : 2;
      for (let lane: usize = 0; lane < 8; lane++) {
        const bits =
          run < runs
            ? <u32>load<u16>(row + ((<usize>run) << 4) + (lane << 1))
            : <u32>load<u8>(row + ((<usize>run) << 4) + lane);
        for (let plane: usize = 0; plane < planes; plane++) {
          const nibble = (<i32>((bits >> ((<u32>plane) << 2)) & 15)) << (plane & 1 ? 4 : 0);
          sum += <i32>load<i16>(query + ((<usize>run) << 6) + (plane << 4) + (lane << 1)) * nibble;
        }
      }
    }
    return <f32>sum;
  }
  if (kind == BINARY) {
    let sum = 0;
    for (let i: usize = 0, end = (<usize>runs) << 4; i < end; i += 8) {
      const x = load<u64>(row + i);
      const q = query + ((i & ~15) << 2) + (i & 8);
      sum += <i32>popcnt(x & load<u64>(q)) + 2 * <i32>popcnt(x & load<u64>(q, 16));
      sum += 4 * <i32>popcnt(x & load<u64>(q, 32)) - 8 * <i32>popcnt(x & load<u64>(q, 48));
    }
    return <f32>sum;
  }
  let s0: f32 = 0;
  let s1: f32 = 0;
  let s2: f32 = 0;
  let s3: f32 = 0;
  for (let j: usize = 0, end = (<usize>runs) << 2; j < end; j += 4) {
    const q = query + (j << 2);
    s0 += load<f32>(q) * valueAt(kind, row, j);
    s1 += load<f32>(q, 4) * valueAt(kind, row, j + 1);
    s2 += load<f32>(q, 8) * valueAt(kind, row, j + 2);
    s3 += load<f32>(q, 12) * valueAt(kind, row, j + 3);
  }
  return s0 + s2 + (s1 + s3);
}

/** A value of a float16 or float32 row. */
// @inline
export function valueAt(kind: u32, row: usize, j: usize): f32 {
  if (kind == F32) return load<f32>(row + (j << 2));
  const h = <u32>load<u16>(row + (j << 1));
  const magnitude = reinterpret<f32>((h & 0x7fff) << 13) * reinterpret<f32>(0x77800000);
  return reinterpret<f32>(reinterpret<u32>(magnitude) | ((h & 0x8000) << 16));
}

/** Distances of the first `count` gathered nodes, as ordered i32. */
export function measureGathered(context: Context, count: u32): void {
  measure(context, context.gathered, count, context.distances);
}

/** Distances of `count` nodes of a list that has room for three more. */
export function measure(context: Context, nodes: usize, count: u32, distances: usize): void {
  const kind = context.codes.kind;
  if (!ASC_FEATURE_SIMD) measureEach(context, nodes, count, distances);
  else if (kind == I4) measureFours<Nibbles>(context, nodes, count, distances);
  else if (kind == I8) measureFours<Bytes>(context, nodes, count, distances);
  else if (kind == F32) measureFours<Floats>(context, nodes, count, distances);
  else if (kind == F16) measureFours<Halves>(context, nodes, count, distances);
  else measureFours<Bits>(context, nodes, count, distances);
}

// What rows are made of is a type argument, so that the compiler makes a loop for each.
type Nibbles = u8;
type Bytes = i8;
type Floats = f32;
type Halves = u16;
type Bits = u64;

function measureFours<Values>(context: Context, nodes: usize, count: u32, distances: usize): void {
  const codes = context.codes;
  const base = codes.base;
  const stride = codes.stride;
  const runs = codes.runs;
  const half = codes.half;
  const at = codes.factorAt;
  const query = context.query;
  const scale = f32x4.splat(context.queryScale);
  const queryNorm = f32x4.splat(context.queryNorm);
  const offset = f32x4.splat(context.queryOffset);
  // V8 makes constants anew at every use: three instructions. What is loaded stays in a register.
  const low = i16x8.splat(<i16>codes.nibble);
  const end = nodes + ((<usize>count) << 2);
  for (let place = end; (place - nodes) & 15; place += 4) store<u32>(place, load<u32>(nodes));
  for (let list = nodes; list < end; list += 16) {
    const a = rowOf(base, stride, list);
    const b = rowOf(base, stride, list + 4);
    const c = rowOf(base, stride, list + 8);
    const d = rowOf(base, stride, list + 12);
    let sums: v128;
    if (isFloat<Values>()) sums = sumsF32(query, runs, a, b, c, d);
    else if (isSigned<Values>()) sums = sumsI8(query, runs, a, b, c, d);
    else if (sizeof<Values>() == 1) sums = sumsI4(query, runs, half, low, a, b, c, d);
    else if (sizeof<Values>() == 2) sums = sumsF16(query, runs, a, b, c, d);
    else sums = sumsBinary(query, runs, a, b, c, d);
    const ab = i32x4.shuffle(v128.load64_zero(a + at), v128.load64_zero(b + at), 0, 4, 1, 5);
    const cd = i32x4.shuffle(v128.load64_zero(c + at), v128.load64_zero(d + at), 0, 4, 1, 5);
    const factors = f32x4.mul(i64x2.shuffle(ab, cd, 0, 2), scale);
    const norms = f32x4.add(i64x2.shuffle(ab, cd, 1, 3), queryNorm);
    const bits = f32x4.sub(norms, f32x4.mul(factors, f32x4.sub(sums, offset)));
    // As i32 in the order of the float32 values.
    const ordered = v128.xor(bits, v128.and(i32x4.shr_s(bits, 31), i32x4.splat(0x7fffffff)));
    v128.store(distances + (list - nodes), ordered);
  }
}

function measureEach(context: Context, nodes: usize, count: u32, distances: usize): void {
  const codes = context.codes;
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 4) {
    const row = rowOf(codes.base, codes.stride, nodes + i);
    const sum = sumOf(codes.kind, context.query, codes.runs, codes.half, row);
    store<i32>(distances + i, finishOne(context, sum, row));
  }
}

/** Distance of one node, as ordered i32. */
export function measureOne(context: Context, node: u32): i32 {
  store<u32>(context.gathered, node);
  measureGathered(context, 1);
  return load<i32>(context.distances);
}

/** What a distance was before it was put in order. */
// @inline
export function floatOf(ordered: i32): f32 {
  return reinterpret<f32>(ordered ^ ((ordered >> 31) & 0x7fffffff));
}

/** A float32 as an i32 of the same order. */
// @inline
export function orderOf(value: f32): i32 {
  const bits = reinterpret<i32>(value);
  return bits ^ ((bits >> 31) & 0x7fffffff);
}
