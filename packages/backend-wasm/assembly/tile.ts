import { multiplyAdd } from './multiply-add';

/** Rows and columns of the tile of results that stays in registers: eight of x64's sixteen, the rest for operands. */
export const TILE_ROWS: i32 = 4;
export const TILE_COLUMNS: i32 = 8;

/**
 * One tile, `[4, depth] × [depth, 8]`, from packed panels; written to rows `rowBytes` apart, or added to them.
 * The loop over depth is not unrolled: long chains per accumulator would spill registers.
 */
export function multiplyTile(depth: i32, left: usize, right: usize, out: usize, rowBytes: usize, add: bool): void {
  let sum00 = f32x4.splat(0);
  let sum01 = f32x4.splat(0);
  let sum10 = f32x4.splat(0);
  let sum11 = f32x4.splat(0);
  let sum20 = f32x4.splat(0);
  let sum21 = f32x4.splat(0);
  let sum30 = f32x4.splat(0);
  let sum31 = f32x4.splat(0);
  for (let k = depth; k > 0; k--) {
    const right0 = v128.load(right);
    const right1 = v128.load(right, 16);
    let row = v128.load_splat<f32>(left);
    sum00 = multiplyAdd(row, right0, sum00);
    sum01 = multiplyAdd(row, right1, sum01);
    row = v128.load_splat<f32>(left, 4);
    sum10 = multiplyAdd(row, right0, sum10);
    sum11 = multiplyAdd(row, right1, sum11);
    row = v128.load_splat<f32>(left, 8);
    sum20 = multiplyAdd(row, right0, sum20);
    sum21 = multiplyAdd(row, right1, sum21);
    row = v128.load_splat<f32>(left, 12);
    sum30 = multiplyAdd(row, right0, sum30);
    sum31 = multiplyAdd(row, right1, sum31);
    left += 16;
    right += 32;
  }
  storeRow(out, sum00, sum01, add);
  storeRow(out + rowBytes, sum10, sum11, add);
  storeRow(out + 2 * rowBytes, sum20, sum21, add);
  storeRow(out + 3 * rowBytes, sum30, sum31, add);
}

/** One tile whose left operand is four rows, `leftBytes` apart, that were not packed. */
export function multiplyRows(
  depth: i32,
  left: usize,
  leftBytes: usize,
  right: usize,
  out: usize,
  rowBytes: usize,
  add: bool,
): void {
  let row0 = left;
  let row1 = left + leftBytes;
  let row2 = left + 2 * leftBytes;
  let row3 = left + 3 * leftBytes;
  let sum00 = f32x4.splat(0);
  let sum01 = f32x4.splat(0);
  let sum10 = f32x4.splat(0);
  let sum11 = f32x4.splat(0);
  let sum20 = f32x4.splat(0);
  let sum21 = f32x4.splat(0);
  let sum30 = f32x4.splat(0);
  let sum31 = f32x4.splat(0);
  for (let k = depth; k > 0; k--) {
    const right0 = v128.load(right);
    const right1 = v128.load(right, 16);
    let value = v128.load_splat<f32>(row0);
    sum00 = multiplyAdd(value, right0, sum00);
    sum01 = multiplyAdd(value, right1, sum01);
    value = v128.load_splat<f32>(row1);
    sum10 = multiplyAdd(value, right0, sum10);
    sum11 = multiplyAdd(value, right1, sum11);
    value = v128.load_splat<f32>(row2);
    sum20 = multiplyAdd(value, right0, sum20);
    sum21 = multiplyAdd(value, right1, sum21);
    value = v128.load_splat<f32>(row3);
    sum30 = multiplyAdd(value, right0, sum30);
    sum31 = multiplyAdd(value, right1, sum31);
    row0 += 4;
    row1 += 4;
    row2 += 4;
    row3 += 4;
    right += 32;
  }
  storeRow(out, sum00, sum01, add);
  storeRow(out + rowBytes, sum10, sum11, add);
  storeRow(out + 2 * rowBytes, sum20, sum21, add);
  storeRow(out + 3 * rowBytes, sum30, sum31, add);
}

/**
 * The same tile, written as its transpose: eight rows `rowBytes` apart of four columns, each one a row of the left operand.
 */
