import { COLUMN_BLOCK, depthStep, DEPTH_BLOCK, floats, multiplyBlock, packRightBlock, ROW_BLOCK } from './gemm';
import { TILE_ROWS } from './tile';

/**
 * Gradient of a convolution by its filter: the product of patches, `[filterHeight · filterWidth · channels, positions]`,
 * with `dy`, `[positions, outChannels]`. Patches are gathered while they are packed, never laid out whole.
 */
export function filterGradient(
  x: usize,
  dy: usize,
  dw: usize,
  workspace: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
  dilationHeight: i32,
  dilationWidth: i32,
): void {
  const rows = filterHeight * filterWidth * channels;
  const depth = batch * outHeight * outWidth;
  const leftBlock = workspace;
  const rightBlock = leftBlock + ROW_BLOCK * DEPTH_BLOCK * 4;
  if (depth == 0) {
    memory.fill(dw, 0, (<usize>rows * outChannels) << 2);
    return;
  }
  const step = depthStep(depth);
  // A panel of four rows lies in one tap when channels come in fours; otherwise each row is gathered on its own.
  const together = channels % TILE_ROWS == 0;
  for (let column = 0; column < outChannels; column += COLUMN_BLOCK) {
    const columnsHere = min(COLUMN_BLOCK, outChannels - column);
    for (let k = 0; k < depth; k += step) {
      const depthHere = min(step, depth - k);
      packRightBlock(rightBlock, floats(dy, k, outChannels, column, 1), 1, outChannels, columnsHere, depthHere);
      for (let row = 0; row < rows; row += ROW_BLOCK) {
        const rowsHere = min(ROW_BLOCK, rows - row);
        for (let i = 0; i < rowsHere; i += TILE_ROWS) {
          const panel = leftBlock + ((<usize>(i * depthHere)) << 2);
          for (let r = 0; r < TILE_ROWS; r += together ? TILE_ROWS : 1) {
            const at = row + i + r;
            if (at >= rows) {
              packZeros(panel + ((<usize>r) << 2), depthHere);
              continue;
            }
            const tap = at / channels;
            packPatch(
              panel + ((<usize>r) << 2),
              x + ((<usize>(at % channels)) << 2),
              together,
              (tap / filterWidth) * dilationHeight - padTop,
              (tap % filterWidth) * dilationWidth - padLeft,
              height,
              width,
              channels,
              outHeight,
              outWidth,
              strideHeight,
              strideWidth,
              k,
              depthHere,
            );
          }
        }
        multiplyBlock(
          leftBlock,
          rightBlock,
          rowsHere,
          columnsHere,
          depthHere,
          floats(dw, row, outChannels, column, 1),
          outChannels,
          k > 0,
        );
      }
    }
  }
}

function packZeros(panel: usize, depth: i32): void {
  for (let k = depth; k > 0; k--) {
    store<f32>(panel, 0);
    panel += 16;
  }
}

/** Values under one tap, for output positions from `first` on: one channel, or four `together`. */
function packPatch(
  panel: usize,
  x: usize,
  together: bool,
  rowOffset: i32,
  columnOffset: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  first: i32,
  depth: i32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const stepBytes = pixelBytes * strideWidth;
  let outColumn = first % outWidth;
  let outRow = (first / outWidth) % outHeight;
  let image = first / outWidth / outHeight;
  for (let k = 0; k < depth;) {
    const run = min(outWidth - outColumn, depth - k);
    const row = outRow * strideHeight + rowOffset;
    let column = outColumn * strideWidth + columnOffset;
    const last = column + (run - 1) * strideWidth;
    const rowInside = <u32>row < <u32>height;
    let source = x + ((<usize>image * height + row) * width + column) * pixelBytes;
    if (rowInside && column >= 0 && last < width) {
      if (together) {
        for (let i = run; i > 0; i--) {
          v128.store(panel, v128.load(source));
          panel += 16;
          source += stepBytes;
        }
      } else {
        for (let i = run; i > 0; i--) {
          store<f32>(panel, load<f32>(source));
          panel += 16;
          source += stepBytes;
        }
      }
    } else {
      for (let i = run; i > 0; i--) {
        const inside = rowInside && <u32>column < <u32>width;
        if (together) v128.store(panel, inside ? v128.load(source) : f32x4.splat(0));
        else store<f32>(panel, inside ? load<f32>(source) : 0);
        panel += 16;
        source += stepBytes;
        column += strideWidth;
      }
    }
    k += run;
    outColumn = 0;
    if (++outRow == outHeight) {
      outRow = 0;
      image++;
    }
  }
}
