import { packLeft, packRight } from './pack';
import {
  multiplyRows,
  multiplyRowsTransposed,
  multiplyTile,
  storeCorner,
  storeCornerTransposed,
  TILE_COLUMNS,
  TILE_ROWS,
} from './tile';

// Block sizes: a left block of 64 KiB and a right block of half a megabyte stay in the second-level cache.
export const DEPTH_BLOCK: i32 = 256;
export const ROW_BLOCK: i32 = 64;
export const COLUMN_BLOCK: i32 = 480;

/** An operand that meets at most so many columns, or rows, of the other is read where it lies: to pack it would cost more than it saves. */
const FEW: i32 = 128;
/** Floats of the large operand of a turned product that are worked off together, so that results are written in long runs. */
const STRIP_FLOATS: i32 = 32768;

/** Bytes that `gemm` and `filterGradient` need as workspace. */
export function gemmWorkspaceBytes(): i32 {
  return 4 * (ROW_BLOCK * DEPTH_BLOCK + DEPTH_BLOCK * COLUMN_BLOCK + TILE_ROWS * TILE_COLUMNS);
}

/**
 * `out = left × right`, `[rows, depth] × [depth, columns]`, or `out += …` when `add`. Strides in floats, by row and by
 * column, so each operand may lie transposed; rows of `out` are `outStride` floats apart, columns adjacent.
 */
export function gemm(
  rows: i32,
  columns: i32,
  depth: i32,
  left: usize,
  leftRowStride: i32,
  leftColumnStride: i32,
  right: usize,
  rightRowStride: i32,
  rightColumnStride: i32,
  out: usize,
  outStride: i32,
  workspace: usize,
  add: i32,
): void {
  const leftBlock = workspace;
  const rightBlock = leftBlock + ROW_BLOCK * DEPTH_BLOCK * 4;
  if (depth == 0) {
    for (let row = 0; row < rows && add == 0; row++)
      memory.fill(floats(out, row, outStride, 0, 0), 0, (<usize>columns) << 2);
    return;
  }
  if (rightRowStride == 1 && rows <= FEW && columns >= TILE_ROWS) {
    multiplyTurned(
      rows,
      columns,
      depth,
      left,
      leftRowStride,
      leftColumnStride,
      right,
      rightColumnStride,
      out,
      outStride,
      workspace,
      add != 0,
    );
    return;
  }
  const step = depthStep(depth);
  const inPlace = leftColumnStride == 1 && columns <= FEW;
  for (let column = 0; column < columns; column += COLUMN_BLOCK) {
    const columnsHere = min(COLUMN_BLOCK, columns - column);
    for (let k = 0; k < depth; k += step) {
      const depthHere = min(step, depth - k);
      packRightBlock(
        rightBlock,
        floats(right, k, rightRowStride, column, rightColumnStride),
        rightColumnStride,
        rightRowStride,
        columnsHere,
        depthHere,
      );
      let row = 0;
      if (inPlace) {
        row = rows & ~(TILE_ROWS - 1);
        multiplyInPlace(
          floats(left, 0, 0, k, 1),
          leftRowStride,
          rightBlock,
          row,
          columnsHere,
          depthHere,
          floats(out, 0, 0, column, 1),
          outStride,
          add != 0 || k > 0,
        );
      }
      for (; row < rows; row += ROW_BLOCK) {
        const rowsHere = min(ROW_BLOCK, rows - row);
        packLeftBlock(
          leftBlock,
          floats(left, row, leftRowStride, k, leftColumnStride),
          leftRowStride,
          leftColumnStride,
          rowsHere,
          depthHere,
        );
        multiplyBlock(
          leftBlock,
          rightBlock,
          rowsHere,
          columnsHere,
          depthHere,
          floats(out, row, outStride, column, 1),
          outStride,
          add != 0 || k > 0,
        );
      }
    }
  }
}

/** Rows in fours whose left operand, depth along memory, is not packed. */
function multiplyInPlace(
  left: usize,
  leftStride: i32,
  rightBlock: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  out: usize,
  outStride: i32,
  add: bool,
): void {
  const leftBytes = (<usize>leftStride) << 2;
  const rowBytes = (<usize>outStride) << 2;
  const spare = rightBlock + DEPTH_BLOCK * COLUMN_BLOCK * 4;
  for (let i = 0; i < rows; i += TILE_ROWS) {
    const four = floats(left, i, leftStride, 0, 0);
    for (let j = 0; j < columns; j += TILE_COLUMNS) {
      const right = rightBlock + ((<usize>(j * depth)) << 2);
      const tile = floats(out, i, outStride, j, 1);
      if (columns - j >= TILE_COLUMNS) {
        multiplyRows(depth, four, leftBytes, right, tile, rowBytes, add);
      } else {
        multiplyRows(depth, four, leftBytes, right, spare, TILE_COLUMNS * 4, false);
        storeCorner(spare, TILE_ROWS, columns - j, tile, rowBytes, add);
      }
    }
  }
}

/**
 * A product with few rows, whose right operand has depth along memory, as the transpose of right × left: only the small
 * operand is packed, and the large one is read once, in order.
 */
