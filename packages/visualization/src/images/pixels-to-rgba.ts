import type { Pixels } from './pixels.ts';

/** The same pixels as `[height × width × 4]` bytes. */
export function pixelsToRgba({ width, height, channels, data }: Pixels): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  const colour = channels >= 3;
  for (let i = 0; i < width * height; i++) {
    const at = i * channels;
    rgba[4 * i] = data[at]!;
    rgba[4 * i + 1] = data[colour ? at + 1 : at]!;
    rgba[4 * i + 2] = data[colour ? at + 2 : at]!;
    rgba[4 * i + 3] = channels % 2 === 0 ? data[at + channels - 1]! : 255;
  }
  return rgba;
}
