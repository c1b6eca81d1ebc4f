// What each code of each subspace costs a query: −⟨query, code word⟩, less the least of its subspace, in steps of which the widest
// subspace has 127. Two costs then fit into a byte, and those of all subspaces into 16 bits.

import { Context, Layout } from './layout';

const MOST: f32 = 127;
const MOST_SUM: f32 = 65000;
/** Adding it to a number of [0, 2^22] rounds to the nearest integer, which the low bits then hold. */
const ROUND: f32 = 8388608;

/** Fills the context's tables. Returns the largest sum of costs there can be, in steps. */
export function makeTables(layout: Layout, context: Context): f32 {
  const subspaces = layout.subspaces;
  const size = layout.subspaceSize;
  let words = layout.codebooks;
  let q = context.coded;
  let costs = context.costs;
  let widest: f32 = 0;
  let all: f32 = 0;
  for (let m = 0; m < subspaces; m++) {
    const range = costsOfSubspace(words, q, size, costs);
    widest = max(widest, range);
    all += range;
    words += (<usize>size) << 6;
    q += (<usize>size) << 2;
    costs += 64;
  }
  const perCost: f32 = widest > 1e-30 ? min(MOST / widest, MOST_SUM / all) : 0;
  context.perCost = perCost;
  quantise(context.costs, subspaces, perCost, context.tables);
  return all * perCost;
}

/** Costs of the 16 words of a subspace, less their least one; returns their range. */
// @inline
function costsOfSubspace(words: usize, q: usize, size: i32, costs: usize): f32 {
  if (ASC_FEATURE_SIMD) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let j = 0; j < size; j++) {
      const value = v128.load32_splat(q + ((<usize>j) << 2));
      a = f32x4.sub(a, f32x4.mul(value, v128.load(words)));
      b = f32x4.sub(b, f32x4.mul(value, v128.load(words, 16)));
      c = f32x4.sub(c, f32x4.mul(value, v128.load(words, 32)));
      d = f32x4.sub(d, f32x4.mul(value, v128.load(words, 48)));
      words += 64;
    }
    let low = f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d));
    let high = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d));
    low = f32x4.pmin(low, v128.shuffle<i32>(low, low, 2, 3, 0, 1));
    low = f32x4.pmin(low, v128.shuffle<i32>(low, low, 1, 0, 3, 2));
    high = f32x4.pmax(high, v128.shuffle<i32>(high, high, 2, 3, 0, 1));
    high = f32x4.pmax(high, v128.shuffle<i32>(high, high, 1, 0, 3, 2));
    v128.store(costs, f32x4.sub(a, low));
    v128.store(costs, f32x4.sub(b, low), 16);
    v128.store(costs, f32x4.sub(c, low), 32);
    v128.store(costs, f32x4.sub(d, low), 48);
    return f32x4.extract_lane(f32x4.sub(high, low), 0);
  }
  let least = <f32>Infinity;
  let most = -(<f32>Infinity);
  for (let code: usize = 0; code < 64; code += 4) {
    let cost: f32 = 0;
    for (let j = 0; j < size; j++) {
      cost -= load<f32>(q + ((<usize>j) << 2)) * load<f32>(words + ((<usize>j) << 6) + code);
    }
    store<f32>(costs + code, cost);
    least = min(least, cost);
    most = max(most, cost);
  }
  for (let code: usize = 0; code < 64; code += 4) store<f32>(costs + code, load<f32>(costs + code) - least);
  return most - least;
}

// @inline
function quantise(costs: usize, subspaces: i32, perCost: f32, tables: usize): void {
  const end = tables + ((<usize>subspaces) << 4);
  for (; tables < end; tables += 16) {
    if (ASC_FEATURE_SIMD) {
      const by = f32x4.splat(perCost);
      const round = f32x4.splat(ROUND);
      const byte = i32x4.splat(255);
      const a = v128.and(f32x4.add(f32x4.mul(v128.load(costs), by), round), byte);
      const b = v128.and(f32x4.add(f32x4.mul(v128.load(costs, 16), by), round), byte);
      const c = v128.and(f32x4.add(f32x4.mul(v128.load(costs, 32), by), round), byte);
      const d = v128.and(f32x4.add(f32x4.mul(v128.load(costs, 48), by), round), byte);
      v128.store(tables, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(a, b), i16x8.narrow_i32x4_u(c, d)));
    } else {
      for (let code: usize = 0; code < 16; code++) {
        store<u8>(tables + code, <u8>reinterpret<u32>(load<f32>(costs + (code << 2)) * perCost + ROUND));
      }
    }
    costs += 64;
  }
}
