// Rows as int8 codes, and the rows themselves for those that may count. The codes of a row are its coordinates in steps of
// the row's own, rounded: x = scale · code + rest. The product with a query is then scale · step · Σ code · query code, all
// in whole numbers, and is wrong by no more than |rest| · |query| and what the codes of the query leave out. So a row's
// score is at least
//
//   bias − error · reach − scale · step · Σ code · query code
//
// and only where that is below what a query has kept is the row itself looked at, in float64.
//
// Codes 2p and 2p + 1 of row r of a group lie at 16·p + 2·r: one instruction multiplies eight codes with a pair of the
// query's and adds them two and two, and a lane is a row.
import { exactScore } from './exact';
import { LANES, lanesUpTo, replaceWorst, Scan } from './scan';

/** What is known of a query; 32 bytes. */
// @unmanaged
class Head {
  /** A row scores at most `worst` only when its bound is at most `worst · factor + shift`. */
  factor: f64;
  shift: f64;
  /** Address of the query, float64. */
  query: usize;
  /** One step of the query's codes. */
  step: f32;
  /** Length of the query. */
  reach: f32;
  spare: u32;
}

/** The bound up to which rows can score below `worst`; rounded up. */
// @inline
function limitOf(head: Head, worst: f64): v128 {
  const limit = worst * head.factor + head.shift;
  const size = abs<f64>(worst * head.factor) + abs<f64>(head.shift);
  return f32x4.splat(worst == Infinity ? f32.MAX_VALUE : <f32>(limit + size * 2.4e-7 + 1e-37));
}

/** Lower bounds of four rows' scores. */
// @inline
function bound(sum: v128, bias: v128, scale: v128, error: v128, head: Head): v128 {
  const low = f32x4.sub(bias, f32x4.mul(error, f32x4.splat(head.reach)));
  return f32x4.sub(low, f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), scale), f32x4.splat(head.step)));
}

/** Looks at the rows of a group that may be better than the worst kept. Returns the limit from now on. */
function look(at: Scan, query: u32, a: v128, b: v128, limit: v128, group: u32, mask: u32): v128 {
  const head = changetype<Head>(at.heads + ((<usize>query) << 5));
  const scores = at.scores + ((<usize>(query * at.kept)) << 3);
  let left = lanesUpTo(a, b, limit) & mask;
  if (left == 0) return limit;
  for (; left != 0; left &= left - 1) {
    const row = group * LANES + ctz<u32>(left);
    const score = exactScore(at.kind, at.rows + ((<usize>row * at.dimension) << 2), head.query, at.dimension);
    if (score < load<f64>(scores)) {
      replaceWorst<f64>(scores, at.found + ((<usize>(query * at.kept)) << 2), at.kept, score, row);
    }
  }
  return limitOf(head, load<f64>(scores));
}

// @inline
function within(a: v128, b: v128, limit: v128): bool {
  return v128.any_true(v128.or(f32x4.le(a, limit), f32x4.le(b, limit)));
}

// @inline
function dots(sum: v128, codes: v128, query: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(codes, query));
}