export function multiplyRowsTransposed(
  depth: i32,
  left: usize,
  leftBytes: usize,
  right: usize,
  out: usize,
  rowBytes: usize,
  add: bool,
): void {
  let row0 = left;
  let row1 = left + leftBytes;
  let row2 = left + 2 * leftBytes;
  let row3 = left + 3 * leftBytes;
  let sum00 = f32x4.splat(0);
  let sum01 = f32x4.splat(0);
  let sum10 = f32x4.splat(0);
  let sum11 = f32x4.splat(0);
  let sum20 = f32x4.splat(0);
  let sum21 = f32x4.splat(0);
  let sum30 = f32x4.splat(0);
  let sum31 = f32x4.splat(0);
  for (let k = depth; k > 0; k--) {
    const right0 = v128.load(right);
    const right1 = v128.load(right, 16);
    let value = v128.load_splat<f32>(row0);
    sum00 = multiplyAdd(value, right0, sum00);
    sum01 = multiplyAdd(value, right1, sum01);
    value = v128.load_splat<f32>(row1);
    sum10 = multiplyAdd(value, right0, sum10);
    sum11 = multiplyAdd(value, right1, sum11);
    value = v128.load_splat<f32>(row2);
    sum20 = multiplyAdd(value, right0, sum20);
    sum21 = multiplyAdd(value, right1, sum21);
    value = v128.load_splat<f32>(row3);
    sum30 = multiplyAdd(value, right0, sum30);
    sum31 = multiplyAdd(value, right1, sum31);
    row0 += 4;
    row1 += 4;
    row2 += 4;
    row3 += 4;
    right += 32;
  }
  storeColumns(out, rowBytes, sum00, sum10, sum20, sum30, add);
  storeColumns(out + 4 * rowBytes, rowBytes, sum01, sum11, sum21, sum31, add);
}

/**
 * One tile of a convolution: four output positions, eight output channels. `pointers` holds, for each tap of the filter,
 * the addresses of the four input pixels under it, so no patch is copied, and where its part of `panel` begins; `outs` the four addresses of results.
 */
export function convolveTile(
  taps: i32,
  channels: i32,
  pointers: usize,
  skip: usize,
  panel: usize,
  outs: usize,
  outSkip: usize,
  add: bool,
): void {
  let sum00 = f32x4.splat(0);
  let sum01 = f32x4.splat(0);
  let sum10 = f32x4.splat(0);
  let sum11 = f32x4.splat(0);
  let sum20 = f32x4.splat(0);
  let sum21 = f32x4.splat(0);
  let sum30 = f32x4.splat(0);
  let sum31 = f32x4.splat(0);
  for (let tap = taps; tap > 0; tap--) {
    let pixel0 = <usize>load<u32>(pointers) + skip;
    let pixel1 = <usize>load<u32>(pointers, 4) + skip;
    let pixel2 = <usize>load<u32>(pointers, 8) + skip;
    let pixel3 = <usize>load<u32>(pointers, 12) + skip;
    let right = panel + <usize>load<u32>(pointers, 16);
    for (let k = channels; k > 0; k--) {
      const right0 = v128.load(right);
      const right1 = v128.load(right, 16);
      let row = v128.load_splat<f32>(pixel0);
      sum00 = multiplyAdd(row, right0, sum00);
      sum01 = multiplyAdd(row, right1, sum01);
      row = v128.load_splat<f32>(pixel1);
      sum10 = multiplyAdd(row, right0, sum10);
      sum11 = multiplyAdd(row, right1, sum11);
      row = v128.load_splat<f32>(pixel2);
      sum20 = multiplyAdd(row, right0, sum20);
      sum21 = multiplyAdd(row, right1, sum21);
      row = v128.load_splat<f32>(pixel3);
      sum30 = multiplyAdd(row, right0, sum30);
      sum31 = multiplyAdd(row, right1, sum31);
      pixel0 += 4;
      pixel1 += 4;
      pixel2 += 4;
      pixel3 += 4;
      right += 32;
    }
    pointers += 32;
  }
  storeRow(<usize>load<u32>(outs) + outSkip, sum00, sum01, add);
  storeRow(<usize>load<u32>(outs, 4) + outSkip, sum10, sum11, add);
  storeRow(<usize>load<u32>(outs, 8) + outSkip, sum20, sum21, add);
  storeRow(<usize>load<u32>(outs, 12) + outSkip, sum30, sum31, add);
}

