// Scores of rows against queries, and the best of them, over a memory that the host lays out. No state, no data segment.
//
// Rows come in groups of eight, dimension by dimension: value j of row r of a group lies at (8·j + r)·4, so that a lane is a
// row and nothing is ever summed across lanes. The score of a row is
//   products:     bias[row] − scale[row] · Σ_j q[j]·x[j]
//   differences:  bias[row] + Σ_j |q[j] − x[j]|
// Smaller is better. A bias of Infinity takes a row out.

// What a kernel sums up is a type argument, so that the compiler makes a kernel for each.
type Products = f32;
type Differences = i32;

const LANES: i32 = 8;

// @inline
function step<Sum>(sum: v128, x: v128, q: v128): v128 {
  if (isFloat<Sum>()) {
    if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, q, sum);
    return f32x4.add(sum, f32x4.mul(x, q));
  }
  return f32x4.add(sum, f32x4.abs(f32x4.sub(x, q)));
}

// @inline
function score<Sum>(sum: v128, bias: v128, scale: v128): v128 {
  if (isFloat<Sum>()) return f32x4.sub(bias, f32x4.mul(scale, sum));
  return f32x4.add(bias, sum);
}

/** Puts a score in place of the worst one kept, which heads the heap. */
function replaceWorst(scores: usize, rows: usize, kept: i32, value: f32, row: i32): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= kept) break;
    let worse = load<f32>(scores + ((<usize>child) << 2));
    if (child + 1 < kept) {
      const other = load<f32>(scores + ((<usize>child) << 2), 4);
      if (other > worse) {
        worse = other;
        child++;
      }
    }
    if (worse <= value) break;
    store<f32>(scores + ((<usize>at) << 2), worse);
    store<i32>(rows + ((<usize>at) << 2), load<i32>(rows + ((<usize>child) << 2)));
    at = child;
  }
  store<f32>(scores + ((<usize>at) << 2), value);
  store<i32>(rows + ((<usize>at) << 2), row);
}

/** Offers the eight scores of a group to one query's heap. Returns the worst score now kept, in every lane. */
function offer(a: v128, b: v128, scores: usize, rows: usize, kept: i32, first: i32, spill: usize): v128 {
  v128.store(spill, a);
  v128.store(spill, b, 16);
  for (let lane = 0; lane < LANES; lane++) {
    const value = load<f32>(spill + ((<usize>lane) << 2));
    if (value < load<f32>(scores)) replaceWorst(scores, rows, kept, value, first + lane);
  }
  return v128.load_splat<f32>(scores);
}

// @inline
function better(a: v128, b: v128, worst: v128): bool {
  return v128.any_true(v128.or(f32x4.lt(a, worst), f32x4.lt(b, worst)));
}

/**
 * Offers the listed groups of a chunk to the heaps of four queries at a time.
 *
 * @param chunk Groups of rows
 * @param bias, scale One value a row of the chunk
 * @param list, count Numbers of the groups to look at
 * @param first Number of the chunk's first row
 * @param queries Tiles of four queries, dimension by dimension: value j of query t at (4·j + t)·4
 * @param tiles Tiles
 * @param scores, rows Heaps of `kept` places a query, worst first, four a tile
 * @param spill 32 bytes to write to
 */
