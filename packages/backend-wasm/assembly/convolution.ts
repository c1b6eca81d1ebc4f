import { floats } from './gemm';
import { packRight } from './pack';
import { convolveNarrow, convolveTile, storeCorner, TILE_COLUMNS, TILE_ROWS } from './tile';

// A block of the filter: at most this many products deep (one panel of it fits the first-level cache) ...
const DEPTH_BLOCK: i32 = 576;
// ... and this many output channels wide (all of it fits the second-level cache).
const COLUMN_BLOCK: i32 = 256;
/** Most taps of a filter, height × width, that the kernels take. */
const TAP_LIMIT: i32 = 1024;
/** Up to this many output channels a tile of eight would be mostly empty: sums over input channels are faster. */
const NARROW: i32 = 3;

/** Bytes that `convolve` and `inputGradient` need as workspace, for pixels of `channels` floats. */
export function convolutionWorkspaceBytes(channels: i32): i32 {
  const floats = DEPTH_BLOCK * COLUMN_BLOCK + TAP_LIMIT * 11 + 8 + TILE_ROWS * TILE_COLUMNS + 2 * channels;
  return <i32>PLAN_BYTES + 4 * floats;
}

/**
 * What a set of taps does: `out[n, row, column] = Σ pixel(n, row, column, tap) × filter[tap]`, where the pixel under a
 * tap is at `(row · sourceStep + tap's row, column · sourceStep + tap's column)` of the source, or zero outside of it.
 * Lives in the workspace of a call.
 */
@unmanaged
class Plan {
  source: usize;
  height: i32;
  width: i32;
  channels: i32;
  rowStep: i32;
  columnStep: i32;

  filter: usize;
  /** Floats between filter elements of successive input channels, and of successive output channels. */
  channelStride: i32;
  outChannelStride: i32;
  taps: i32;
  /** For each tap: row, column, address of its part of the filter. */
  tapTable: usize;

  out: usize;
  batch: i32;
  outRows: i32;
  outColumns: i32;
  outChannels: i32;
  /** Bytes between outputs of successive columns, rows and images. */
  outColumnBytes: usize;
  outRowBytes: usize;
  outImageBytes: usize;

  panels: usize;
  pointers: usize;
  spare: usize;
  zeros: usize;
  nowhere: usize;
}

const PLAN_BYTES: usize = 128;

function makePlan(workspace: usize, channels: i32, outChannels: i32): Plan {
  const plan = changetype<Plan>(workspace);
  plan.channels = channels;
  plan.outChannels = outChannels;
  plan.tapTable = workspace + PLAN_BYTES;
  plan.pointers = plan.tapTable + TAP_LIMIT * 12;
  plan.spare = plan.pointers + TAP_LIMIT * 32 + 32;
  plan.panels = plan.spare + TILE_ROWS * TILE_COLUMNS * 4;
  plan.zeros = plan.panels + DEPTH_BLOCK * COLUMN_BLOCK * 4;
  plan.nowhere = plan.zeros + ((<usize>channels) << 2);
  memory.fill(plan.zeros, 0, (<usize>channels) << 2);
  return plan;
}

function addTap(plan: Plan, row: i32, column: i32, filter: usize): void {
  const entry = plan.tapTable + <usize>plan.taps * 12;
  store<i32>(entry, row);
  store<i32>(entry, column, 4);
  store<u32>(entry, <u32>filter, 8);
  plan.taps++;
}

/**
 * Forward convolution. `x` is `[batch, height, width, channels]`, `filter` `[filterHeight, filterWidth, channels,
 * outChannels]`, `out` `[batch, outHeight, outWidth, outChannels]`.
 */
export function convolve(
  x: usize,
  filter: usize,
  out: usize,
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
  const plan = makePlan(workspace, channels, outChannels);
  plan.source = x;
  plan.height = height;
  plan.width = width;
  plan.rowStep = strideHeight;
  plan.columnStep = strideWidth;
  plan.channelStride = outChannels;
  plan.outChannelStride = 1;
  plan.out = out;
  plan.batch = batch;
  plan.outRows = outHeight;
  plan.outColumns = outWidth;
  plan.outColumnBytes = (<usize>outChannels) << 2;
  plan.outRowBytes = plan.outColumnBytes * outWidth;
  plan.outImageBytes = plan.outRowBytes * outHeight;
  plan.taps = 0;
  for (let i = 0; i < filterHeight; i++) {
    for (let j = 0; j < filterWidth; j++) {
      const part = floats(filter, i * filterWidth + j, channels * outChannels, 0, 0);
      addTap(plan, i * dilationHeight - padTop, j * dilationWidth - padLeft, part);
    }
  }
  run(plan);
}

