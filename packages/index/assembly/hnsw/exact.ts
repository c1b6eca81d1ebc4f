// Distances to float32 rows: in float32 to sort by, in float64 to give back. Lanes are added in the same order with and without SIMD.
import { Context, COSINE, EUCLIDEAN, Graph, INNER_PRODUCT, SNR } from './structs';

// @inline
function f64At(vector: usize, j: usize): f64 {
  return <f64>load<f32>(vector + (j << 2));
}

/** Copies a query to the context, with zeros up to the width of a row. */
export function keepVector(graph: Graph, context: Context, vector: usize): void {
  memory.fill(context.vector, 0, (<usize>graph.rows.runs) << 4);
  memory.copy(context.vector, vector, (<usize>graph.dimension) << 2);
}

/** What orders rows as the distance from the kept vector does, in float32. */
export function rowScore(graph: Graph, context: Context, node: u32): f32 {
  const rows = graph.rows;
  const row = rows.base + <usize>node * rows.stride;
  const metric = graph.metric;
  const q = context.vector;
  if (metric == COSINE) return -product(q, row, rows.runs) * load<f32>(row + rows.factorAt);
  if (metric == INNER_PRODUCT) return -product(q, row, rows.runs);
  if (metric == SNR) return <f32>(variance(q, row, graph.dimension) * <f64>graph.dimension);
  return squares(q, row, rows.runs);
}

// Sixteen sums side by side, lane l of sum t for values 16·i + 4·t + l: no addition waits for the one before.

function product(q: usize, row: usize, runs: u32): f32 {
  return sumOfTerms<Products>(q, row, runs);
}

function squares(q: usize, row: usize, runs: u32): f32 {
  return sumOfTerms<Squares>(q, row, runs);
}

// What is summed up is a type argument, so that the compiler makes a loop for each.
type Products = f32;
type Squares = f64;

// @inline
function term<Terms>(sum: v128, q: usize, row: usize): v128 {
  if (sizeof<Terms>() == 4) return f32x4.add(sum, f32x4.mul(v128.load(q), v128.load(row)));
  const difference = f32x4.sub(v128.load(q), v128.load(row));
  return f32x4.add(sum, f32x4.mul(difference, difference));
}

// @inline
function termOne<Terms>(q: usize, row: usize): f32 {
  if (sizeof<Terms>() == 4) return load<f32>(q) * load<f32>(row);
  const difference = load<f32>(q) - load<f32>(row);
  return difference * difference;
}

function sumOfTerms<Terms>(q: usize, row: usize, runs: u32): f32 {
  const end = (<usize>runs) << 4;
  let i: usize = 0;
  if (ASC_FEATURE_SIMD) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (; i + 48 < end; i += 64) {
      s0 = term<Terms>(s0, q + i, row + i);
      s1 = term<Terms>(s1, q + i + 16, row + i + 16);
      s2 = term<Terms>(s2, q + i + 32, row + i + 32);
      s3 = term<Terms>(s3, q + i + 48, row + i + 48);
    }
    for (; i < end; i += 16) s0 = term<Terms>(s0, q + i, row + i);
    const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
    return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 2) + (f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 3));
  }
  const l0 = laneOfTerms<Terms>(q, row, end);
  const l1 = laneOfTerms<Terms>(q + 4, row + 4, end);
  const l2 = laneOfTerms<Terms>(q + 8, row + 8, end);
  const l3 = laneOfTerms<Terms>(q + 12, row + 12, end);
  return l0 + l2 + (l1 + l3);
}

/** One lane of the four sums, without SIMD. */
function laneOfTerms<Terms>(q: usize, row: usize, end: usize): f32 {
  let s0: f32 = 0;
  let s1: f32 = 0;
  let s2: f32 = 0;
  let s3: f32 = 0;
  let i: usize = 0;
  for (; i + 48 < end; i += 64) {
    s0 += termOne<Terms>(q + i, row + i);
    s1 += termOne<Terms>(q + i + 16, row + i + 16);
    s2 += termOne<Terms>(q + i + 32, row + i + 32);
    s3 += termOne<Terms>(q + i + 48, row + i + 48);
  }
  for (; i < end; i += 16) s0 += termOne<Terms>(q + i, row + i);
  return s0 + s1 + (s2 + s3);
}

