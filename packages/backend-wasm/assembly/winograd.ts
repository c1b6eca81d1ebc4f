import { multiplyRows, multiplyTile, TILE_COLUMNS, TILE_ROWS } from './tile';

// Convolutions of 3 × 3 filters, stride 1, after Winograd: a tile of 2 × 2 results takes 16 products instead of 36, as 16 matrix
// products over all tiles. Transforms hold only 0, ±1 and ±½, so about one digit of float32 is lost at most.
// Lavin & Gray, “Fast Algorithms for Convolutional Neural Networks”, CVPR 2016, section 4.1: https://arxiv.org/abs/1509.09308
// Input channels come in fours and output channels in eights; tiles are worked off in chunks that stay in the second-level cache.

const POINTS: i32 = 16;
const CHUNK_FLOATS: i32 = 131072;
/** Bytes between the matrices of two points: without them all would begin in the same sets of the first-level cache. */
const GAP: usize = 192;

/** Tiles of a chunk: a multiple of four, as many as fit. */
function chunkTiles(channels: i32, outChannels: i32): i32 {
  return max(16, min(128, (CHUNK_FLOATS / POINTS / (channels + outChannels)) & ~3));
}

/** Bytes that the functions here need as workspace. */
export function winogradWorkspaceBytes(channels: i32, outChannels: i32): i32 {
  const both = channels + outChannels;
  const floats = POINTS * (channels * outChannels + chunkTiles(channels, outChannels) * both) + both;
  return 4 * floats + 2 * POINTS * <i32>GAP;
}

/**
 * Forward convolution, or with `flipped` the gradient by the input: then `x` is the gradient of the output, `filter` is read
 * turned by 180° with its channels exchanged, and the paddings are 2 less those of the forward pass.
 */
export function winogradConvolve(
  x: usize,
  filter: usize,
  out: usize,
  workspace: usize,
  flipped: i32,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const tiles = chunkTiles(channels, outChannels);
  const inputBytes = (<usize>channels) << 2;
  const outBytes = (<usize>outChannels) << 2;
  const inputPoint = <usize>tiles * inputBytes + GAP;
  const outPoint = <usize>tiles * outBytes + GAP;
  const filters = workspace;
  const inputs = filters + ((<usize>(POINTS * channels * outChannels)) << 2);
  const products = inputs + <usize>POINTS * inputPoint;
  const zeros = products + <usize>POINTS * outPoint;
  memory.fill(zeros, 0, (<usize>channels) << 2);
  transformFilters(filter, filters, channels, outChannels, flipped != 0);
  const tileRows = (outHeight + 1) / 2;
  const tileColumns = (outWidth + 1) / 2;
  const all = batch * tileRows * tileColumns;
  for (let first = 0; first < all; first += tiles) {
    const here = min(tiles, all - first);
    for (let tile = 0; tile < here; tile++) {
      const at = first + tile;
      const row = ((at / tileColumns) % tileRows) * 2 - padTop;
      const column = (at % tileColumns) * 2 - padLeft;
      const image = x + <usize>(at / tileColumns / tileRows) * height * width * inputBytes;
      const place = inputs + <usize>tile * inputBytes;
      transformInput(image, height, width, channels, row, column, zeros, place, inputPoint, 16);
    }
    for (let point = 0; point < POINTS; point++) {
      const left = inputs + <usize>point * inputPoint;
      const result = products + <usize>point * outPoint;
      let panel = filters + ((<usize>(point * channels * outChannels)) << 2);
      for (let j = 0; j < outChannels; j += TILE_COLUMNS) {
        for (let i = 0; i < here; i += TILE_ROWS) {
          const to = result + <usize>i * outBytes + ((<usize>j) << 2);
          multiplyRows(channels, left + <usize>i * inputBytes, inputBytes, panel, to, outBytes, false);
        }
        panel += (<usize>channels) << 5;
      }
    }
    for (let tile = 0; tile < here; tile++) {
      const at = first + tile;
      const row = ((at / tileColumns) % tileRows) * 2;
      const column = (at % tileColumns) * 2;
      const pixel = <usize>((at / tileColumns / tileRows) * outHeight + row) * outWidth + column;
      transformOutput(
        products + <usize>tile * outBytes,
        outPoint,
        out + pixel * outBytes,
        outChannels,
        outWidth,
        row + 1 < outHeight,
        column + 1 < outWidth,
      );
    }
  }
}

