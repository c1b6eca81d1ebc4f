import { encode } from 'fast-png';
import type { Pixels } from './pixels.ts';

/** Pixels as a PNG inside an address, so that a picture is one file. */
export function pixelsToDataUri({ width, height, channels, data }: Pixels): string {
  const bytes = encode({ width, height, channels, data, depth: 8 });
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return `data:image/png;base64,${btoa(binary)}`;
}
