// What the numbers that JavaScript passes as `operation` mean. src/kernel-exports.ts has the same lists.
const ADD: i32 = 0;
const SUBTRACT: i32 = 1;
const MULTIPLY: i32 = 2;
const DIVIDE: i32 = 3;
const MAXIMUM: i32 = 4;
const MINIMUM: i32 = 5;
const SQUARED_DIFFERENCE: i32 = 6;
const SQUARE_GRADIENT: i32 = 7;

const RELU: i32 = 0;
const STEP: i32 = 1;
const SQUARE: i32 = 2;
const SQUARE_ROOT: i32 = 3;
const RECIPROCAL_ROOT: i32 = 4;
const NEGATIVE: i32 = 5;
const ABSOLUTE: i32 = 6;

const EQUAL: i32 = 0;
const NOT_EQUAL: i32 = 1;
const LESS: i32 = 2;
const LESS_EQUAL: i32 = 3;
const GREATER: i32 = 4;

// @inline
function combine(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return f32x4.add(a, b);
  if (operation == SUBTRACT) return f32x4.sub(a, b);
  if (operation == MULTIPLY) return f32x4.mul(a, b);
  if (operation == DIVIDE) return f32x4.div(a, b);
  if (operation == MAXIMUM) return f32x4.max(a, b);
  if (operation == MINIMUM) return f32x4.min(a, b);
  if (operation == SQUARED_DIFFERENCE) return f32x4.mul(f32x4.sub(a, b), f32x4.sub(a, b));
  return f32x4.mul(a, f32x4.add(b, b)); // SQUARE_GRADIENT
}

/** 1 where `x` is above zero, `otherwise` where not, NaN where it is NaN. */
// @inline
function stepOf(x: v128, otherwise: v128): v128 {
  const step = v128.bitselect(f32x4.splat(1), otherwise, f32x4.gt(x, f32x4.splat(0)));
  return v128.or(step, f32x4.ne(x, x)); // all bits set are a NaN
}

// @inline
function apply(operation: i32, x: v128, parameter: v128): v128 {
  if (operation == RELU) return f32x4.max(x, f32x4.splat(0));
  if (operation == STEP) return stepOf(x, parameter);
  if (operation == SQUARE) return f32x4.mul(x, x);
  if (operation == SQUARE_ROOT) return f32x4.sqrt(x);
  if (operation == RECIPROCAL_ROOT) return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  if (operation == NEGATIVE) return f32x4.neg(x);
  return f32x4.abs(x); // ABSOLUTE
}

/**
 * `out = operation(a, b)` over `[first, second, rows, columns]`, with any broadcast: each operand has a stride, in floats,
 * for each axis; along columns it is 0 or 1.
 */
export function binary(
  operation: i32,
  first: i32,
  second: i32,
  rows: i32,
  columns: i32,
  a: usize,
  aFirst: i32,
  aSecond: i32,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bFirst: i32,
  bSecond: i32,
  bRow: i32,
  bColumn: i32,
  out: usize,
): void {
  const outBytes = (<usize>rows * columns) << 2;
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      const aPart = a + ((<usize>i * aFirst + <usize>j * aSecond) << 2);
      const bPart = b + ((<usize>i * bFirst + <usize>j * bSecond) << 2);
      const out0 = out;
      out += outBytes;
      if (operation == ADD) binaryRows(ADD, rows, columns, aPart, aRow, aColumn, bPart, bRow, bColumn, out0);
      else if (operation == SUBTRACT)
        binaryRows(SUBTRACT, rows, columns, aPart, aRow, aColumn, bPart, bRow, bColumn, out0);
      else if (operation == MULTIPLY)
        binaryRows(MULTIPLY, rows, columns, aPart, aRow, aColumn, bPart, bRow, bColumn, out0);
      else if (operation == DIVIDE) binaryRows(DIVIDE, rows, columns, aPart, aRow, aColumn, bPart, bRow, bColumn, out0);
      else if (operation == MAXIMUM)
        binaryRows(MAXIMUM, rows, columns, aPart, aRow, aColumn, bPart, bRow, bColumn, out0);
      else if (operation == MINIMUM)
        binaryRows(MINIMUM, rows, columns, aPart, aRow, aColumn, bPart, bRow, bColumn, out0);
      else if (operation == SQUARED_DIFFERENCE)
        binaryRows(SQUARED_DIFFERENCE, rows, columns, aPart, aRow, aColumn, bPart, bRow, bColumn, out0);
      else binaryRows(SQUARE_GRADIENT, rows, columns, aPart, aRow, aColumn, bPart, bRow, bColumn, out0);
    }
  }
}