// @inline
function scanTiles<Sum>(
  chunk: usize,
  bias: usize,
  scale: usize,
  list: usize,
  count: i32,
  first: i32,
  dimension: i32,
  queries: usize,
  tiles: i32,
  scores: usize,
  rows: usize,
  kept: i32,
  spill: usize,
): void {
  const heap = (<usize>kept) << 2;
  const groupBytes = (<usize>dimension) << 5;
  const end = list + ((<usize>count) << 2);
  for (let tile = 0; tile < tiles; tile++) {
    let worst0 = v128.load_splat<f32>(scores);
    let worst1 = v128.load_splat<f32>(scores + heap);
    let worst2 = v128.load_splat<f32>(scores + 2 * heap);
    let worst3 = v128.load_splat<f32>(scores + 3 * heap);
    for (let at = list; at < end; at += 4) {
      const group = load<i32>(at);
      let x = chunk + <usize>group * groupBytes;
      const stop = x + groupBytes;
      let q = queries;
      let a0 = f32x4.splat(0);
      let b0 = f32x4.splat(0);
      let a1 = f32x4.splat(0);
      let b1 = f32x4.splat(0);
      let a2 = f32x4.splat(0);
      let b2 = f32x4.splat(0);
      let a3 = f32x4.splat(0);
      let b3 = f32x4.splat(0);
      while (x < stop) {
        const a = v128.load(x);
        const b = v128.load(x, 16);
        let s = v128.load_splat<f32>(q);
        a0 = step<Sum>(a0, a, s);
        b0 = step<Sum>(b0, b, s);
        s = v128.load_splat<f32>(q, 4);
        a1 = step<Sum>(a1, a, s);
        b1 = step<Sum>(b1, b, s);
        s = v128.load_splat<f32>(q, 8);
        a2 = step<Sum>(a2, a, s);
        b2 = step<Sum>(b2, b, s);
        s = v128.load_splat<f32>(q, 12);
        a3 = step<Sum>(a3, a, s);
        b3 = step<Sum>(b3, b, s);
        x += 32;
        q += 16;
      }
      const lane = (<usize>group) << 5;
      const biasA = v128.load(bias + lane);
      const biasB = v128.load(bias + lane, 16);
      const scaleA = v128.load(scale + lane);
      const scaleB = v128.load(scale + lane, 16);
      a0 = score<Sum>(a0, biasA, scaleA);
      b0 = score<Sum>(b0, biasB, scaleB);
      a1 = score<Sum>(a1, biasA, scaleA);
      b1 = score<Sum>(b1, biasB, scaleB);
      a2 = score<Sum>(a2, biasA, scaleA);
      b2 = score<Sum>(b2, biasB, scaleB);
      a3 = score<Sum>(a3, biasA, scaleA);
      b3 = score<Sum>(b3, biasB, scaleB);
      const row = first + group * LANES;
      if (better(a0, b0, worst0)) worst0 = offer(a0, b0, scores, rows, kept, row, spill);
      if (better(a1, b1, worst1)) worst1 = offer(a1, b1, scores + heap, rows + heap, kept, row, spill);
      if (better(a2, b2, worst2)) worst2 = offer(a2, b2, scores + 2 * heap, rows + 2 * heap, kept, row, spill);
      if (better(a3, b3, worst3)) worst3 = offer(a3, b3, scores + 3 * heap, rows + 3 * heap, kept, row, spill);
    }
    queries += (<usize>dimension) << 4;
    scores += heap << 2;
    rows += heap << 2;
  }
}

/** Sums of one group against one query, in two chains a vector so that additions overlap; written to `spill`. */
// @inline
function sumOfGroup<Sum>(x: usize, q: usize, groupBytes: usize, spill: usize): void {
  const stop = x + groupBytes;
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  while (x + 32 < stop) {
    let s = v128.load_splat<f32>(q);
    a = step<Sum>(a, v128.load(x), s);
    b = step<Sum>(b, v128.load(x, 16), s);
    s = v128.load_splat<f32>(q, 4);
    c = step<Sum>(c, v128.load(x, 32), s);
    d = step<Sum>(d, v128.load(x, 48), s);
    x += 64;
    q += 8;
  }
  if (x < stop) {
    const s = v128.load_splat<f32>(q);
    a = step<Sum>(a, v128.load(x), s);
    b = step<Sum>(b, v128.load(x, 16), s);
  }
  v128.store(spill, f32x4.add(a, c));
  v128.store(spill, f32x4.add(b, d), 16);
}

/** As {@link scanTiles}, for one query `[dimension]`: bound by memory, so it reads straight on. */
// @inline
function scanSingle<Sum>(
  chunk: usize,
  bias: usize,
  scale: usize,
  list: usize,
  count: i32,
  first: i32,
  dimension: i32,
  query: usize,
  scores: usize,
  rows: usize,
  kept: i32,
  spill: usize,
): void {
  const groupBytes = (<usize>dimension) << 5;
  const end = list + ((<usize>count) << 2);
  let worst = v128.load_splat<f32>(scores);
  for (let at = list; at < end; at += 4) {
    const group = load<i32>(at);
    const lane = (<usize>group) << 5;
    sumOfGroup<Sum>(chunk + <usize>group * groupBytes, query, groupBytes, spill);
    const a = score<Sum>(v128.load(spill), v128.load(bias + lane), v128.load(scale + lane));
    const b = score<Sum>(v128.load(spill, 16), v128.load(bias + lane, 16), v128.load(scale + lane, 16));
    if (better(a, b, worst)) worst = offer(a, b, scores, rows, kept, first + group * LANES, spill);
  }
}

/**
 * Writes the numbers of the rows whose score is at most `limit` to `out`, which has room for every listed row, and returns
 * how many there are.
 */