/**
 * Four output positions and one output channel, whose filter lies with input channels adjacent, four of them to a vector.
 * `pointers` also holds where each tap's part of the filter begins.
 */
export function convolveNarrow(
  taps: i32,
  channels: i32,
  pointers: usize,
  filterSkip: usize,
  outs: usize,
  outSkip: usize,
): void {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let sum2 = f32x4.splat(0);
  let sum3 = f32x4.splat(0);
  for (let tap = taps; tap > 0; tap--) {
    let pixel0 = <usize>load<u32>(pointers);
    let pixel1 = <usize>load<u32>(pointers, 4);
    let pixel2 = <usize>load<u32>(pointers, 8);
    let pixel3 = <usize>load<u32>(pointers, 12);
    let filter = <usize>load<u32>(pointers, 20) + filterSkip;
    for (let k = channels; k > 0; k -= 4) {
      const weights = v128.load(filter);
      sum0 = multiplyAdd(v128.load(pixel0), weights, sum0);
      sum1 = multiplyAdd(v128.load(pixel1), weights, sum1);
      sum2 = multiplyAdd(v128.load(pixel2), weights, sum2);
      sum3 = multiplyAdd(v128.load(pixel3), weights, sum3);
      pixel0 += 16;
      pixel1 += 16;
      pixel2 += 16;
      pixel3 += 16;
      filter += 16;
    }
    pointers += 32;
  }
  storeSum(<usize>load<u32>(outs) + outSkip, sum0);
  storeSum(<usize>load<u32>(outs, 4) + outSkip, sum1);
  storeSum(<usize>load<u32>(outs, 8) + outSkip, sum2);
  storeSum(<usize>load<u32>(outs, 12) + outSkip, sum3);
}

// @inline
function storeSum(out: usize, sum: v128): void {
  const low = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
  store<f32>(out, low + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)));
}

/** Four rows of four, written as columns. */
// @inline
function storeColumns(out: usize, rowBytes: usize, row0: v128, row1: v128, row2: v128, row3: v128, add: bool): void {
  const low01 = v128.shuffle<i32>(row0, row1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(row0, row1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(row2, row3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(row2, row3, 2, 6, 3, 7);
  storeFour(out, v128.shuffle<i32>(low01, low23, 0, 1, 4, 5), add);
  storeFour(out + rowBytes, v128.shuffle<i32>(low01, low23, 2, 3, 6, 7), add);
  storeFour(out + 2 * rowBytes, v128.shuffle<i32>(high01, high23, 0, 1, 4, 5), add);
  storeFour(out + 3 * rowBytes, v128.shuffle<i32>(high01, high23, 2, 3, 6, 7), add);
}

// @inline
function storeFour(out: usize, values: v128, add: bool): void {
  v128.store(out, add ? f32x4.add(v128.load(out), values) : values);
}

// @inline
function storeRow(out: usize, left: v128, right: v128, add: bool): void {
  if (add) {
    v128.store(out, f32x4.add(v128.load(out), left));
    v128.store(out, f32x4.add(v128.load(out, 16), right), 16);
  } else {
    v128.store(out, left);
    v128.store(out, right, 16);
  }
}

/** The valid corner of a tile that was computed whole, aside, written as its transpose. */
export function storeCornerTransposed(
  tile: usize,
  rows: i32,
  columns: i32,
  out: usize,
  rowBytes: usize,
  add: bool,
): void {
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const at = out + ((<usize>row) << 2);
      const value = load<f32>(tile + ((<usize>(row * TILE_COLUMNS + column)) << 2));
      store<f32>(at, add ? load<f32>(at) + value : value);
    }
    out += rowBytes;
  }
}

/** The valid corner of a tile that was computed whole, aside. */
export function storeCorner(tile: usize, rows: i32, columns: i32, out: usize, rowBytes: usize, add: bool): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = out + ((<usize>column) << 2);
      const value = load<f32>(tile + ((<usize>column) << 2));
      store<f32>(at, add ? load<f32>(at) + value : value);
    }
    tile += TILE_COLUMNS * 4;
    out += rowBytes;
  }
}