/** Offers every row to five queries at a time. Pair p of query t of a tile lies at (5·p + t)·4. */
export function scanCodeTiles(at: Scan): void {
  const heap = (<usize>at.kept) << 3;
  for (let begin: u32 = 0; begin < at.groupCount; begin += at.blockGroups) {
    const end = min<u32>(at.groupCount, begin + at.blockGroups);
    let queries = at.queries;
    let scores = at.scores;
    for (let tile: u32 = 0; tile < at.tiles; tile++) {
      const first = tile * 5;
      const heads = at.heads + ((<usize>first) << 5);
      let limit0 = limitOf(changetype<Head>(heads), load<f64>(scores));
      let limit1 = limitOf(changetype<Head>(heads + 32), load<f64>(scores + heap));
      let limit2 = limitOf(changetype<Head>(heads + 64), load<f64>(scores + 2 * heap));
      let limit3 = limitOf(changetype<Head>(heads + 96), load<f64>(scores + 3 * heap));
      let limit4 = limitOf(changetype<Head>(heads + 128), load<f64>(scores + 4 * heap));
      for (let group = begin; group < end; group++) {
        const mask: u32 = load<u8>(at.mask + group);
        if (mask == 0) continue;
        let x = at.groups + <usize>group * at.groupBytes;
        const stop = x + at.groupBytes;
        let q = queries;
        let a0 = i32x4.splat(0);
        let b0 = i32x4.splat(0);
        let a1 = i32x4.splat(0);
        let b1 = i32x4.splat(0);
        let a2 = i32x4.splat(0);
        let b2 = i32x4.splat(0);
        let a3 = i32x4.splat(0);
        let b3 = i32x4.splat(0);
        let a4 = i32x4.splat(0);
        let b4 = i32x4.splat(0);
        while (x < stop) {
          let a = v128.load_ext<i8>(x);
          let b = v128.load_ext<i8>(x, 8);
          let s = v128.load_splat<u32>(q);
          a0 = dots(a0, a, s);
          b0 = dots(b0, b, s);
          s = v128.load_splat<u32>(q, 4);
          a1 = dots(a1, a, s);
          b1 = dots(b1, b, s);
          s = v128.load_splat<u32>(q, 8);
          a2 = dots(a2, a, s);
          b2 = dots(b2, b, s);
          s = v128.load_splat<u32>(q, 12);
          a3 = dots(a3, a, s);
          b3 = dots(b3, b, s);
          s = v128.load_splat<u32>(q, 16);
          a4 = dots(a4, a, s);
          b4 = dots(b4, b, s);
          a = v128.load_ext<i8>(x, 16);
          b = v128.load_ext<i8>(x, 24);
          s = v128.load_splat<u32>(q, 20);
          a0 = dots(a0, a, s);
          b0 = dots(b0, b, s);
          s = v128.load_splat<u32>(q, 24);
          a1 = dots(a1, a, s);
          b1 = dots(b1, b, s);
          s = v128.load_splat<u32>(q, 28);
          a2 = dots(a2, a, s);
          b2 = dots(b2, b, s);
          s = v128.load_splat<u32>(q, 32);
          a3 = dots(a3, a, s);
          b3 = dots(b3, b, s);
          s = v128.load_splat<u32>(q, 36);
          a4 = dots(a4, a, s);
          b4 = dots(b4, b, s);
          x += 32;
          q += 40;
        }
        const lane = (<usize>group) << 5;
        const biasA = v128.load(at.bias + lane);
        const biasB = v128.load(at.bias + lane, 16);
        const scaleA = v128.load(at.scale + lane);
        const scaleB = v128.load(at.scale + lane, 16);
        const errorA = v128.load(at.error + lane);
        const errorB = v128.load(at.error + lane, 16);
        a0 = bound(a0, biasA, scaleA, errorA, changetype<Head>(heads));
        b0 = bound(b0, biasB, scaleB, errorB, changetype<Head>(heads));
        if (within(a0, b0, limit0)) limit0 = look(at, first, a0, b0, limit0, group, mask);
        a1 = bound(a1, biasA, scaleA, errorA, changetype<Head>(heads + 32));
        b1 = bound(b1, biasB, scaleB, errorB, changetype<Head>(heads + 32));
        if (within(a1, b1, limit1)) limit1 = look(at, first + 1, a1, b1, limit1, group, mask);
        a2 = bound(a2, biasA, scaleA, errorA, changetype<Head>(heads + 64));
        b2 = bound(b2, biasB, scaleB, errorB, changetype<Head>(heads + 64));
        if (within(a2, b2, limit2)) limit2 = look(at, first + 2, a2, b2, limit2, group, mask);
        a3 = bound(a3, biasA, scaleA, errorA, changetype<Head>(heads + 96));
        b3 = bound(b3, biasB, scaleB, errorB, changetype<Head>(heads + 96));
        if (within(a3, b3, limit3)) limit3 = look(at, first + 3, a3, b3, limit3, group, mask);
        a4 = bound(a4, biasA, scaleA, errorA, changetype<Head>(heads + 128));
        b4 = bound(b4, biasB, scaleB, errorB, changetype<Head>(heads + 128));
        if (within(a4, b4, limit4)) limit4 = look(at, first + 4, a4, b4, limit4, group, mask);
      }
      queries += (<usize>at.groupBytes >> 4) * 20;
      scores += 5 * heap;
    }
  }
}

