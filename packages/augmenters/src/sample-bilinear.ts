import type { AffineMap } from './affine-map.ts';
import type { ImageSize } from './images.ts';

/** Displacement of each pixel in pixels, `height × width`, added to where it comes from. */
export interface Displacement {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * Writes an image sampled from another of the same size: each pixel is the bilinear mean of the four pixels around the
 * place it comes from, 0 outside. `source` and `target` hold one image; `target` holds zeros before.
 */
export function sampleBilinear(
  source: Float32Array,
  target: Float32Array,
  { height, width, channels }: ImageSize,
  { xx, xy, x0, yx, yy, y0 }: AffineMap,
  displacement: Displacement | undefined,
): void {
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      let x = xx * column + xy * row + x0;
      let y = yx * column + yy * row + y0;
      if (displacement) {
        x += displacement.x[pixel]!;
        y += displacement.y[pixel]!;
      }
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (left < -1 || top < -1 || left >= width || top >= height) continue; // all four lie outside
      const right = x - left;
      const bottom = y - top;
      // Weights of the four; one that lies outside has weight 0 and, so that it can be read, the place of one inside.
      const west = left >= 0 ? 1 - right : 0;
      const east = left + 1 < width ? right : 0;
      const north = top >= 0 ? 1 - bottom : 0;
      const south = top + 1 < height ? bottom : 0;
      const near = Math.max(left, 0) * channels;
      const far = Math.min(left + 1, width - 1) * channels;
      const above = Math.max(top, 0) * width * channels;
      const below = Math.min(top + 1, height - 1) * width * channels;
      for (let channel = 0; channel < channels; channel++) {
        target[pixel * channels + channel] =
          north * (west * source[above + near + channel]! + east * source[above + far + channel]!) +
          south * (west * source[below + near + channel]! + east * source[below + far + channel]!);
      }
    }
  }
}
