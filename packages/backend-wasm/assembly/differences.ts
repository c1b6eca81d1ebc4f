import { multiplyAdd } from './multiply-add';

/** Terms that are added up in one go: sums of more are sums of such parts, so that rounding grows slowly. */
const PART: i32 = 512;

/**
 * `out[i, j] = Σ_k (a[i, k] − b[j, k])²`, `[n, d], [m, d] → [n, m]`: subtracted before anything else, so that near rows keep their digits.
 * With `same`, `b` is `a` and only one half is computed.
 */
export function squaredDifferences(n: i32, m: i32, d: i32, a: usize, b: usize, out: usize, same: i32): void {
  const rowBytes = (<usize>d) << 2;
  const outBytes = (<usize>m) << 2;
  for (let i = 0; i < n; i++) {
    const aAt = a + <usize>i * rowBytes;
    const to = out + <usize>i * outBytes;
    let j = same ? i & ~3 : 0;
    for (; j + 4 <= m; j += 4) v128.store(to + ((<usize>j) << 2), four(d, aAt, b + <usize>j * rowBytes, rowBytes));
    for (; j < m; j++) store<f32>(to + ((<usize>j) << 2), one(d, aAt, b + <usize>j * rowBytes));
    for (j = 0; same && j < (i & ~3); j++)
      store<f32>(to + ((<usize>j) << 2), load<f32>(out + <usize>j * outBytes + ((<usize>i) << 2)));
  }
}

/** Of one row to four. */
// @inline
function four(d: i32, a: usize, b0: usize, rowBytes: usize): v128 {
  let total = f32x4.splat(0);
  const b1 = b0 + rowBytes;
  const b2 = b1 + rowBytes;
  const b3 = b2 + rowBytes;
  const whole = (<usize>(d & ~3)) << 2;
  for (let begin: usize = 0; begin < whole; begin += PART << 2) {
    const end = min<usize>(whole, begin + (PART << 2));
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (let at = begin; at < end; at += 16) {
      const x = v128.load(a + at);
      const d0 = f32x4.sub(x, v128.load(b0 + at));
      const d1 = f32x4.sub(x, v128.load(b1 + at));
      const d2 = f32x4.sub(x, v128.load(b2 + at));
      const d3 = f32x4.sub(x, v128.load(b3 + at));
      sum0 = multiplyAdd(d0, d0, sum0);
      sum1 = multiplyAdd(d1, d1, sum1);
      sum2 = multiplyAdd(d2, d2, sum2);
      sum3 = multiplyAdd(d3, d3, sum3);
    }
    // Four sums across: a transposition, then three additions.
    const low01 = v128.shuffle<f32>(sum0, sum1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(sum0, sum1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(sum2, sum3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(sum2, sum3, 2, 6, 3, 7);
    const left = f32x4.add(low01, high01);
    const right = f32x4.add(low23, high23);
    const first = v128.shuffle<f32>(left, right, 0, 1, 4, 5);
    const second = v128.shuffle<f32>(left, right, 2, 3, 6, 7);
    total = f32x4.add(total, f32x4.add(first, second));
  }
  for (let at = whole; at < (<usize>d) << 2; at += 4) {
    const others = f32x4.replace_lane(
      f32x4.replace_lane(
        f32x4.replace_lane(v128.load_splat<f32>(b0 + at), 1, load<f32>(b1 + at)),
        2,
        load<f32>(b2 + at),
      ),
      3,
      load<f32>(b3 + at),
    );
    const rest = f32x4.sub(v128.load_splat<f32>(a + at), others);
    total = multiplyAdd(rest, rest, total);
  }
  return total;
}

/** The same sums in the same order, so that a pair has one distance wherever it stands. */
// @inline
function one(d: i32, a: usize, b: usize): f32 {
  return f32x4.extract_lane(four(d, a, b, 0), 0);
}

/**
 * `out[i] = Σ_j w[i, j] · 2 (a[i] − b[j])`, the pull of all rows of `b` on those of `a`: the gradient of {@link squaredDifferences}.
 * `w` is read with strides in floats; with `both`, `w[j, i]` is added to it. Pairs of weight 0 are left out.
 */
export function pullOfDifferences(
  n: i32,
  m: i32,
  d: i32,
  w: usize,
  rowStride: i32,
  columnStride: i32,
  a: usize,
  b: usize,
  out: usize,
  both: i32,
): void {
  const rowBytes = (<usize>d) << 2;
  const whole = d & ~15;
  for (let i = 0; i < n; i++) {
    let k = 0;
    for (; k < whole; k += 16) {
      const at = (<usize>k) << 2;
      const a0 = v128.load(a + at);
      const a1 = v128.load(a + at, 16);
      const a2 = v128.load(a + at, 32);
      const a3 = v128.load(a + at, 48);
      let sum0 = f32x4.splat(0);
      let sum1 = f32x4.splat(0);
      let sum2 = f32x4.splat(0);
      let sum3 = f32x4.splat(0);
      let bAt = b + at;
      for (let j = 0; j < m; j++) {
        const weight = weightOf(w, i, j, rowStride, columnStride, both);
        if (weight != 0) {
          const weights = f32x4.splat(weight);
          sum0 = multiplyAdd(weights, f32x4.sub(a0, v128.load(bAt)), sum0);
          sum1 = multiplyAdd(weights, f32x4.sub(a1, v128.load(bAt, 16)), sum1);
          sum2 = multiplyAdd(weights, f32x4.sub(a2, v128.load(bAt, 32)), sum2);
          sum3 = multiplyAdd(weights, f32x4.sub(a3, v128.load(bAt, 48)), sum3);
        }
        bAt += rowBytes;
      }
      v128.store(out + at, f32x4.add(sum0, sum0));
      v128.store(out + at, f32x4.add(sum1, sum1), 16);
      v128.store(out + at, f32x4.add(sum2, sum2), 32);
      v128.store(out + at, f32x4.add(sum3, sum3), 48);
    }
    for (; k < d; k++) {
      const at = (<usize>k) << 2;
      let sum: f32 = 0;
      for (let j = 0; j < m; j++) {
        const weight = weightOf(w, i, j, rowStride, columnStride, both);
        if (weight != 0) sum += weight * (load<f32>(a + at) - load<f32>(b + <usize>j * rowBytes + at));
      }
      store<f32>(out + at, sum + sum);
    }
    a += rowBytes;
    out += rowBytes;
  }
}

// @inline
function weightOf(w: usize, i: i32, j: i32, rowStride: i32, columnStride: i32, both: i32): f32 {
  const weight = load<f32>(w + ((<usize>i * <usize>rowStride + <usize>j * <usize>columnStride) << 2));
  return both ? weight + load<f32>(w + ((<usize>j * <usize>rowStride + <usize>i * <usize>columnStride) << 2)) : weight;
}
