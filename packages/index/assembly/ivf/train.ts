// Lloyd's steps for centroids and for the words of subspaces.

import { Layout } from './layout';
import { nearestWord } from './encode';

/** Adds each row `[count, stride]` to the sum `[lists, width]` of its list, and 1 to its count. */
export function addUp(
  rows: usize,
  count: i32,
  stride: i32,
  width: i32,
  lists: usize,
  sums: usize,
  counts: usize,
): void {
  for (let i = 0; i < count; i++) {
    const list = <usize>load<i32>(lists + ((<usize>i) << 2));
    const sum = sums + ((list * <usize>width) << 2);
    for (let j = 0; j < width; j++) {
      const at = (<usize>j) << 2;
      store<f32>(sum + at, load<f32>(sum + at) + load<f32>(rows + at));
    }
    store<i32>(counts + (list << 2), load<i32>(counts + (list << 2)) + 1);
    rows += (<usize>stride) << 2;
  }
}

/**
 * Lloyd's way for the words of one subspace, from the words that are there.
 *
 * @param pieces Residuals from the subspace's first value on, `stride` values from one to the next
 * @param room 16 · (size + 2) float32
 */
export function trainWords(
  layout: Layout,
  pieces: usize,
  count: i32,
  stride: i32,
  words: usize,
  rounds: i32,
  room: usize,
): void {
  const size = layout.subspaceSize;
  const counts = room + 64;
  const sums = counts + 64;
  const step = (<usize>stride) << 2;
  for (let round = 0; round < rounds; round++) {
    memory.fill(counts, 0, 64 + ((<usize>size) << 6));
    let piece = pieces;
    for (let i = 0; i < count; i++) {
      const code = (<usize>nearestWord(words, piece, size, room)) << 2;
      store<f32>(counts + code, load<f32>(counts + code) + 1);
      for (let j: usize = 0; j < <usize>size; j++) {
        const at = sums + (j << 6) + code;
        store<f32>(at, load<f32>(at) + load<f32>(piece + (j << 2)));
      }
      piece += step;
    }
    for (let code: usize = 0; code < 64; code += 4) {
      const held = load<f32>(counts + code);
      if (held == 0) continue;
      for (let j: usize = 0; j < <usize>size; j++) {
        store<f32>(words + (j << 6) + code, load<f32>(sums + (j << 6) + code) / held);
      }
    }
  }
}
