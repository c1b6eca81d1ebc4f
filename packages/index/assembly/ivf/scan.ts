// The scan: 32 rows of a list at a time, a byte shuffle looking up the costs of 16 codes at once.
//
// A block of 32 rows holds their slots (u32), their biases (float32) where there are any, and their codes: for each two subspaces 32
// bytes, one a row, the first subspace's code in the low four bits. Row p of 16 is byte 2p, from the ninth on byte 2(p − 8) + 1, so
// that after adding up bytes as 16-bit numbers, even and odd ones apart, sums lie in the order of rows.

import { addFound, limitOf } from './found';
import { Context, Layout } from './layout';

/** Byte of row p of a block. */
// @inline
export function laneOf(p: i32): i32 {
  const q = p & 15;
  return (p & 16) + (q < 8 ? q << 1 : ((q - 8) << 1) + 1);
}

// @inline
function lookUp(table: v128, codes: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i8x16.relaxed_swizzle(table, codes);
  return i8x16.swizzle(table, codes);
}

/**
 * Writes the sums of costs of 32 rows, u16 each, to `to`.
 *
 * @param low 15 in every byte. From memory: a constant, V8 would make anew at each use, three instructions of eleven
 */
// @inline
function sumCosts(codes: usize, end: usize, tables: usize, low: v128, to: usize): void {
  let all0 = i16x8.splat(0);
  let odd0 = all0;
  let all1 = all0;
  let odd1 = all0;
  for (; codes < end; codes += 32) {
    const first = v128.load(tables);
    const second = v128.load(tables, 16);
    const a = v128.load(codes);
    const b = v128.load(codes, 16);
    const s = i8x16.add(lookUp(first, v128.and(a, low)), lookUp(second, v128.and(i16x8.shr_u(a, 4), low)));
    const t = i8x16.add(lookUp(first, v128.and(b, low)), lookUp(second, v128.and(i16x8.shr_u(b, 4), low)));
    all0 = i16x8.add(all0, s);
    odd0 = i16x8.add(odd0, i16x8.shr_u(s, 8));
    all1 = i16x8.add(all1, t);
    odd1 = i16x8.add(odd1, i16x8.shr_u(t, 8));
    tables += 32;
  }
  v128.store(to, i16x8.sub(all0, i16x8.shl(odd0, 8)));
  v128.store(to, odd0, 16);
  v128.store(to, i16x8.sub(all1, i16x8.shl(odd1, 8)), 32);
  v128.store(to, odd1, 48);
}

/** {@link sumCosts} without SIMD. */
function sumCostsScalar(codes: usize, end: usize, tables: usize, to: usize): void {
  memory.fill(to, 0, 64);
  for (; codes < end; codes += 32) {
    for (let p = 0; p < 32; p++) {
      const code = <usize>load<u8>(codes + <usize>laneOf(p));
      const sum = to + ((<usize>p) << 1);
      store<u16>(sum, load<u16>(sum) + load<u8>(tables + (code & 15)) + load<u8>(tables + (code >> 4), 16));
    }
    tables += 32;
  }
}

/** Bits of the rows whose sum is below their limit, u16 each. */
// @inline
function rowsBelow(sums: usize, limit0: v128, limit1: v128, limit2: v128, limit3: v128): u32 {
  const a = i16x8.sub_sat_u(limit0, v128.load(sums));
  const b = i16x8.sub_sat_u(limit1, v128.load(sums, 16));
  const c = i16x8.sub_sat_u(limit2, v128.load(sums, 32));
  const d = i16x8.sub_sat_u(limit3, v128.load(sums, 48));
  if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) return 0;
  const zero = i16x8.splat(0);
  const front = i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.eq(a, zero), i16x8.eq(b, zero)));
  const back = i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.eq(c, zero), i16x8.eq(d, zero)));
  return ~(<u32>front | ((<u32>back) << 16));
}

/** Bits of the rows whose sum is below `limit`. */
// @inline
function below(sums: usize, limit: i32): u32 {
  if (ASC_FEATURE_SIMD) {
    const most = i16x8.splat(<i16>limit);
    return rowsBelow(sums, most, most, most, most);
  }
  let bits: u32 = 0;
  for (let p = 0; p < 32; p++) bits |= (<u32>(<i32>load<u16>(sums + ((<usize>p) << 1)) < limit)) << p;
  return bits;
}

