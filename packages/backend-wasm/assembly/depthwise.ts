import { multiplyAdd } from './multiply-add';

// Depthwise convolutions: filter `[filterHeight, filterWidth, channels, multiplier]`, dy `[batch, outHeight, outWidth,
// channels · multiplier]`. Loops over channels are enough: a product is used once, so memory bounds them.

/** Gradient by the filter. */
export function depthwiseFilterGradient(
  x: usize,
  dy: usize,
  dw: usize,
  multiplier: i32,
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
  const tapBytes = (<usize>outChannels) << 2;
  memory.fill(dw, 0, tapBytes * filterHeight * filterWidth);
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let i = 0; i < filterHeight; i++) {
        const row = outRow * strideHeight - padTop + i * dilationHeight;
        if (<u32>row >= <u32>height) continue;
        for (let j = 0; j < filterWidth; j++) {
          const tap = dw + <usize>(i * filterWidth + j) * tapBytes;
          for (let outColumn = 0; outColumn < outWidth; outColumn++) {
            const column = outColumn * strideWidth - padLeft + j * dilationWidth;
            if (<u32>column >= <u32>width) continue;
            const pixel = x + ((((<usize>image * height + row) * width + column) * channels) << 2);
            const slope = dy + ((<usize>image * outHeight + outRow) * outWidth + outColumn) * tapBytes;
            addProducts(channels, multiplier, pixel, slope, tap);
          }
        }
      }
    }
  }
}

/** `out[c, q] += a[c] · b[c, q]` */
function addProducts(channels: i32, multiplier: i32, a: usize, b: usize, out: usize): void {
  if (multiplier == 1) {
    addProduct(channels, a, b, out);
    return;
  }
  for (let c = 0; c < channels; c++) {
    const value = load<f32>(a);
    for (let q = 0; q < multiplier; q++) {
      store<f32>(out, load<f32>(out) + value * load<f32>(b));
      b += 4;
      out += 4;
    }
    a += 4;
  }
}

/** `out[c] += a[c] · b[c]` */
// @inline
function addProduct(channels: i32, a: usize, b: usize, out: usize): void {
  let c = channels;
  for (; c >= 4; c -= 4) {
    v128.store(out, multiplyAdd(v128.load(a), v128.load(b), v128.load(out)));
    a += 16;
    b += 16;
    out += 16;
  }
  for (; c > 0; c--) {
    store<f32>(out, load<f32>(out) + load<f32>(a) * load<f32>(b));
    a += 4;
    b += 4;
    out += 4;
  }
}

/** Gradient by the input. */
export function depthwiseInputGradient(
  dy: usize,
  filter: usize,
  dx: usize,
  multiplier: i32,
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
  const tapBytes = (<usize>outChannels) << 2;
  memory.fill(dx, 0, (<usize>batch * height * width * channels) << 2);
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let i = 0; i < filterHeight; i++) {
        const row = outRow * strideHeight - padTop + i * dilationHeight;
        if (<u32>row >= <u32>height) continue;
        for (let outColumn = 0; outColumn < outWidth; outColumn++) {
          const slope = dy + ((<usize>image * outHeight + outRow) * outWidth + outColumn) * tapBytes;
          for (let j = 0; j < filterWidth; j++) {
            const column = outColumn * strideWidth - padLeft + j * dilationWidth;
            if (<u32>column >= <u32>width) continue;
            const pixel = dx + ((((<usize>image * height + row) * width + column) * channels) << 2);
            const tap = filter + <usize>(i * filterWidth + j) * tapBytes;
            if (multiplier == 1) addProduct(channels, tap, slope, pixel);
            else addSums(channels, multiplier, tap, slope, pixel);
          }
        }
      }
    }
  }
}

/** `out[c] += Σ_q a[c, q] · b[c, q]` */
function addSums(channels: i32, multiplier: i32, a: usize, b: usize, out: usize): void {
  for (let c = 0; c < channels; c++) {
    let sum: f32 = 0;
    for (let q = 0; q < multiplier; q++) {
      sum += load<f32>(a) * load<f32>(b);
      a += 4;
      b += 4;
    }
    store<f32>(out, load<f32>(out) + sum);
    out += 4;
  }
}

/** Forward depthwise convolution. */
export function depthwiseConvolve(
  x: usize,
  filter: usize,
  out: usize,
  multiplier: i32,
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
  const tapBytes = (<usize>outChannels) << 2;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        memory.fill(out, 0, tapBytes);
        for (let i = 0; i < filterHeight; i++) {
          const row = outRow * strideHeight - padTop + i * dilationHeight;
          if (<u32>row >= <u32>height) continue;
          for (let j = 0; j < filterWidth; j++) {
            const column = outColumn * strideWidth - padLeft + j * dilationWidth;
            if (<u32>column >= <u32>width) continue;
            const pixel = x + ((((<usize>image * height + row) * width + column) * channels) << 2);
            addProducts(channels, multiplier, pixel, filter + <usize>(i * filterWidth + j) * tapBytes, out);
          }
        }
        out += tapBytes;
      }
    }
  }
}
