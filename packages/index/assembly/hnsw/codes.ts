// Rows and queries in each precision. A code c and its factor stand for a row x as factor · c, so that
//   |x − q|² = |x|² + |q|² − 2 · factor · (c · q)
// with factor = |x|² / (c · x), which makes the estimate unbiased (Gao and Long, “RaBitQ”, SIGMOD 2024, equation 12; Aguerrebere
// and others, “Similarity search in the blink of an eye with compressed indices”, VLDB 2023, section 3.1).
import { Codes, Context, COSINE, F16, F32, Graph, I4, I8, INNER_PRODUCT, SNR } from './structs';
import { valueAt } from './distances';

/** Length below which a row has no direction: at distance 1 of everything under cosine. */
const NO_DIRECTION: f64 = 1e-12;
/** Step sizes tried for four bits, from .40 of the largest value on. */
const TRIALS: i32 = 12;

// @inline
function at(values: usize, j: u32): usize {
  return values + ((<usize>j) << 2);
}

/** Scale of a vector under cosine, its mean under snr. */
function scaleOf(graph: Graph, vector: usize): f32 {
  if (graph.metric != COSINE) return 1;
  let square: f64 = 0;
  for (let j: u32 = 0; j < graph.dimension; j++) {
    const value = <f64>load<f32>(at(vector, j));
    square += value * value;
  }
  const length = Math.sqrt(square);
  return length > NO_DIRECTION ? <f32>(1 / length) : 0;
}

function shiftOf(graph: Graph, vector: usize): f32 {
  if (graph.metric != SNR) return 0;
  let sum: f64 = 0;
  for (let j: u32 = 0; j < graph.dimension; j++) sum += <f64>load<f32>(at(vector, j));
  return <f32>(sum / <f64>graph.dimension);
}

/**
 * Brings a vector to where squared Euclidean distance orders as the metric does: length 1 for cosine, mean 0 for snr, and for
 * inner products one more value, that brings rows to one length and is 0 in a query (Bachrach and others, RecSys 2014). Less
 * the mean when `centred`. Returns the squared length.
 */
function transform(graph: Graph, context: Context, vector: usize, isQuery: bool, centred: bool): f32 {
  const out = context.transformed;
  const scale = scaleOf(graph, vector);
  const shift = shiftOf(graph, vector);
  const mean = graph.mean;
  let square: f32 = 0;
  let raw: f32 = 0;
  for (let j: u32 = 0; j < graph.dimension; j++) {
    let value = (load<f32>(at(vector, j)) - shift) * scale;
    raw += value * value;
    if (centred) value -= load<f32>(at(mean, j));
    store<f32>(at(out, j), value);
    square += value * value;
  }
  if (graph.metric == INNER_PRODUCT) {
    const left = graph.reach - raw;
    let value: f32 = !isQuery && left > 0 ? Mathf.sqrt(left) : 0;
    if (centred) value -= load<f32>(at(mean, graph.dimension));
    store<f32>(at(out, graph.dimension), value);
    square += value * value;
  }
  // A row without direction lies at the squared distance 2 of every unit vector.
  if (graph.metric == COSINE && scale == 0) square += 1;
  return square;
}

// @inline
function nearest(value: f32): i32 {
  return <i32>Mathf.floor(value + 0.5);
}

// @inline
function clamp(value: i32, least: i32, most: i32): i32 {
  return value < least ? least : value > most ? most : value;
}

function largest(values: usize, count: u32): f32 {
  let most: f32 = 0;
  for (let j: u32 = 0; j < count; j++) most = max(most, Mathf.abs(load<f32>(at(values, j))));
  return most;
}

/** Place and shift of value j of a 4-bit row. */
// @inline
function nibbleByte(codes: Codes, j: u32): u32 {
  const run = j >> 5;
  const plane = (j >> 3) & 3;
  const lane = j & 7;
  return run < codes.runs ? run * 16 + 2 * lane + (plane >> 1) : run * 16 + lane;
}

// @inline
function nibbleShift(j: u32): u32 {
  return ((j >> 3) & 1) << 2;
}