/**
 * Gradient of a convolution by its input. With strides it falls apart into stride² dense convolutions, one for each
 * remainder of the input's row and column: each sees only the taps that reach it, and no product with zero is formed.
 */
export function inputGradient(
  dy: usize,
  filter: usize,
  dx: usize,
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
  const plan = makePlan(workspace, outChannels, channels);
  const pixelBytes = (<usize>channels) << 2;
  plan.source = dy;
  plan.height = outHeight;
  plan.width = outWidth;
  plan.rowStep = 1;
  plan.columnStep = 1;
  plan.channelStride = 1;
  plan.outChannelStride = outChannels;
  plan.batch = batch;
  plan.outColumnBytes = pixelBytes * strideWidth;
  plan.outRowBytes = pixelBytes * width * strideHeight;
  plan.outImageBytes = pixelBytes * width * height;
  for (let row = 0; row < min(strideHeight, height); row++) {
    for (let column = 0; column < min(strideWidth, width); column++) {
      plan.taps = 0;
      for (let i = 0; i < filterHeight; i++) {
        const fromRow = row + padTop - i * dilationHeight;
        if (fromRow % strideHeight != 0) continue;
        for (let j = 0; j < filterWidth; j++) {
          const fromColumn = column + padLeft - j * dilationWidth;
          if (fromColumn % strideWidth != 0) continue;
          const part = floats(filter, i * filterWidth + j, channels * outChannels, 0, 0);
          addTap(plan, fromRow / strideHeight, fromColumn / strideWidth, part);
        }
      }
      plan.out = dx + (<usize>row * width + column) * pixelBytes;
      plan.outRows = (height - row + strideHeight - 1) / strideHeight;
      plan.outColumns = (width - column + strideWidth - 1) / strideWidth;
      run(plan);
    }
  }
}

function run(plan: Plan): void {
  const channels = plan.channels;
  if (plan.taps == 0 || channels == 0) {
    clear(plan);
    return;
  }
  if (plan.outChannels <= NARROW && plan.channelStride == 1 && channels % 4 == 0) {
    convolveBlock(plan, 0, plan.outChannels, 0, plan.taps, 0, channels, false, true);
    return;
  }
  const channelParts = (channels + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  const channelStep = (channels + channelParts - 1) / channelParts;
  const tapStep = max(1, DEPTH_BLOCK / channels);
  for (let column = 0; column < plan.outChannels; column += COLUMN_BLOCK) {
    const columns = min(COLUMN_BLOCK, plan.outChannels - column);
    for (let tap = 0; tap < plan.taps; tap += tapStep) {
      const taps = min(tapStep, plan.taps - tap);
      for (let channel = 0; channel < channels; channel += channelStep) {
        const depth = min(channelStep, channels - channel);
        packFilter(plan, column, columns, tap, taps, channel, depth);
        convolveBlock(plan, column, columns, tap, taps, channel, depth, tap > 0 || channel > 0, false);
      }
    }
  }
}

function packFilter(plan: Plan, column: i32, columns: i32, tap: i32, taps: i32, channel: i32, channels: i32): void {
  let panel = plan.panels;
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    for (let t = 0; t < taps; t++) {
      const part = <usize>load<u32>(plan.tapTable + <usize>(tap + t) * 12, 8);
      packRight(
        panel,
        floats(part, channel, plan.channelStride, column + j, plan.outChannelStride),
        plan.outChannelStride,
        plan.channelStride,
        min(TILE_COLUMNS, columns - j),
        channels,
      );
      panel += (<usize>channels) << 5;
    }
  }
}