// @inline
function collectRows<Sum>(
  chunk: usize,
  bias: usize,
  scale: usize,
  list: usize,
  count: i32,
  first: i32,
  dimension: i32,
  query: usize,
  limit: f32,
  out: usize,
  spill: usize,
): i32 {
  const groupBytes = (<usize>dimension) << 5;
  const end = list + ((<usize>count) << 2);
  const most = f32x4.splat(limit);
  let found = out;
  for (let at = list; at < end; at += 4) {
    const group = load<i32>(at);
    const lane = (<usize>group) << 5;
    sumOfGroup<Sum>(chunk + <usize>group * groupBytes, query, groupBytes, spill);
    const a = score<Sum>(v128.load(spill), v128.load(bias + lane), v128.load(scale + lane));
    const b = score<Sum>(v128.load(spill, 16), v128.load(bias + lane, 16), v128.load(scale + lane, 16));
    if (!v128.any_true(v128.or(f32x4.le(a, most), f32x4.le(b, most)))) continue;
    v128.store(spill, a);
    v128.store(spill, b, 16);
    for (let r = 0; r < LANES; r++) {
      if (load<f32>(spill + ((<usize>r) << 2)) <= limit) {
        store<i32>(found, first + group * LANES + r);
        found += 4;
      }
    }
  }
  return <i32>((found - out) >> 2);
}

export function scanProducts(
  chunk: usize,
  bias: usize,
  scale: usize,
  list: usize,
  count: i32,
  first: i32,
  dimension: i32,
  queries: usize,
  tiles: i32,
  scores: usize,
  rows: usize,
  kept: i32,
  spill: usize,
): void {
  if (tiles == 0)
    scanSingle<Products>(chunk, bias, scale, list, count, first, dimension, queries, scores, rows, kept, spill);
  else
    scanTiles<Products>(chunk, bias, scale, list, count, first, dimension, queries, tiles, scores, rows, kept, spill);
}

export function scanDifferences(
  chunk: usize,
  bias: usize,
  scale: usize,
  list: usize,
  count: i32,
  first: i32,
  dimension: i32,
  queries: usize,
  tiles: i32,
  scores: usize,
  rows: usize,
  kept: i32,
  spill: usize,
): void {
  if (tiles == 0)
    scanSingle<Differences>(chunk, bias, scale, list, count, first, dimension, queries, scores, rows, kept, spill);
  else
    scanTiles<Differences>(
      chunk,
      bias,
      scale,
      list,
      count,
      first,
      dimension,
      queries,
      tiles,
      scores,
      rows,
      kept,
      spill,
    );
}

export function collectProducts(
  chunk: usize,
  bias: usize,
  scale: usize,
  list: usize,
  count: i32,
  first: i32,
  dimension: i32,
  query: usize,
  limit: f32,
  out: usize,
  spill: usize,
): i32 {
  return collectRows<Products>(chunk, bias, scale, list, count, first, dimension, query, limit, out, spill);
}

export function collectDifferences(
  chunk: usize,
  bias: usize,
  scale: usize,
  list: usize,
  count: i32,
  first: i32,
  dimension: i32,
  query: usize,
  limit: f32,
  out: usize,
  spill: usize,
): i32 {
  return collectRows<Differences>(chunk, bias, scale, list, count, first, dimension, query, limit, out, spill);
}

/** Packs one row into its lane. */
export function putRow(chunk: usize, row: i32, dimension: i32, from: usize): void {
  let at = chunk + <usize>(row >> 3) * ((<usize>dimension) << 5) + ((<usize>(row & 7)) << 2);
  for (let j = 0; j < dimension; j++) {
    store<f32>(at, load<f32>(from));
    at += 32;
    from += 4;
  }
}

/** Multiply-adds a second that this machine reaches at best: 12 chains that wait for nothing but themselves. For benches. */
export function peak(rounds: i32, seed: f32): f32 {
  const x = f32x4.splat(seed);
  let a0 = x,
    a1 = x,
    a2 = x,
    a3 = x,
    a4 = x,
    a5 = x,
    a6 = x,
    a7 = x,
    a8 = x,
    a9 = x,
    a10 = x,
    a11 = x;
  for (let i = 0; i < rounds; i++) {
    a0 = step<Products>(x, a0, x);
    a1 = step<Products>(x, a1, x);
    a2 = step<Products>(x, a2, x);
    a3 = step<Products>(x, a3, x);
    a4 = step<Products>(x, a4, x);
    a5 = step<Products>(x, a5, x);
    a6 = step<Products>(x, a6, x);
    a7 = step<Products>(x, a7, x);
    a8 = step<Products>(x, a8, x);
    a9 = step<Products>(x, a9, x);
    a10 = step<Products>(x, a10, x);
    a11 = step<Products>(x, a11, x);
  }
  a0 = f32x4.add(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)), f32x4.add(f32x4.add(a4, a5), f32x4.add(a6, a7)));
  a0 = f32x4.add(a0, f32x4.add(f32x4.add(a8, a9), f32x4.add(a10, a11)));
  return f32x4.extract_lane(a0, 0);
}