/** The inverse of the step that keeps most of the row: the largest (c · x)² / (c · c). */
function bestStep(values: usize, width: u32): f32 {
  const most = largest(values, width);
  let best: f32 = -1;
  let inverse: f32 = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const step: f32 = (most / 7.5) * (0.4 + 0.055 * <f32>trial);
    const candidate: f32 = step > 0 ? 1 / step : 0;
    let product: f32 = 0;
    let square: f32 = 0;
    for (let j: u32 = 0; j < width; j++) {
      const x = load<f32>(at(values, j));
      const c = <f32>clamp(nearest(x * candidate + 7.5), 0, 15) - 7.5;
      product += c * x;
      square += c * c;
    }
    const kept = (product * product) / square;
    if (kept > best) {
      best = kept;
      inverse = candidate;
    }
  }
  return inverse;
}

/** Writes the row of a node in one precision. */
export function encode(graph: Graph, context: Context, codes: Codes, node: u32, vector: usize): void {
  const kind = codes.kind;
  const row = codes.base + <usize>node * codes.stride;
  const width = graph.width;
  const values = context.transformed;
  const square = transform(graph, context, vector, false, kind != F32);
  let product: f32 = 0;
  memory.fill(row, 0, codes.stride);
  if (kind == F32) {
    memory.copy(row, vector, (<usize>graph.dimension) << 2);
    if (width > graph.dimension) store<f32>(at(row, graph.dimension), load<f32>(at(values, graph.dimension)));
    store<f32>(row + codes.factorAt, scaleOf(graph, vector));
    store<f32>(row + codes.factorAt, square, 4);
    return;
  }
  if (kind == F16) {
    for (let j: u32 = 0; j < width; j++) {
      store<u16>(row + ((<usize>j) << 1), half(load<f32>(at(values, j))));
      product += valueAt(F16, row, j) * load<f32>(at(values, j));
    }
  } else if (kind == I8) {
    const most = largest(values, width);
    const inverse: f32 = most > 0 ? 127 / most : 0;
    for (let j: u32 = 0; j < width; j++) {
      const x = load<f32>(at(values, j));
      const c = clamp(nearest(x * inverse), -127, 127);
      store<i8>(row + <usize>j, <i8>c);
      product += <f32>c * x;
    }
  } else if (kind == I4) {
    const inverse = bestStep(values, width);
    for (let j: u32 = 0; j < width; j++) {
      const x = load<f32>(at(values, j));
      const c = clamp(nearest(x * inverse + 7.5), 0, 15);
      const byte = row + nibbleByte(codes, j);
      store<u8>(byte, load<u8>(byte) | <u8>(c << nibbleShift(j)));
      product += (<f32>c - 7.5) * x;
    }
  } else {
    for (let j: u32 = 0; j < width; j++) {
      const x = load<f32>(at(values, j));
      const byte = row + (<usize>j >> 3);
      if (x > 0) store<u8>(byte, load<u8>(byte) | ((<u8>1) << (<u8>(j & 7))));
      product += Mathf.abs(x);
    }
  }
  store<f32>(row + codes.factorAt, product > 0 ? square / product : 0);
  store<f32>(row + codes.factorAt, square, 4);
}

/** Float32 to float16, to the nearest, ties to even; too large becomes the largest. */
function half(value: f32): u16 {
  const bits = reinterpret<u32>(value);
  const sign = (bits >> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x477ff000) return <u16>(sign | 0x7bff);
  if (magnitude < 0x38800000) {
    // Below 2^−14 the step is 2^−24: adding .5 lets the float32 unit round there.
    const shifted = reinterpret<u32>(reinterpret<f32>(magnitude) + 0.5);
    return <u16>(sign | (shifted - 0x3f000000));
  }
  return <u16>(sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >> 13) & 1)) >> 13));
}

