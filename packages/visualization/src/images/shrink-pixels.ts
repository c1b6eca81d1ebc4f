import type { Pixels } from './pixels.ts';

/** Pixels of at most `side` a side, by the mean of those that fall together: a photo must not weigh megabytes in a strip. */
export function shrinkPixels(pixels: Pixels, side: number): Pixels {
  const { width, height, channels, data } = pixels;
  const factor = Math.ceil(Math.max(width, height) / side);
  if (factor <= 1) return pixels;
  const [wide, high] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const shrunk = new Uint8Array(wide * high * channels);
  for (let y = 0; y < high; y++) {
    const bottom = Math.min((y + 1) * factor, height);
    for (let x = 0; x < wide; x++) {
      const right = Math.min((x + 1) * factor, width);
      const count = (bottom - y * factor) * (right - x * factor);
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let row = y * factor; row < bottom; row++) {
          for (let column = x * factor; column < right; column++)
            sum += data[(row * width + column) * channels + channel]!;
        }
        shrunk[(y * wide + x) * channels + channel] = Math.round(sum / count);
      }
    }
  }
  return { width: wide, height: high, channels, data: shrunk };
}