/** Gradient of a convolution by its filter: `Gᵀ (Σ over tiles of input ⊙ slope) G`, one matrix product for each point. */
export function winogradFilterGradient(
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
  padTop: i32,
  padLeft: i32,
): void {
  const tiles = chunkTiles(channels, outChannels);
  const inputBytes = (<usize>channels) << 2;
  const outBytes = (<usize>outChannels) << 2;
  const inputPoint = <usize>tiles * inputBytes + GAP;
  const outPoint = <usize>tiles * outBytes + GAP;
  const sums = workspace;
  const inputs = sums + ((<usize>(POINTS * channels * outChannels)) << 2);
  const slopes = inputs + <usize>POINTS * inputPoint;
  const zeros = slopes + <usize>POINTS * outPoint;
  memory.fill(zeros, 0, (<usize>max(channels, outChannels)) << 2);
  const tileRows = (outHeight + 1) / 2;
  const tileColumns = (outWidth + 1) / 2;
  const all = batch * tileRows * tileColumns;
  for (let first = 0; first < all; first += tiles) {
    const here = min(tiles, all - first);
    // Transforms go straight into panels: four input channels, or eight output channels, of all tiles.
    for (let tile = 0; tile < here; tile++) {
      const at = first + tile;
      const row = ((at / tileColumns) % tileRows) * 2;
      const column = (at % tileColumns) * 2;
      const index = at / tileColumns / tileRows;
      const image = x + <usize>index * height * width * inputBytes;
      const place = inputs + ((<usize>tile) << 4);
      const step = (<usize>tiles) << 4;
      transformInput(image, height, width, channels, row - padTop, column - padLeft, zeros, place, inputPoint, step);
      const slope = dy + (<usize>(index * outHeight + row) * outWidth + column) * outBytes;
      transformSlope(
        slope,
        row + 1 < outHeight ? slope + <usize>outWidth * outBytes : zeros,
        column + 1 < outWidth,
        row + 1 < outHeight,
        outChannels,
        slopes + ((<usize>tile) << 5),
        tiles,
      );
    }
    for (let point = 0; point < POINTS; point++) {
      const sum = sums + ((<usize>(point * channels * outChannels)) << 2);
      for (let j = 0; j < outChannels; j += TILE_COLUMNS) {
        const right = slopes + <usize>point * outPoint + ((<usize>(j * tiles)) << 2);
        for (let i = 0; i < channels; i += TILE_ROWS) {
          const left = inputs + <usize>point * inputPoint + ((<usize>(i * tiles)) << 2);
          multiplyTile(here, left, right, sum + <usize>i * outBytes + ((<usize>j) << 2), outBytes, first > 0);
        }
      }
    }
  }
  if (all == 0) memory.fill(sums, 0, (<usize>(POINTS * channels * outChannels)) << 2);
  transformSums(sums, dw, channels, outChannels);
}

/** `G g Gᵀ` for each pair of channels, in panels of eight output channels. */
function transformFilters(filter: usize, filters: usize, channels: i32, outChannels: i32, flipped: bool): void {
  const pointBytes = (<usize>(channels * outChannels)) << 2;
  const tapBytes = flipped ? -pointBytes : pointBytes;
  const firstTap = flipped ? filter + 8 * pointBytes : filter;
  const channelBytes: usize = flipped ? 4 : (<usize>outChannels) << 2;
  const outChannelBytes: usize = flipped ? (<usize>channels) << 2 : 4;
  for (let o = 0; o < outChannels; o++) {
    let to = filters + ((<usize>(o & ~7) * channels) << 2) + ((<usize>(o & 7)) << 2);
    let from = firstTap + <usize>o * outChannelBytes;
    for (let c = 0; c < channels; c++) {
      for (let row: usize = 0; row < 4; row++) {
        // Row by row: first along columns of taps, then along rows.
        const g0 = filterRow(from, tapBytes, row);
        const g1 = filterRow(from + tapBytes, tapBytes, row);
        const g2 = filterRow(from + 2 * tapBytes, tapBytes, row);
        const place = to + 4 * row * pointBytes;
        store<f32>(place, g0);
        store<f32>(place + pointBytes, 0.5 * (g0 + g1 + g2));
        store<f32>(place + 2 * pointBytes, 0.5 * (g0 - g1 + g2));
        store<f32>(place + 3 * pointBytes, g2);
      }
      from += channelBytes;
      to += 32;
    }
  }
}