/** Sets query, norm, scale and offset of the context from transformed values, for a precision. */
function prepareTransformed(graph: Graph, context: Context, codes: Codes, square: f32): void {
  const kind = codes.kind;
  const width = graph.width;
  const values = context.transformed;
  const query = context.query;
  context.codes = codes;
  context.queryNorm = square;
  context.queryOffset = 0;
  context.queryScale = 2;
  if (kind <= F16) {
    memory.fill(query, 0, (<usize>codes.runs) << 4);
    memory.copy(query, values, (<usize>width) << 2);
    return;
  }
  const most = largest(values, width);
  if (kind == I8) {
    // So that no sum of products leaves 32 bits.
    const room: f32 = min(<f32>32000, <f32>2147000000 / (<f32>127 * <f32>width));
    const scale: f32 = most > 0 ? room / most : 0;
    memory.fill(query, 0, (<usize>codes.runs) << 4);
    for (let j: u32 = 0; j < width; j++) {
      store<i16>(query + ((<usize>j) << 1), <i16>nearest(load<f32>(at(values, j)) * scale));
    }
    context.queryScale = scale > 0 ? 2 / scale : 0;
  } else if (kind == I4) {
    const room: f32 = min(<f32>32000, <f32>2147000000 / (<f32>15 * <f32>width));
    const scale: f32 = most > 0 ? room / most : 0;
    memory.fill(query, 0, (<usize>(codes.runs + codes.half)) << 6);
    let sum: f32 = 0;
    for (let j: u32 = 0; j < width; j++) {
      const isOdd = (j >> 3) & 1;
      const c = nearest(load<f32>(at(values, j)) * (isOdd ? scale / 16 : scale));
      store<i16>(query + ((<usize>j) << 1), <i16>c);
      sum += <f32>(isOdd ? c << 4 : c);
    }
    context.queryOffset = 7.5 * sum;
    context.queryScale = scale > 0 ? 2 / scale : 0;
  } else {
    const step: f32 = most / 7;
    const inverse: f32 = step > 0 ? 1 / step : 0;
    memory.fill(query, 0, (<usize>codes.runs) << 6);
    let sum = 0;
    for (let j: u32 = 0; j < width; j++) {
      const c = nearest(load<f32>(at(values, j)) * inverse);
      putPlanes(query, j, c);
      sum += c;
    }
    context.queryOffset = 0.5 * <f32>sum;
    context.queryScale = 4 * step;
  }
}

/** Four bits of a whole number from −8 to 7, each in its plane. */
// @inline
function putPlanes(query: usize, j: u32, value: i32): void {
  const byte = query + ((<usize>j >> 7) << 6) + ((<usize>j & 127) >> 3);
  const bit = j & 7;
  for (let plane: u32 = 0; plane < 4; plane++) {
    const place = byte + ((<usize>plane) << 4);
    store<u8>(place, load<u8>(place) | <u8>(((value >> plane) & 1) << bit));
  }
}

/** Makes a vector the query of a context. */
export function prepareQuery(graph: Graph, context: Context, codes: Codes, vector: usize): void {
  const square = transform(graph, context, vector, true, codes.kind != F32);
  prepareTransformed(graph, context, codes, square);
}

/**
 * Writes 2c − 15, twice the value, for every nibble c of a row; times 16 in the even planes, since the odd ones stay multiplied by
 * 16. Returns the sum of the nibbles.
 */
function doubleNibbles(row: usize, query: usize, runs: u32, half: u32): i32 {
  let sum: i32 = 0;
  for (let run: u32 = 0; run < runs + half; run++) {
    const from = row + ((<usize>run) << 4);
    const to = query + ((<usize>run) << 6);
    const planes = run < runs ? 4 : 2;
    if (ASC_FEATURE_SIMD) {
      let bits = run < runs ? v128.load(from) : v128.load8x8_u(from);
      let nibbles = i16x8.splat(0);
      for (let plane = 0; plane < planes; plane++) {
        const c = v128.and(bits, i16x8.splat(15));
        const value = i16x8.sub(i16x8.shl(c, 1), i16x8.splat(15));
        v128.store(to + ((<usize>plane) << 4), plane & 1 ? value : i16x8.shl(value, 4));
        nibbles = i16x8.add(nibbles, c);
        bits = i16x8.shr_u(bits, 4);
      }
      const halves = i32x4.extadd_pairwise_i16x8_u(nibbles);
      sum += i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
      sum += i32x4.extract_lane(halves, 2) + i32x4.extract_lane(halves, 3);
    } else {
      for (let lane: usize = 0; lane < 8; lane++) {
        let bits = run < runs ? <u32>load<u16>(from + (lane << 1)) : <u32>load<u8>(from + lane);
        for (let plane = 0; plane < planes; plane++) {
          const value = 2 * <i32>(bits & 15) - 15;
          store<i16>(to + ((<usize>plane) << 4) + (lane << 1), <i16>(plane & 1 ? value : value << 4));
          sum += <i32>(bits & 15);
          bits >>= 4;
        }
      }
    }
  }
  return sum;
}

