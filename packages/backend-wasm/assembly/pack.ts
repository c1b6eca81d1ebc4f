import { TILE_COLUMNS, TILE_ROWS } from './tile';

/**
 * A panel of four rows, depth along memory: element `(row, k)` of the source at `row · rowStride + k · depthStride`
 * floats. Rows from `rows` on are zeros.
 */
export function packLeft(panel: usize, source: usize, rowStride: i32, depthStride: i32, rows: i32, depth: i32): void {
  const rowBytes = (<usize>rowStride) << 2;
  const depthBytes = (<usize>depthStride) << 2;
  if (rows == TILE_ROWS && rowStride == 1) {
    for (let k = depth; k > 0; k--) {
      v128.store(panel, v128.load(source));
      panel += 16;
      source += depthBytes;
    }
    return;
  }
  if (rows == TILE_ROWS && depthStride == 1) {
    let k = depth;
    for (; k >= 4; k -= 4) {
      transpose(panel, 16, source, rowBytes);
      panel += 64;
      source += 16;
    }
    for (; k > 0; k--) {
      for (let row: usize = 0; row < 4; row++) store<f32>(panel + row * 4, load<f32>(source + row * rowBytes));
      panel += 16;
      source += 4;
    }
    return;
  }
  packEdge(panel, source, rowBytes, depthBytes, rows, TILE_ROWS, depth);
}

/** A panel of eight columns, the same way: element `(k, column)` at `column · columnStride + k · depthStride`. */
export function packRight(
  panel: usize,
  source: usize,
  columnStride: i32,
  depthStride: i32,
  columns: i32,
  depth: i32,
): void {
  const columnBytes = (<usize>columnStride) << 2;
  const depthBytes = (<usize>depthStride) << 2;
  if (columns == TILE_COLUMNS && columnStride == 1) {
    for (let k = depth; k > 0; k--) {
      v128.store(panel, v128.load(source));
      v128.store(panel, v128.load(source, 16), 16);
      panel += 32;
      source += depthBytes;
    }
    return;
  }
  if (columns == TILE_COLUMNS && depthStride == 1) {
    let k = depth;
    for (; k >= 4; k -= 4) {
      transpose(panel, 32, source, columnBytes);
      transpose(panel + 16, 32, source + 4 * columnBytes, columnBytes);
      panel += 128;
      source += 16;
    }
    for (; k > 0; k--) {
      for (let column: usize = 0; column < 8; column++) {
        store<f32>(panel + column * 4, load<f32>(source + column * columnBytes));
      }
      panel += 32;
      source += 4;
    }
    return;
  }
  packEdge(panel, source, columnBytes, depthBytes, columns, TILE_COLUMNS, depth);
}

/** Any strides, and panels that the matrix does not fill. */
function packEdge(
  panel: usize,
  source: usize,
  stepBytes: usize,
  depthBytes: usize,
  filled: i32,
  width: i32,
  depth: i32,
): void {
  for (let k = depth; k > 0; k--) {
    let at = source;
    let i = 0;
    for (; i < filled; i++) {
      store<f32>(panel + ((<usize>i) << 2), load<f32>(at));
      at += stepBytes;
    }
    for (; i < width; i++) store<f32>(panel + ((<usize>i) << 2), 0);
    panel += (<usize>width) << 2;
    source += depthBytes;
  }
}

/** Four rows of four floats become columns, `panelBytes` apart. */
// @inline
function transpose(panel: usize, panelBytes: usize, source: usize, rowBytes: usize): void {
  const row0 = v128.load(source);
  const row1 = v128.load(source + rowBytes);
  const row2 = v128.load(source + 2 * rowBytes);
  const row3 = v128.load(source + 3 * rowBytes);
  const low01 = v128.shuffle<i32>(row0, row1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(row0, row1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(row2, row3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(row2, row3, 2, 6, 3, 7);
  v128.store(panel, v128.shuffle<i32>(low01, low23, 0, 1, 4, 5));
  v128.store(panel + panelBytes, v128.shuffle<i32>(low01, low23, 2, 3, 6, 7));
  v128.store(panel + 2 * panelBytes, v128.shuffle<i32>(high01, high23, 0, 1, 4, 5));
  v128.store(panel + 3 * panelBytes, v128.shuffle<i32>(high01, high23, 2, 3, 6, 7));
}
