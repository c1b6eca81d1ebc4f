import { Inflate } from 'fflate';

/**
 * Inflates raw deflate data, but no further than a limit: a short text can stand for gigabytes.
 *
 * @param limit In bytes.
 * @throws an `Error` for more than `limit` bytes, or for data that is damaged or cut short.
 */
export function inflateBounded(data: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  const inflate = new Inflate((part, last) => {
    size += part.length;
    if (size > limit) throw new Error(`more than ${limit} bytes`);
    parts.push(part);
    ended ||= last;
  });
  for (let i = 0; i < data.length && !ended; i += STEP) {
    inflate.push(data.subarray(i, i + STEP), i + STEP >= data.length);
  }
  if (!ended) throw new Error('cut short');
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Compressed bytes a step: at most a thousandfold is made of them before the limit is looked at. */
const STEP = 512;