/** Makes a node the query of a context, as its code tells it: distances among nodes are then those of codes. */
export function prepareNode(graph: Graph, context: Context, codes: Codes, node: u32): void {
  const kind = codes.kind;
  const row = codes.base + <usize>node * codes.stride;
  const width = graph.width;
  const query = context.query;
  const factor = load<f32>(row + codes.factorAt);
  context.codes = codes;
  context.queryNorm = load<f32>(row + codes.factorAt, 4);
  context.queryOffset = 0;
  context.queryScale = 2 * factor;
  if (kind == F32) {
    const shift = shiftOf(graph, row);
    memory.fill(query, 0, (<usize>codes.runs) << 4);
    for (let j: u32 = 0; j < width; j++) store<f32>(at(query, j), load<f32>(at(row, j)) - shift);
  } else if (kind == F16) {
    for (let j: u32 = 0; j < codes.runs << 2; j++) store<f32>(at(query, j), valueAt(F16, row, j));
  } else if (kind == I8) {
    for (let j: usize = 0, end = (<usize>codes.runs) << 3; j < end; j += 8) {
      if (ASC_FEATURE_SIMD) v128.store(query + (j << 1), v128.load8x8_s(row + j));
      else for (let l: usize = j; l < j + 8; l++) store<i16>(query + (l << 1), load<i8>(row + l));
    }
  } else if (kind == I4) {
    const sum = doubleNibbles(row, query, codes.runs, codes.half);
    // Past the width nibbles are 0, in every row: what the query says there does not count.
    const total: i32 = 2 * sum - 15 * <i32>width;
    context.queryOffset = 7.5 * 16 * <f32>total;
    context.queryScale = factor / 16;
  } else {
    memory.fill(query, 0, (<usize>codes.runs) << 6);
    let sum = 0;
    for (let j: u32 = 0; j < width; j++) {
      const c = load<u8>(row + (<usize>j >> 3)) & ((<u8>1) << (<u8>(j & 7))) ? 1 : -1;
      putPlanes(query, j, c);
      sum += c;
    }
    context.queryOffset = 0.5 * <f32>sum;
    context.queryScale = 4 * factor;
  }
}

/** Value j of a code, without its factor. */
// @inline
function codeValue(codes: Codes, row: usize, j: u32): f32 {
  const kind = codes.kind;
  if (kind <= F16) return valueAt(kind, row, j);
  if (kind == I8) return <f32>load<i8>(row + <usize>j);
  if (kind == I4) return <f32>((load<u8>(row + nibbleByte(codes, j)) >> <u8>nibbleShift(j)) & 15) - 7.5;
  return load<u8>(row + (<usize>j >> 3)) & ((<u8>1) << (<u8>(j & 7))) ? 1 : -1;
}

/** The row that a node's code stands for, as near as it tells: c · (c · x) / (c · c), less long than the unbiased factor makes it. */
export function decode(graph: Graph, codes: Codes, node: u32, mean: usize, out: usize): void {
  const row = codes.base + <usize>node * codes.stride;
  const isF32 = codes.kind == F32;
  let square: f32 = 0;
  for (let j: u32 = 0; j < graph.width; j++) square += codeValue(codes, row, j) * codeValue(codes, row, j);
  const factor = load<f32>(row + codes.factorAt);
  const scale = !isF32 && factor > 0 && square > 0 ? load<f32>(row + codes.factorAt, 4) / (factor * square) : 1;
  for (let j: u32 = 0; j < graph.dimension; j++) {
    const value = codeValue(codes, row, j) * scale;
    store<f32>(at(out, j), isF32 ? value : value + load<f32>(at(mean, j)));
  }
}

/**
 * Adds up transformed vectors [from, to) at `sums`: [width] f64 sums, then the sum of squared lengths, then the largest squared
 * length of a vector as given.
 */
export function sumVectors(context: Context, from: u32, to: u32, graph: Graph, vectors: usize, sums: usize): void {
  const width = graph.width;
  const squares = sums + ((<usize>width) << 3);
  for (let i = from; i < to; i++) {
    const vector = vectors + <usize>i * ((<usize>graph.dimension) << 2);
    const square = transform(graph, context, vector, false, false);
    let raw: f64 = 0;
    for (let j: u32 = 0; j < graph.dimension; j++) raw += <f64>load<f32>(at(vector, j)) * <f64>load<f32>(at(vector, j));
    for (let j: u32 = 0; j < width; j++) {
      const place = sums + ((<usize>j) << 3);
      store<f64>(place, load<f64>(place) + <f64>load<f32>(at(context.transformed, j)));
    }
    store<f64>(squares, load<f64>(squares) + <f64>square);
    store<f64>(squares, Math.max(load<f64>(squares, 8), raw), 8);
  }
}