/** Steps of a bias are no more. */
const MOST_STEPS: f32 = 1e9;

/** Steps of a row's bias. */
// @inline
function stepsOf(bias: f32, leastBias: f32, perCost: f32): i32 {
  return <i32>min((bias - leastBias) * perCost, MOST_STEPS);
}

/** Limits of eight rows less their biases. */
// @inline
function limitsOf(biases: usize, least: v128, perCost: v128, limit: v128): v128 {
  const most = f32x4.splat(MOST_STEPS);
  const a = f32x4.pmin(f32x4.mul(f32x4.sub(v128.load(biases), least), perCost), most);
  const b = f32x4.pmin(f32x4.mul(f32x4.sub(v128.load(biases, 16), least), perCost), most);
  return i16x8.narrow_i32x4_u(
    i32x4.sub(limit, i32x4.trunc_sat_f32x4_s(a)),
    i32x4.sub(limit, i32x4.trunc_sat_f32x4_s(b)),
  );
}

/** As {@link below}, where every row has a bias. */
// @inline
function belowBiased(sums: usize, biases: usize, leastBias: f32, perCost: f32, limit: i32): u32 {
  if (ASC_FEATURE_SIMD) {
    const least = f32x4.splat(leastBias);
    const per = f32x4.splat(perCost);
    const most = i32x4.splat(limit);
    return rowsBelow(
      sums,
      limitsOf(biases, least, per, most),
      limitsOf(biases + 32, least, per, most),
      limitsOf(biases + 64, least, per, most),
      limitsOf(biases + 96, least, per, most),
    );
  }
  let bits: u32 = 0;
  for (let p = 0; p < 32; p++) {
    const at = (<usize>p) << 2;
    const most = min(limit - stepsOf(load<f32>(biases + at), leastBias, perCost), 65535);
    bits |= (<u32>(<i32>load<u16>(sums + ((<usize>p) << 1)) < most)) << p;
  }
  return bits;
}

// @inline
function isAllowed(context: Context, slot: u32): bool {
  if (context.allowed == 0) return true;
  const word = slot >> 5;
  if (word >= <u32>context.allowedWords) return false;
  return ((load<u32>(context.allowed + ((<usize>word) << 2)) >> (slot & 31)) & 1) != 0;
}

/** Writes down the rows of a block whose sums are below the limit; returns the limit from then on. */
// @inline
function takeRows(layout: Layout, context: Context, block: usize, left: i32, sums: usize, base: i32, most: i32): i32 {
  let limit = most;
  const biased = layout.biased != 0;
  let bits = biased
    ? belowBiased(sums, block + 128, layout.leastBias, context.perCost, limit)
    : below(sums, min(limit, 65535));
  if (left < 32) bits &= (1 << left) - 1;
  for (; bits != 0; bits &= bits - 1) {
    const p = <usize>ctz(bits);
    let cost = <i32>load<u16>(sums + (p << 1));
    if (biased) cost += stepsOf(load<f32>(block + (p << 2), 128), layout.leastBias, context.perCost);
    if (cost >= limit) continue;
    const slot = load<u32>(block + (p << 2));
    if (!isAllowed(context, slot)) continue;
    addFound(context, cost + base, slot);
    limit = limitOf(context) - base;
  }
  return limit;
}

/** Looks at every row of a list; `base`: what its rows cost beside their codes and biases. */
export function scanList(layout: Layout, context: Context, list: i32, base: i32): void {
  let block = load<usize>(layout.lists + ((<usize>list) << 3));
  let left = load<i32>(layout.lists + ((<usize>list) << 3), 4);
  const codesAt: usize = layout.biased ? 256 : 128;
  const bytes = (<usize>layout.subspaces) << 4;
  const sums = context.spill;
  const mask = sums + 64;
  store<u8>(mask, 15);
  context.scanned += left;
  let limit = limitOf(context) - base;
  for (; left > 0; left -= 32) {
    if (limit <= 0) return;
    const codes = block + codesAt;
    if (ASC_FEATURE_SIMD) sumCosts(codes, codes + bytes, context.tables, v128.load8_splat(mask), sums);
    else sumCostsScalar(codes, codes + bytes, context.tables, sums);
    limit = takeRows(layout, context, block, left, sums, base, limit);
    block += layout.blockBytes;
  }
}