/** Row `row` of `G g`, at the column of taps that begins at `from`. */
// @inline
function filterRow(from: usize, tapBytes: usize, row: usize): f32 {
  const top = load<f32>(from);
  const bottom = load<f32>(from + 6 * tapBytes);
  if (row == 0) return top;
  if (row == 3) return bottom;
  const middle = load<f32>(from + 3 * tapBytes);
  return 0.5 * (row == 1 ? top + middle + bottom : top - middle + bottom);
}

/** `Bᵀ d B` of the 4 × 4 pixels from (row, column) on; pixels outside of the image are zero. */
function transformInput(
  image: usize,
  height: i32,
  width: i32,
  channels: i32,
  row: i32,
  column: i32,
  zeros: usize,
  out: usize,
  pointBytes: usize,
  stepBytes: usize,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = pixelBytes * width;
  const corner = image + (<usize>row * width + column) * pixelBytes;
  const whole = row >= 0 && column >= 0 && row + 4 <= height && column + 4 <= width;
  for (let c = 0; c < channels; c += 4) {
    const skip = (<usize>c) << 2;
    for (let j: usize = 0; j < 4; j++) {
      // One column of pixels becomes one column of `Bᵀ d`; the first pass leaves it where the second picks it up.
      let d0: v128, d1: v128, d2: v128, d3: v128;
      const at = corner + j * pixelBytes + skip;
      if (whole) {
        d0 = v128.load(at);
        d1 = v128.load(at + rowBytes);
        d2 = v128.load(at + 2 * rowBytes);
        d3 = v128.load(at + 3 * rowBytes);
      } else {
        const inside = <u32>(column + <i32>j) < <u32>width;
        const none = zeros + skip;
        d0 = v128.load(inside && <u32>row < <u32>height ? at : none);
        d1 = v128.load(inside && <u32>(row + 1) < <u32>height ? at + rowBytes : none);
        d2 = v128.load(inside && <u32>(row + 2) < <u32>height ? at + 2 * rowBytes : none);
        d3 = v128.load(inside && <u32>(row + 3) < <u32>height ? at + 3 * rowBytes : none);
      }
      const place = out + j * pointBytes;
      v128.store(place, f32x4.sub(d0, d2));
      v128.store(place + 4 * pointBytes, f32x4.add(d1, d2));
      v128.store(place + 8 * pointBytes, f32x4.sub(d2, d1));
      v128.store(place + 12 * pointBytes, f32x4.sub(d1, d3));
    }
    let place = out;
    for (let i = 0; i < 4; i++) {
      const d0 = v128.load(place);
      const d1 = v128.load(place + pointBytes);
      const d2 = v128.load(place + 2 * pointBytes);
      const d3 = v128.load(place + 3 * pointBytes);
      v128.store(place, f32x4.sub(d0, d2));
      v128.store(place + pointBytes, f32x4.add(d1, d2));
      v128.store(place + 2 * pointBytes, f32x4.sub(d2, d1));
      v128.store(place + 3 * pointBytes, f32x4.sub(d1, d3));
      place += 4 * pointBytes;
    }
    out += stepBytes;
  }
}

/** `Aᵀ m A`: the 2 × 2 results of a tile, of which the last row or column may not exist. */
function transformOutput(
  products: usize,
  pointBytes: usize,
  out: usize,
  channels: i32,
  width: i32,
  hasBelow: bool,
  hasRight: bool,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const below = out + pixelBytes * width;
  for (let skip: usize = 0; skip < pixelBytes; skip += 16) {
    let at = products + skip;
    const top0 = sumFirst(at, 4 * pointBytes);
    const bottom0 = sumSecond(at, 4 * pointBytes);
    at += pointBytes;
    const top1 = sumFirst(at, 4 * pointBytes);
    const bottom1 = sumSecond(at, 4 * pointBytes);
    at += pointBytes;
    const top2 = sumFirst(at, 4 * pointBytes);
    const bottom2 = sumSecond(at, 4 * pointBytes);
    at += pointBytes;
    const top3 = sumFirst(at, 4 * pointBytes);
    const bottom3 = sumSecond(at, 4 * pointBytes);
    v128.store(out + skip, f32x4.add(f32x4.add(top0, top1), top2));
    if (hasRight) v128.store(out + pixelBytes + skip, f32x4.sub(f32x4.sub(top1, top2), top3));
    if (hasBelow) {
      v128.store(below + skip, f32x4.add(f32x4.add(bottom0, bottom1), bottom2));
      if (hasRight) v128.store(below + pixelBytes + skip, f32x4.sub(f32x4.sub(bottom1, bottom2), bottom3));
    }
  }
}

