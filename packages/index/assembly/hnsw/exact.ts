// Distances to float32 rows: in float32 to sort by, in float64 to give back. Lanes are added in the same order with and without SIMD.
import { Codes, Context, COSINE, EUCLIDEAN, Graph, INNER_PRODUCT, SNR } from './structs';

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

function product(q: usize, row: usize, runs: u32): f32 {
  const end = (<usize>runs) << 4;
  if (ASC_FEATURE_SIMD) {
    let s = f32x4.splat(0);
    for (let i: usize = 0; i < end; i += 16) s = f32x4.add(s, f32x4.mul(v128.load(q + i), v128.load(row + i)));
    return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 2) + (f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 3));
  }
  let s0: f32 = 0;
  let s1: f32 = 0;
  let s2: f32 = 0;
  let s3: f32 = 0;
  for (let i: usize = 0; i < end; i += 16) {
    s0 += load<f32>(q + i) * load<f32>(row + i);
    s1 += load<f32>(q + i, 4) * load<f32>(row + i, 4);
    s2 += load<f32>(q + i, 8) * load<f32>(row + i, 8);
    s3 += load<f32>(q + i, 12) * load<f32>(row + i, 12);
  }
  return s0 + s2 + (s1 + s3);
}

// @inline
function squareOf(q: usize, row: usize): f32 {
  const difference = load<f32>(q) - load<f32>(row);
  return difference * difference;
}

function squares(q: usize, row: usize, runs: u32): f32 {
  const end = (<usize>runs) << 4;
  if (ASC_FEATURE_SIMD) {
    let s = f32x4.splat(0);
    for (let i: usize = 0; i < end; i += 16) {
      const d = f32x4.sub(v128.load(q + i), v128.load(row + i));
      s = f32x4.add(s, f32x4.mul(d, d));
    }
    return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 2) + (f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 3));
  }
  let s0: f32 = 0;
  let s1: f32 = 0;
  let s2: f32 = 0;
  let s3: f32 = 0;
  for (let i: usize = 0; i < end; i += 16) {
    s0 += squareOf(q + i, row + i);
    s1 += squareOf(q + i + 4, row + i + 4);
    s2 += squareOf(q + i + 8, row + i + 8);
    s3 += squareOf(q + i + 12, row + i + 12);
  }
  return s0 + s2 + (s1 + s3);
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
  let s0: f64 = 0;
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  for (let j: usize = 0, end = (<usize>runs) << 2; j < end; j += 4) {
    s0 += f64At(a, j) * f64At(b, j);
    s1 += f64At(a, j + 1) * f64At(b, j + 1);
    s2 += f64At(a, j + 2) * f64At(b, j + 2);
    s3 += f64At(a, j + 3) * f64At(b, j + 3);
  }
  return s0 + s2 + (s1 + s3);
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
export function codeDistance(graph: Graph, context: Context, square: f32, codes: Codes): f64 {
  const metric = graph.metric;
  const value = <f64>square;
  if (metric == COSINE) return Math.max(0, value / 2);
  if (metric == EUCLIDEAN) return Math.sqrt(Math.max(0, value));
  if (metric == INNER_PRODUCT)
    return (value - <f64>graph.reach - product64(context.vector, context.vector, graph.rows.runs)) / 2;
  if (metric == SNR) return Math.max(0, value / <f64>graph.dimension / ownVariance(context.vector, graph.dimension));
  return Math.max(0, value);
}