/** Variance of the difference. */
function variance(q: usize, row: usize, dimension: u32): f64 {
  let sum: f64 = 0;
  for (let j: usize = 0; j < <usize>dimension; j++) sum += f64At(q, j) - f64At(row, j);
  const mean = sum / <f64>dimension;
  let square: f64 = 0;
  for (let j: usize = 0; j < <usize>dimension; j++) {
    const d = f64At(q, j) - f64At(row, j) - mean;
    square += d * d;
  }
  return square / <f64>dimension;
}

/** Variance of the kept vector, under snr. */
function ownVariance(q: usize, dimension: u32): f64 {
  let sum: f64 = 0;
  for (let j: usize = 0; j < <usize>dimension; j++) sum += f64At(q, j);
  const mean = sum / <f64>dimension;
  let square: f64 = 0;
  for (let j: usize = 0; j < <usize>dimension; j++) square += (f64At(q, j) - mean) * (f64At(q, j) - mean);
  return Math.max(square / <f64>dimension, 1e-12);
}

/** Σ a·b in float64. */
function product64(a: usize, b: usize, runs: u32): f64 {
  const end = (<usize>runs) << 4;
  if (ASC_FEATURE_SIMD) {
    let s01 = f64x2.splat(0);
    let s23 = s01;
    for (let i: usize = 0; i < end; i += 16) {
      s01 = f64x2.add(s01, f64x2.mul(widened(a + i), widened(b + i)));
      s23 = f64x2.add(s23, f64x2.mul(widened(a + i + 8), widened(b + i + 8)));
    }
    const s = f64x2.add(s01, s23);
    return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  }
  let s0: f64 = 0;
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  for (let j: usize = 0; j < end >> 2; j += 4) {
    s0 += f64At(a, j) * f64At(b, j);
    s1 += f64At(a, j + 1) * f64At(b, j + 1);
    s2 += f64At(a, j + 2) * f64At(b, j + 2);
    s3 += f64At(a, j + 3) * f64At(b, j + 3);
  }
  return s0 + s2 + (s1 + s3);
}

// @inline
function widened(two: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(two));
}

function squares64(a: usize, b: usize, runs: u32): f64 {
  let s0: f64 = 0;
  let s1: f64 = 0;
  for (let j: usize = 0, end = (<usize>runs) << 2; j < end; j += 2) {
    const d0 = f64At(a, j) - f64At(b, j);
    const d1 = f64At(a, j + 1) - f64At(b, j + 1);
    s0 += d0 * d0;
    s1 += d1 * d1;
  }
  return s0 + s1;
}

/** Distance from the kept vector to a row in the unit of the metric. `own`: {@link ownTerm} of the vector. */
export function rowDistance(graph: Graph, context: Context, node: u32, own: f64): f64 {
  const rows = graph.rows;
  const row = rows.base + <usize>node * rows.stride;
  const metric = graph.metric;
  const q = context.vector;
  if (metric == COSINE) {
    // The factor is 0 for a row without direction.
    if (own == 0 || load<f32>(row + rows.factorAt) == 0) return 1;
    return 1 - product64(q, row, rows.runs) / (own * Math.sqrt(product64(row, row, rows.runs)));
  }
  if (metric == INNER_PRODUCT) return -product64(q, row, rows.runs);
  if (metric == SNR) return variance(q, row, graph.dimension) / own;
  const square = squares64(q, row, rows.runs);
  return metric == EUCLIDEAN ? Math.sqrt(square) : square;
}

/** What is worked out once about the kept vector: its length under cosine, 0 without direction; its variance under snr. */
export function ownTerm(graph: Graph, context: Context): f64 {
  if (graph.metric == SNR) return ownVariance(context.vector, graph.dimension);
  if (graph.metric != COSINE) return 0;
  const length = Math.sqrt(product64(context.vector, context.vector, graph.rows.runs));
  return length > 1e-12 ? length : 0;
}

/** A squared distance between transformed vectors in the unit of the metric: what codes tell. */
export function codeDistance(graph: Graph, context: Context, square: f32): f64 {
  const metric = graph.metric;
  const value = <f64>square;
  if (metric == COSINE) return Math.max(0, value / 2);
  if (metric == EUCLIDEAN) return Math.sqrt(Math.max(0, value));
  if (metric == INNER_PRODUCT)
    return (value - <f64>graph.reach - product64(context.vector, context.vector, graph.rows.runs)) / 2;
  if (metric == SNR) return Math.max(0, value / <f64>graph.dimension / ownVariance(context.vector, graph.dimension));
  return Math.max(0, value);
}