// @inline
function sumFirst(at: usize, step: usize): v128 {
  return f32x4.add(f32x4.add(v128.load(at), v128.load(at + step)), v128.load(at + 2 * step));
}

// @inline
function sumSecond(at: usize, step: usize): v128 {
  return f32x4.sub(f32x4.sub(v128.load(at + step), v128.load(at + 2 * step)), v128.load(at + 3 * step));
}

/** `A d Aᵀ` of 2 × 2 slopes, in panels of eight channels; a row or column that does not exist counts as zero. */
function transformSlope(
  above: usize,
  below: usize,
  hasRight: bool,
  hasBelow: bool,
  channels: i32,
  out: usize,
  tiles: i32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const pointBytes = <usize>tiles * pixelBytes + GAP;
  const panelBytes = (<usize>tiles) << 5;
  const none = f32x4.splat(0);
  for (let skip: usize = 0; skip < pixelBytes; skip += 16) {
    const a = v128.load(above + skip);
    const b = hasRight ? v128.load(above + pixelBytes + skip) : none;
    const c = hasBelow ? v128.load(below + skip) : none;
    const d = hasBelow && hasRight ? v128.load(below + pixelBytes + skip) : none;
    let place = out + (skip >> 5) * panelBytes + (skip & 16);
    storeSlopeRow(place, pointBytes, a, b);
    place += 4 * pointBytes;
    storeSlopeRow(place, pointBytes, f32x4.add(a, c), f32x4.add(b, d));
    place += 4 * pointBytes;
    storeSlopeRow(place, pointBytes, f32x4.sub(a, c), f32x4.sub(b, d));
    place += 4 * pointBytes;
    storeSlopeRow(place, pointBytes, f32x4.neg(c), f32x4.neg(d));
  }
}

// @inline
function storeSlopeRow(place: usize, pointBytes: usize, a: v128, b: v128): void {
  v128.store(place, a);
  v128.store(place + pointBytes, f32x4.add(a, b));
  v128.store(place + 2 * pointBytes, f32x4.sub(a, b));
  v128.store(place + 3 * pointBytes, f32x4.neg(b));
}

/** `Gᵀ s G` for four output channels at a time; the middle rows are halved on the way. */
function transformSums(sums: usize, dw: usize, channels: i32, outChannels: i32): void {
  const pointBytes = (<usize>(channels * outChannels)) << 2;
  const half = f32x4.splat(0.5);
  for (let at: usize = 0; at < pointBytes; at += 16) {
    for (let i: usize = 0; i < 3; i++) {
      const row = sums + at;
      const s0 = sumRow(row, pointBytes, i, half);
      const s1 = sumRow(row + pointBytes, pointBytes, i, half);
      const s2 = sumRow(row + 2 * pointBytes, pointBytes, i, half);
      const s3 = sumRow(row + 3 * pointBytes, pointBytes, i, half);
      const place = dw + 3 * i * pointBytes + at;
      const middle = f32x4.mul(half, f32x4.add(s1, s2));
      v128.store(place, f32x4.add(s0, middle));
      v128.store(place + pointBytes, f32x4.mul(half, f32x4.sub(s1, s2)));
      v128.store(place + 2 * pointBytes, f32x4.add(middle, s3));
    }
  }
}

/** Row `i` of `Gᵀ s`, at the column that begins at `at`. */
// @inline
function sumRow(at: usize, pointBytes: usize, i: usize, half: v128): v128 {
  const s1 = v128.load(at + 4 * pointBytes);
  const s2 = v128.load(at + 8 * pointBytes);
  if (i == 1) return f32x4.mul(half, f32x4.sub(s1, s2));
  const middle = f32x4.mul(half, f32x4.add(s1, s2));
  return f32x4.add(middle, v128.load(i == 0 ? at : at + 12 * pointBytes));
}