/** {@link sumCosts} by the tables of two queries, which share the taking apart of codes. */
// @inline
function sumCostsOfTwo(codes: usize, end: usize, tables: usize, others: usize, low: v128, to: usize, too: usize): void {
  let all0 = i16x8.splat(0);
  let odd0 = all0;
  let all1 = all0;
  let odd1 = all0;
  let all2 = all0;
  let odd2 = all0;
  let all3 = all0;
  let odd3 = all0;
  for (; codes < end; codes += 32) {
    const a = v128.load(codes);
    const b = v128.load(codes, 16);
    const aLow = v128.and(a, low);
    const bLow = v128.and(b, low);
    const aHigh = v128.and(i16x8.shr_u(a, 4), low);
    const bHigh = v128.and(i16x8.shr_u(b, 4), low);
    let first = v128.load(tables);
    let second = v128.load(tables, 16);
    let s = i8x16.add(lookUp(first, aLow), lookUp(second, aHigh));
    all0 = i16x8.add(all0, s);
    odd0 = i16x8.add(odd0, i16x8.shr_u(s, 8));
    s = i8x16.add(lookUp(first, bLow), lookUp(second, bHigh));
    all1 = i16x8.add(all1, s);
    odd1 = i16x8.add(odd1, i16x8.shr_u(s, 8));
    first = v128.load(others);
    second = v128.load(others, 16);
    s = i8x16.add(lookUp(first, aLow), lookUp(second, aHigh));
    all2 = i16x8.add(all2, s);
    odd2 = i16x8.add(odd2, i16x8.shr_u(s, 8));
    s = i8x16.add(lookUp(first, bLow), lookUp(second, bHigh));
    all3 = i16x8.add(all3, s);
    odd3 = i16x8.add(odd3, i16x8.shr_u(s, 8));
    tables += 32;
    others += 32;
  }
  v128.store(to, i16x8.sub(all0, i16x8.shl(odd0, 8)));
  v128.store(to, odd0, 16);
  v128.store(to, i16x8.sub(all1, i16x8.shl(odd1, 8)), 32);
  v128.store(to, odd1, 48);
  v128.store(too, i16x8.sub(all2, i16x8.shl(odd2, 8)));
  v128.store(too, odd2, 16);
  v128.store(too, i16x8.sub(all3, i16x8.shl(odd3, 8)), 32);
  v128.store(too, odd3, 48);
}

/** {@link scanList} for two searches at once. */
export function scanListForTwo(layout: Layout, a: Context, baseA: i32, b: Context, baseB: i32, list: i32): void {
  if (!ASC_FEATURE_SIMD) {
    scanList(layout, a, list, baseA);
    scanList(layout, b, list, baseB);
    return;
  }
  let block = load<usize>(layout.lists + ((<usize>list) << 3));
  let left = load<i32>(layout.lists + ((<usize>list) << 3), 4);
  const codesAt: usize = layout.biased ? 256 : 128;
  const bytes = (<usize>layout.subspaces) << 4;
  const sums = a.spill;
  const mask = sums + 64;
  const others = sums + 128;
  store<u8>(mask, 15);
  a.scanned += left;
  b.scanned += left;
  let limitA = limitOf(a) - baseA;
  let limitB = limitOf(b) - baseB;
  for (; left > 0; left -= 32) {
    if (limitA <= 0 && limitB <= 0) return;
    const codes = block + codesAt;
    sumCostsOfTwo(codes, codes + bytes, a.tables, b.tables, v128.load8_splat(mask), sums, others);
    if (limitA > 0) limitA = takeRows(layout, a, block, left, sums, baseA, limitA);
    if (limitB > 0) limitB = takeRows(layout, b, block, left, others, baseB, limitB);
    block += layout.blockBytes;
  }
}
