// Sums are taken in two levels, so that rounding grows with the root of the length and not with the length.
const ROW_BLOCK: i32 = 256;
const FLAT_BLOCK: i32 = 4096;

/** `out[outer, inner] = Σ x[outer, reduced, inner] / divisor`. */
export function sum(outer: i32, reduced: i32, inner: i32, x: usize, out: usize, divisor: f32): void {
  const part = (<usize>reduced * inner) << 2;
  for (let i = 0; i < outer; i++) {
    if (inner == 1) {
      store<f32>(out, <f32>flatSum(reduced, x) / divisor);
    } else {
      columnSums(reduced, inner, x, out);
      if (divisor != 1) divide(inner, out, divisor);
    }
    x += part;
    out += (<usize>inner) << 2;
  }
}

function divide(size: i32, out: usize, divisor: f32): void {
  for (let i = size; i > 0; i--) {
    store<f32>(out, load<f32>(out) / divisor);
    out += 4;
  }
}

function flatSum(size: i32, x: usize): f64 {
  let total: f64 = 0;
  for (let left = size; left > 0; left -= FLAT_BLOCK) {
    let i = min(left, FLAT_BLOCK);
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (; i >= 16; i -= 16) {
      sum0 = f32x4.add(sum0, v128.load(x));
      sum1 = f32x4.add(sum1, v128.load(x, 16));
      sum2 = f32x4.add(sum2, v128.load(x, 32));
      sum3 = f32x4.add(sum3, v128.load(x, 48));
      x += 64;
    }
    total += lanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)));
    for (; i > 0; i--) {
      total += load<f32>(x);
      x += 4;
    }
  }
  return total;
}

// @inline
function lanes(x: v128): f64 {
  return (
    <f64>f32x4.extract_lane(x, 0) +
    <f64>f32x4.extract_lane(x, 1) +
    (<f64>f32x4.extract_lane(x, 2) + <f64>f32x4.extract_lane(x, 3))
  );
}

function columnSums(rows: i32, columns: i32, x: usize, out: usize): void {
  const rowBytes = (<usize>columns) << 2;
  memory.fill(out, 0, rowBytes);
  for (let row = 0; row < rows; row += ROW_BLOCK) {
    const rowsHere = min(ROW_BLOCK, rows - row);
    let j = 0;
    for (; j + 16 <= columns; j += 16) {
      let sum0 = f32x4.splat(0);
      let sum1 = f32x4.splat(0);
      let sum2 = f32x4.splat(0);
      let sum3 = f32x4.splat(0);
      let at = x + ((<usize>j) << 2);
      for (let i = rowsHere; i > 0; i--) {
        sum0 = f32x4.add(sum0, v128.load(at));
        sum1 = f32x4.add(sum1, v128.load(at, 16));
        sum2 = f32x4.add(sum2, v128.load(at, 32));
        sum3 = f32x4.add(sum3, v128.load(at, 48));
        at += rowBytes;
      }
      const place = out + ((<usize>j) << 2);
      v128.store(place, f32x4.add(v128.load(place), sum0));
      v128.store(place, f32x4.add(v128.load(place, 16), sum1), 16);
      v128.store(place, f32x4.add(v128.load(place, 32), sum2), 32);
      v128.store(place, f32x4.add(v128.load(place, 48), sum3), 48);
    }
    for (; j + 4 <= columns; j += 4) {
      let sum = f32x4.splat(0);
      let at = x + ((<usize>j) << 2);
      for (let i = rowsHere; i > 0; i--) {
        sum = f32x4.add(sum, v128.load(at));
        at += rowBytes;
      }
      const place = out + ((<usize>j) << 2);
      v128.store(place, f32x4.add(v128.load(place), sum));
    }
    for (; j < columns; j++) {
      let sum: f32 = 0;
      let at = x + ((<usize>j) << 2);
      for (let i = rowsHere; i > 0; i--) {
        sum += load<f32>(at);
        at += rowBytes;
      }
      const place = out + ((<usize>j) << 2);
      store<f32>(place, load<f32>(place) + sum);
    }
    x += <usize>rowsHere * rowBytes;
  }
}

/** `out[outer, reduced, inner] = x[outer, inner] / divisor`: the gradient of a sum or a mean. */
export function spread(outer: i32, reduced: i32, inner: i32, x: usize, out: usize, divisor: f32): void {
  const rowBytes = (<usize>inner) << 2;
  const divisors = f32x4.splat(divisor);
  for (let i = 0; i < outer; i++) {
    if (inner == 1) {
      const value = load<f32>(x) / divisor;
      const values = f32x4.splat(value);
      let k = reduced;
      for (; k >= 4; k -= 4) {
        v128.store(out, values);
        out += 16;
      }
      for (; k > 0; k--) {
        store<f32>(out, value);
        out += 4;
      }
    } else if (reduced > 0) {
      const first = out;
      let k = inner;
      let at = x;
      for (; k >= 4; k -= 4) {
        v128.store(out, f32x4.div(v128.load(at), divisors));
        at += 16;
        out += 16;
      }
      for (; k > 0; k--) {
        store<f32>(out, load<f32>(at) / divisor);
        at += 4;
        out += 4;
      }
      // The rest is copies of the first row, doubled until it is long.
      const bytes = <usize>reduced * rowBytes;
      for (let done = rowBytes; done < bytes;) {
        const more = min(done, bytes - done);
        memory.copy(first + done, first, more);
        done += more;
      }
      out = first + bytes;
    }
    x += rowBytes;
  }
}

/**
 * Adds rows of `x`, `[rows, inner]`, into the segments that `ids` names, `out` being `[segments, inner]`; ids outside of
 * [0, segments) are left out.
 */
export function segmentSum(rows: i32, inner: i32, segments: i32, x: usize, ids: usize, out: usize): void {
  const rowBytes = (<usize>inner) << 2;
  memory.fill(out, 0, <usize>segments * rowBytes);
  for (let row = 0; row < rows; row++) {
    const id = load<i32>(ids);
    ids += 4;
    if (<u32>id < <u32>segments) {
      let from = x;
      let to = out + <usize>id * rowBytes;
      let k = inner;
      for (; k >= 4; k -= 4) {
        v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
        from += 16;
        to += 16;
      }
      for (; k > 0; k--) {
        store<f32>(to, load<f32>(to) + load<f32>(from));
        from += 4;
        to += 4;
      }
    }
    x += rowBytes;
  }
}