/** Sums of one group against one query: all there is to do for a row of its first four lanes, or its last. */
// @inline
function sumOfHalf(x: usize, stop: usize, q: usize): v128 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  while (x < stop) {
    a = dots(a, v128.load_ext<i8>(x), v128.load_splat<u32>(q));
    b = dots(b, v128.load_ext<i8>(x, 16), v128.load_splat<u32>(q, 4));
    x += 32;
    q += 8;
  }
  return i32x4.add(a, b);
}

/** As {@link scanCodeTiles}, for one query `[pairs]`: bound by memory, so it reads straight on. */
export function scanCodeSingle(at: Scan): void {
  const head = changetype<Head>(at.heads);
  let limit = limitOf(head, load<f64>(at.scores));
  for (let group: u32 = 0; group < at.groupCount; group++) {
    const mask: u32 = load<u8>(at.mask + group);
    if (mask == 0) continue;
    let x = at.groups + <usize>group * at.groupBytes;
    const stop = x + at.groupBytes;
    let q = at.queries;
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    while (x < stop) {
      let s = v128.load_splat<u32>(q);
      a = dots(a, v128.load_ext<i8>(x), s);
      b = dots(b, v128.load_ext<i8>(x, 8), s);
      s = v128.load_splat<u32>(q, 4);
      a = dots(a, v128.load_ext<i8>(x, 16), s);
      b = dots(b, v128.load_ext<i8>(x, 24), s);
      x += 32;
      q += 8;
    }
    const lane = (<usize>group) << 5;
    a = bound(a, v128.load(at.bias + lane), v128.load(at.scale + lane), v128.load(at.error + lane), head);
    b = bound(b, v128.load(at.bias + lane, 16), v128.load(at.scale + lane, 16), v128.load(at.error + lane, 16), head);
    if (within(a, b, limit)) limit = look(at, 0, a, b, limit, group, mask);
  }
}

/** Writes the numbers of the rows of groups `begin … end` whose score can be at most `worst` to `out`; returns how many. */
export function collectCodes(at: Scan, begin: u32, end: u32, worst: f64, out: usize): u32 {
  const head = changetype<Head>(at.heads);
  const limit = limitOf(head, worst);
  let found = out;
  for (let group = begin; group < end; group++) {
    const mask: u32 = load<u8>(at.mask + group);
    if (mask == 0) continue;
    const x = at.groups + <usize>group * at.groupBytes;
    const lane = (<usize>group) << 5;
    let a = sumOfHalf(x, x + at.groupBytes, at.queries);
    let b = sumOfHalf(x + 8, x + 8 + at.groupBytes, at.queries);
    a = bound(a, v128.load(at.bias + lane), v128.load(at.scale + lane), v128.load(at.error + lane), head);
    b = bound(b, v128.load(at.bias + lane, 16), v128.load(at.scale + lane, 16), v128.load(at.error + lane, 16), head);
    for (let left = lanesUpTo(a, b, limit) & mask; left != 0; left &= left - 1) {
      store<u32>(found, group * LANES + ctz<u32>(left));
      found += 4;
    }
  }
  return <u32>((found - out) >> 2);
}
