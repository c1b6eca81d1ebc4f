/**
 * Gradient of max pooling: each `dy` goes to the first of the largest values in its window, in row order. Images are
 * `[batch, height, width, channels]`.
 */
export function maxPoolGradient(
  x: usize,
  dy: usize,
  dx: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const imageBytes = pixelBytes * width * height;
  memory.fill(dx, 0, imageBytes * batch);
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const top = outRow * strideHeight - padTop;
      const firstRow = max(0, top);
      const endRow = min(height, top + filterHeight);
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const left = outColumn * strideWidth - padLeft;
        const firstColumn = max(0, left);
        const endColumn = min(width, left + filterWidth);
        let c: usize = 0;
        let channelsLeft = channels;
        for (; channelsLeft >= 4; channelsLeft -= 4) {
          let best = f32x4.splat(-Infinity);
          let place = i32x4.splat(-1);
          for (let row = firstRow; row < endRow; row++) {
            let pixel = (<usize>row * width + firstColumn) * pixelBytes + c;
            for (let column = firstColumn; column < endColumn; column++) {
              const value = v128.load(x + pixel);
              const larger = f32x4.gt(value, best);
              best = v128.bitselect(value, best, larger);
              place = v128.bitselect(i32x4.splat(row * width + column), place, larger);
              pixel += pixelBytes;
            }
          }
          const slope = v128.load(dy + c);
          for (let row = firstRow; row < endRow; row++) {
            let pixel = dx + (<usize>row * width + firstColumn) * pixelBytes + c;
            for (let column = firstColumn; column < endColumn; column++) {
              const chosen = i32x4.eq(place, i32x4.splat(row * width + column));
              v128.store(pixel, f32x4.add(v128.load(pixel), v128.and(slope, chosen)));
              pixel += pixelBytes;
            }
          }
          c += 16;
        }
        for (; channelsLeft > 0; channelsLeft--) {
          let best: f32 = -Infinity;
          let place: usize = 0;
          let found = false;
          for (let row = firstRow; row < endRow; row++) {
            for (let column = firstColumn; column < endColumn; column++) {
              const pixel = (<usize>row * width + column) * pixelBytes + c;
              const value = load<f32>(x + pixel);
              if (value > best) {
                best = value;
                place = pixel;
                found = true;
              }
            }
          }
          if (found) store<f32>(dx + place, load<f32>(dx + place) + load<f32>(dy + c));
          c += 4;
        }
        dy += pixelBytes;
      }
    }
    x += imageBytes;
    dx += imageBytes;
  }
}

/** Gradient of average pooling: each `dy`, over the size of the whole window, goes to every pixel under it. */
export function averagePoolGradient(
  dy: usize,
  dx: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const imageBytes = pixelBytes * width * height;
  const share: f32 = 1 / <f32>(filterHeight * filterWidth);
  memory.fill(dx, 0, imageBytes * batch);
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const top = outRow * strideHeight - padTop;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const left = outColumn * strideWidth - padLeft;
        for (let row = max(0, top); row < min(height, top + filterHeight); row++) {
          for (let column = max(0, left); column < min(width, left + filterWidth); column++) {
            const pixel = dx + (<usize>row * width + column) * pixelBytes;
            let c: usize = 0;
            let channelsLeft = channels;
            for (; channelsLeft >= 4; channelsLeft -= 4) {
              const more = f32x4.mul(v128.load(dy + c), f32x4.splat(share));
              v128.store(pixel + c, f32x4.add(v128.load(pixel + c), more));
              c += 16;
            }
            for (; channelsLeft > 0; channelsLeft--) {
              store<f32>(pixel + c, load<f32>(pixel + c) + load<f32>(dy + c) * share);
              c += 4;
            }
          }
        }
        dy += pixelBytes;
      }
    }
    dx += imageBytes;
  }
}

/** Max pooling; a window that sees no pixel, or nothing but NaN, gives −Infinity. */
export function maxPool(
  x: usize,
  y: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const top = outRow * strideHeight - padTop;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const left = outColumn * strideWidth - padLeft;
        for (let c: usize = 0; c < pixelBytes; c += 4) store<f32>(y + c, -Infinity);
        for (let row = max(0, top); row < min(height, top + filterHeight); row++) {
          for (let column = max(0, left); column < min(width, left + filterWidth); column++) {
            const pixel = x + (<usize>row * width + column) * pixelBytes;
            let c: usize = 0;
            for (; c + 16 <= pixelBytes; c += 16) {
              const value = v128.load(pixel + c);
              const best = v128.load(y + c);
              v128.store(y + c, v128.bitselect(value, best, f32x4.gt(value, best)));
            }
            for (; c < pixelBytes; c += 4) {
              const value = load<f32>(pixel + c);
              if (value > load<f32>(y + c)) store<f32>(y + c, value);
            }
          }
        }
        y += pixelBytes;
      }
    }
    x += pixelBytes * width * height;
  }
}

/** Average pooling over the pixels that a window sees; NaN where it sees none. */
export function averagePool(
  x: usize,
  y: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const top = outRow * strideHeight - padTop;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const left = outColumn * strideWidth - padLeft;
        let seen: f32 = 0;
        memory.fill(y, 0, pixelBytes);
        for (let row = max(0, top); row < min(height, top + filterHeight); row++) {
          for (let column = max(0, left); column < min(width, left + filterWidth); column++) {
            const pixel = x + (<usize>row * width + column) * pixelBytes;
            let c: usize = 0;
            for (; c + 16 <= pixelBytes; c += 16) {
              v128.store(y + c, f32x4.add(v128.load(y + c), v128.load(pixel + c)));
            }
            for (; c < pixelBytes; c += 4) store<f32>(y + c, load<f32>(y + c) + load<f32>(pixel + c));
            seen++;
          }
        }
        for (let c: usize = 0; c < pixelBytes; c += 4) store<f32>(y + c, load<f32>(y + c) / seen);
        y += pixelBytes;
      }
    }
    x += pixelBytes * width * height;
  }
}