function convolveBlock(
  plan: Plan,
  column: i32,
  columns: i32,
  tap: i32,
  taps: i32,
  channel: i32,
  channels: i32,
  add: bool,
  narrow: bool,
): void {
  const outs = plan.pointers + TAP_LIMIT * 32;
  const spareOuts = outs + 16;
  for (let i: usize = 0; i < 4; i++) store<u32>(spareOuts + i * 4, <u32>(plan.spare + i * (TILE_COLUMNS * 4)));
  const panelBytes = (<usize>(taps * channels)) << 5;
  const sourceImageBytes = (<usize>plan.height * plan.width * plan.channels) << 2;
  const skip = (<usize>channel) << 2;
  const positions = plan.batch * plan.outRows * plan.outColumns;
  let image: usize = 0;
  let outRow = 0;
  let outColumn = 0;
  for (let position = 0; position < positions; position += TILE_ROWS) {
    for (let i: usize = 0; i < 4; i++) {
      if (position + <i32>i < positions) {
        pointAtPixels(plan, image * sourceImageBytes, outRow, outColumn, tap, taps, plan.pointers + i * 4);
        store<u32>(
          outs + i * 4,
          <u32>(plan.out + image * plan.outImageBytes + outRow * plan.outRowBytes + outColumn * plan.outColumnBytes),
        );
        if (++outColumn == plan.outColumns) {
          outColumn = 0;
          if (++outRow == plan.outRows) {
            outRow = 0;
            image++;
          }
        }
      } else {
        for (let t = 0; t < taps; t++) store<u32>(plan.pointers + ((<usize>t) << 5) + i * 4, <u32>plan.zeros);
        store<u32>(outs + i * 4, <u32>plan.nowhere);
      }
    }
    const seen = keepSeen(plan, tap, taps, channels);
    if (narrow) {
      for (let j = 0; j < columns; j++) {
        const filterSkip = (<usize>(j * plan.outChannelStride)) << 2;
        convolveNarrow(seen, channels, plan.pointers, filterSkip, outs, (<usize>j) << 2);
      }
      continue;
    }
    let panel = plan.panels;
    for (let j = 0; j < columns; j += TILE_COLUMNS) {
      const outSkip = (<usize>(column + j)) << 2;
      if (j + TILE_COLUMNS <= columns) {
        convolveTile(seen, channels, plan.pointers, skip, panel, outs, outSkip, add);
      } else {
        convolveTile(seen, channels, plan.pointers, skip, panel, spareOuts, 0, false);
        for (let i: usize = 0; i < 4; i++) {
          const out = <usize>load<u32>(outs + i * 4) + outSkip;
          storeCorner(plan.spare + i * (TILE_COLUMNS * 4), 1, columns - j, out, 0, add);
        }
      }
      panel += panelBytes;
    }
  }
}

/** Addresses of the pixels that one output position sees, one a tap, 32 bytes apart. */
function pointAtPixels(
  plan: Plan,
  imageOffset: usize,
  outRow: i32,
  outColumn: i32,
  tap: i32,
  taps: i32,
  pointers: usize,
): void {
  const base = plan.source + imageOffset;
  const height = plan.height;
  const width = plan.width;
  const pixelBytes = (<usize>plan.channels) << 2;
  const zeros = plan.zeros;
  const top = outRow * plan.rowStep;
  const left = outColumn * plan.columnStep;
  let entry = plan.tapTable + <usize>tap * 12;
  for (let t = taps; t > 0; t--) {
    const row = top + load<i32>(entry);
    const column = left + load<i32>(entry, 4);
    const inside = <u32>row < <u32>height && <u32>column < <u32>width;
    store<u32>(pointers, <u32>(inside ? base + (<usize>row * width + column) * pixelBytes : zeros));
    entry += 12;
    pointers += 32;
  }
}

/**
 * Drops the taps under which all four positions are outside of the image, about a fifth of them in the input gradients of
 * small images, and notes for the others where their parts of a panel and of the filter begin. Returns how many are left.
 */
function keepSeen(plan: Plan, first: i32, taps: i32, channels: i32): i32 {
  const outside = i32x4.splat(<i32>plan.zeros);
  let from = plan.pointers;
  let to = plan.pointers;
  for (let tap = 0; tap < taps; tap++) {
    const pixels = v128.load(from);
    from += 32;
    if (i32x4.all_true(i32x4.eq(pixels, outside))) continue;
    v128.store(to, pixels);
    store<u32>(to, (tap * channels) << 5, 16);
    store<u32>(to, load<u32>(plan.tapTable + <usize>(first + tap) * 12, 8), 20);
    to += 32;
  }
  return <i32>((to - plan.pointers) >> 5);
}

/** No tap reaches these outputs: they are zero. */
function clear(plan: Plan): void {
  const pixelBytes = (<usize>plan.outChannels) << 2;
  for (let image = 0; image < plan.batch; image++) {
    for (let row = 0; row < plan.outRows; row++) {
      let out = plan.out + <usize>image * plan.outImageBytes + <usize>row * plan.outRowBytes;
      for (let column = 0; column < plan.outColumns; column++) {
        memory.fill(out, 0, pixelBytes);
        out += plan.outColumnBytes;
      }
    }
  }
}
