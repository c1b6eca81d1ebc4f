// Sums over rows whose width is a multiple of four. The scalar form adds in the order of the SIMD form, so both give the same bits.

// @inline
function addLanes(a: f32, b: f32, c: f32, d: f32): f32 {
  return a + c + (b + d);
}

// @inline
function addLanesOf(sum: v128): f32 {
  return addLanes(
    f32x4.extract_lane(sum, 0),
    f32x4.extract_lane(sum, 1),
    f32x4.extract_lane(sum, 2),
    f32x4.extract_lane(sum, 3),
  );
}

/** Σ a·b, or Σ (a − b)² for differences. */
// @inline
function sumOf<Kind>(a: usize, b: usize, width: i32): f32 {
  const end = a + ((<usize>width) << 2);
  const last = end - 16;
  if (ASC_FEATURE_SIMD) {
    let s = f32x4.splat(0);
    let t = f32x4.splat(0);
    while (a < last) {
      s = f32x4.add(s, term<Kind>(v128.load(a), v128.load(b)));
      t = f32x4.add(t, term<Kind>(v128.load(a, 16), v128.load(b, 16)));
      a += 32;
      b += 32;
    }
    if (a < end) s = f32x4.add(s, term<Kind>(v128.load(a), v128.load(b)));
    return addLanesOf(f32x4.add(s, t));
  }
  let s0: f32 = 0;
  let s1: f32 = 0;
  let s2: f32 = 0;
  let s3: f32 = 0;
  let t0: f32 = 0;
  let t1: f32 = 0;
  let t2: f32 = 0;
  let t3: f32 = 0;
  while (a < end) {
    s0 += one<Kind>(load<f32>(a), load<f32>(b));
    s1 += one<Kind>(load<f32>(a, 4), load<f32>(b, 4));
    s2 += one<Kind>(load<f32>(a, 8), load<f32>(b, 8));
    s3 += one<Kind>(load<f32>(a, 12), load<f32>(b, 12));
    if (a < last) {
      t0 += one<Kind>(load<f32>(a, 16), load<f32>(b, 16));
      t1 += one<Kind>(load<f32>(a, 20), load<f32>(b, 20));
      t2 += one<Kind>(load<f32>(a, 24), load<f32>(b, 24));
      t3 += one<Kind>(load<f32>(a, 28), load<f32>(b, 28));
    }
    a += 32;
    b += 32;
  }
  return addLanes(s0 + t0, s1 + t1, s2 + t2, s3 + t3);
}

// Which sum: a type argument, so that the compiler makes a loop for each.
type Products = f32;
type Differences = i32;

// @inline
function term<Kind>(x: v128, y: v128): v128 {
  if (isFloat<Kind>()) return f32x4.mul(x, y);
  const d = f32x4.sub(x, y);
  return f32x4.mul(d, d);
}

// @inline
function one<Kind>(x: f32, y: f32): f32 {
  if (isFloat<Kind>()) return x * y;
  return (x - y) * (x - y);
}

/** Σ a·b over [width]. */
// @inline
export function sumOfProducts(a: usize, b: usize, width: i32): f32 {
  return sumOf<Products>(a, b, width);
}

/** Σ (a − b)² over [width]. */
// @inline
export function sumOfSquares(a: usize, b: usize, width: i32): f32 {
  return sumOf<Differences>(a, b, width);
}

/** Σ a over [width], in float64. */
// @inline
export function sumOfValues(a: usize, width: i32): f64 {
  let sum: f64 = 0;
  for (const end = a + ((<usize>width) << 2); a < end; a += 4) sum += <f64>load<f32>(a);
  return sum;
}

/** Whether every float32 is a number. */
export function areFinite(at: usize, count: i32): bool {
  const end = at + ((<usize>count) << 2);
  const last = end - 16;
  if (ASC_FEATURE_SIMD) {
    const exponent = i32x4.splat(0x7f800000);
    for (; at <= last; at += 16) {
      if (v128.any_true(i32x4.eq(v128.and(v128.load(at), exponent), exponent))) return false;
    }
  }
  for (; at < end; at += 4) if ((load<u32>(at) & 0x7f800000) == 0x7f800000) return false;
  return true;
}

/** Square of the longest of rows `[count, width]`; NaN when one of them is no number, or its square none of float32. */
export function longestSquare(rows: usize, count: i32, width: i32): f32 {
  let longest: f32 = 0;
  for (let i = 0; i < count; i++) {
    const square = sumOfProducts(rows, rows, width);
    if (!(square < <f32>Infinity)) return <f32>NaN;
    longest = max(longest, square);
    rows += (<usize>width) << 2;
  }
  return longest;
}
