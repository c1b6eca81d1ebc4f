import { packLeft, packRight } from './pack';
import { multiplyTile, storeCorner, TILE_COLUMNS, TILE_ROWS } from './tile';

// Block sizes: a left block of 64 KiB and a right block of half a megabyte stay in the second-level cache.
export const DEPTH_BLOCK: i32 = 256;
export const ROW_BLOCK: i32 = 64;
export const COLUMN_BLOCK: i32 = 480;

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
  const step = depthStep(depth);
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
      for (let row = 0; row < rows; row += ROW_BLOCK) {
        const rowsHere = min(ROW_BLOCK, rows - row);
        for (let i = 0; i < rowsHere; i += TILE_ROWS) {
          packLeft(
            leftBlock + ((<usize>(i * depthHere)) << 2),
            floats(left, row + i, leftRowStride, k, leftColumnStride),
            leftRowStride,
            leftColumnStride,
            min(TILE_ROWS, rowsHere - i),
            depthHere,
          );
        }
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

/** Depth in equal parts of at most {@link DEPTH_BLOCK}, so that no part is a sliver. */
export function depthStep(depth: i32): i32 {
  const parts = (depth + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  return (depth + parts - 1) / parts;
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