/** One loop for each operation, since `operation` is a constant where this is inlined. */
// @inline
function binaryRows(
  operation: i32,
  rows: i32,
  columns: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
): void {
  const aBytes = (<usize>aColumn) << 4;
  const bBytes = (<usize>bColumn) << 4;
  const whole = columns & ~3;
  for (let row = 0; row < rows; row++) {
    let aAt = a;
    let bAt = b;
    if (aColumn != 0 && bColumn != 0) {
      for (let i = whole; i > 0; i -= 4) {
        v128.store(out, combine(operation, v128.load(aAt), v128.load(bAt)));
        aAt += 16;
        bAt += 16;
        out += 16;
      }
    } else if (whole > 0) {
      // One side is a single value along columns.
      const aSplat = v128.load_splat<f32>(a);
      const bSplat = v128.load_splat<f32>(b);
      for (let i = whole; i > 0; i -= 4) {
        v128.store(
          out,
          combine(operation, aColumn != 0 ? v128.load(aAt) : aSplat, bColumn != 0 ? v128.load(bAt) : bSplat),
        );
        aAt += aBytes;
        bAt += bBytes;
        out += 16;
      }
    }
    for (let i = whole; i < columns; i++) {
      const value = combine(operation, v128.load_splat<f32>(aAt), v128.load_splat<f32>(bAt));
      store<f32>(out, f32x4.extract_lane(value, 0));
      aAt += aBytes >> 2;
      bAt += bBytes >> 2;
      out += 4;
    }
    a += (<usize>aRow) << 2;
    b += (<usize>bRow) << 2;
  }
}

/**
 * Gradient of relu: `dy` times 1 where `x` is above zero, 0 where not, NaN where it is NaN; a product, so that an infinite
 * or NaN `dy` comes out as it does in two operations. `one` is 1, passed in because V8 builds constants anew in each round.
 */
export function reluGradient(size: i32, dy: usize, x: usize, out: usize, one: f32): void {
  const ones = f32x4.splat(one);
  const zeros = f32x4.splat(one - one);
  let i = size;
  for (; i >= 4; i -= 4) {
    v128.store(out, f32x4.mul(v128.load(dy), slopeOf(v128.load(x), zeros, ones)));
    dy += 16;
    x += 16;
    out += 16;
  }
  for (; i > 0; i--) {
    const value = f32x4.mul(v128.load_splat<f32>(dy), slopeOf(v128.load_splat<f32>(x), zeros, ones));
    store<f32>(out, f32x4.extract_lane(value, 0));
    dy += 4;
    x += 4;
    out += 4;
  }
}

// @inline
function slopeOf(x: v128, zeros: v128, ones: v128): v128 {
  return v128.or(v128.and(f32x4.gt(x, zeros), ones), f32x4.ne(x, x)); // all bits set are a NaN
}

/** `out = operation(x)`, element by element. */
export function unary(operation: i32, size: i32, x: usize, out: usize, parameter: f32): void {
  if (operation == RELU) unaryLoop(RELU, size, x, out, parameter);
  else if (operation == STEP) unaryLoop(STEP, size, x, out, parameter);
  else if (operation == SQUARE) unaryLoop(SQUARE, size, x, out, parameter);
  else if (operation == SQUARE_ROOT) unaryLoop(SQUARE_ROOT, size, x, out, parameter);
  else if (operation == RECIPROCAL_ROOT) unaryLoop(RECIPROCAL_ROOT, size, x, out, parameter);
  else if (operation == NEGATIVE) unaryLoop(NEGATIVE, size, x, out, parameter);
  else unaryLoop(ABSOLUTE, size, x, out, parameter);
}

// @inline
function unaryLoop(operation: i32, size: i32, x: usize, out: usize, parameter: f32): void {
  const parameters = f32x4.splat(parameter);
  let i = size;
  for (; i >= 4; i -= 4) {
    v128.store(out, apply(operation, v128.load(x), parameters));
    x += 16;
    out += 16;
  }
  for (; i > 0; i--) {
    store<f32>(out, f32x4.extract_lane(apply(operation, v128.load_splat<f32>(x), parameters), 0));
    x += 4;
    out += 4;
  }
}

/** `out = a ⋚ b`, one byte each, over the same axes as {@link binary}; the operands hold floats, or integers. */
export function compare(
  operation: i32,
  integers: i32,
  first: i32,
  second: i32,
  rows: i32,
  columns: i32,
  a: usize,
  aFirst: i32,
  aSecond: i32,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bFirst: i32,
  bSecond: i32,
  bRow: i32,
  bColumn: i32,
  out: usize,
): void {
  const aBytes = (<usize>aColumn) << 2;
  const bBytes = (<usize>bColumn) << 2;
  for (let i = 0; i < first; i++) {
    for (let j = 0; j < second; j++) {
      for (let row = 0; row < rows; row++) {
        let aAt = a + ((<usize>i * aFirst + <usize>j * aSecond + <usize>row * aRow) << 2);
        let bAt = b + ((<usize>i * bFirst + <usize>j * bSecond + <usize>row * bRow) << 2);
        for (let column = 0; column < columns; column++) {
          const holds = integers
            ? holdsFor<i32>(operation, load<i32>(aAt), load<i32>(bAt))
            : holdsFor<f32>(operation, load<f32>(aAt), load<f32>(bAt));
          store<u8>(out, <u8>holds);
          aAt += aBytes;
          bAt += bBytes;
          out++;
        }
      }
    }
  }
}

// @inline
function holdsFor<T>(operation: i32, a: T, b: T): bool {
  if (operation == EQUAL) return a == b;
  if (operation == NOT_EQUAL) return a != b;
  if (operation == LESS) return a < b;
  if (operation == LESS_EQUAL) return a <= b;
  if (operation == GREATER) return a > b;
  return a >= b; // greater or equal, 5
}