function multiplyTurned(
  rows: i32,
  columns: i32,
  depth: i32,
  left: usize,
  leftRowStride: i32,
  leftColumnStride: i32,
  right: usize,
  rightStride: i32,
  out: usize,
  outStride: i32,
  workspace: usize,
  add: bool,
): void {
  const panels = workspace;
  const four = panels + DEPTH_BLOCK * COLUMN_BLOCK * 4;
  const spare = four + ROW_BLOCK * DEPTH_BLOCK * 4;
  const rightBytes = (<usize>rightStride) << 2;
  const rowBytes = (<usize>outStride) << 2;
  const step = depthStep(depth);
  const whole = columns & ~(TILE_ROWS - 1);
  const stripColumns = (STRIP_FLOATS / step) & ~(TILE_ROWS - 1);
  for (let k = 0; k < depth; k += step) {
    const depthHere = min(step, depth - k);
    const adds = add || k > 0;
    packRightBlock(panels, floats(left, 0, 0, k, leftColumnStride), leftRowStride, leftColumnStride, rows, depthHere);
    for (let strip = 0; strip < whole; strip += stripColumns) {
      const end = min(strip + stripColumns, whole);
      for (let i = 0; i < rows; i += TILE_COLUMNS) {
        const panel = panels + ((<usize>(i * depthHere)) << 2);
        const rowsHere = min(TILE_COLUMNS, rows - i);
        for (let j = strip; j < end; j += TILE_ROWS) {
          const source = floats(right, k, 1, j, rightStride);
          const tile = floats(out, i, outStride, j, 1);
          if (rowsHere == TILE_COLUMNS) {
            multiplyRowsTransposed(depthHere, source, rightBytes, panel, tile, rowBytes, adds);
          } else {
            multiplyRows(depthHere, source, rightBytes, panel, spare, TILE_COLUMNS * 4, false);
            storeCornerTransposed(spare, TILE_ROWS, rowsHere, tile, rowBytes, adds);
          }
        }
      }
    }
    if (whole == columns) continue;
    packLeft(four, floats(right, k, 1, whole, rightStride), rightStride, 1, columns - whole, depthHere);
    for (let i = 0; i < rows; i += TILE_COLUMNS) {
      multiplyTile(depthHere, four, panels + ((<usize>(i * depthHere)) << 2), spare, TILE_COLUMNS * 4, false);
      const tile = floats(out, i, outStride, whole, 1);
      storeCornerTransposed(spare, columns - whole, min(TILE_COLUMNS, rows - i), tile, rowBytes, adds);
    }
  }
}

/** Depth in equal parts of at most {@link DEPTH_BLOCK}, so that no part is a sliver. */
export function depthStep(depth: i32): i32 {
  const parts = (depth + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  return (depth + parts - 1) / parts;
}

/** Panels of four rows. */
function packLeftBlock(block: usize, source: usize, rowStride: i32, depthStride: i32, rows: i32, depth: i32): void {
  for (let i = 0; i < rows; i += TILE_ROWS) {
    packLeft(
      block + ((<usize>(i * depth)) << 2),
      floats(source, i, rowStride, 0, 0),
      rowStride,
      depthStride,
      min(TILE_ROWS, rows - i),
      depth,
    );
  }
}

export function packRightBlock(
  block: usize,
  source: usize,
  columnStride: i32,
  depthStride: i32,
  columns: i32,
  depth: i32,
): void {
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    packRight(
      block + ((<usize>(j * depth)) << 2),
      floats(source, 0, 0, j, columnStride),
      columnStride,
      depthStride,
      min(TILE_COLUMNS, columns - j),
      depth,
    );
  }
}

/** All tiles of a packed block; the tile after the packed right block takes those that hang over the edge. */
export function multiplyBlock(
  leftBlock: usize,
  rightBlock: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  out: usize,
  outStride: i32,
  add: bool,
): void {
  const rowBytes = (<usize>outStride) << 2;
  const spare = rightBlock + DEPTH_BLOCK * COLUMN_BLOCK * 4;
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    const right = rightBlock + ((<usize>(j * depth)) << 2);
    const columnsHere = min(TILE_COLUMNS, columns - j);
    for (let i = 0; i < rows; i += TILE_ROWS) {
      const left = leftBlock + ((<usize>(i * depth)) << 2);
      const rowsHere = min(TILE_ROWS, rows - i);
      const tile = floats(out, i, outStride, j, 1);
      if (rowsHere == TILE_ROWS && columnsHere == TILE_COLUMNS) {
        multiplyTile(depth, left, right, tile, rowBytes, add);
      } else {
        multiplyTile(depth, left, right, spare, TILE_COLUMNS * 4, false);
        storeCorner(spare, rowsHere, columnsHere, tile, rowBytes, add);
      }
    }
  }
}

/** Address of element `(row, column)`. */
// @inline
export function floats(base: usize, row: i32, rowStride: i32, column: i32, columnStride: i32): usize {
  return base + ((<usize>row * <usize>rowStride + <usize>column * <usize>columnStride) << 2);
}
