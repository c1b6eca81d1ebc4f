// Rows as int8, a quarter of their bytes: a second look at what the codes found, before the rows themselves are read.

import { bytesAt, Context, Layout } from './layout';

/** Writes coded rows `[count, stride]` as int8, to the places of their slots. */
export function putBytes(layout: Layout, rows: usize, count: i32, stride: i32, slots: usize): void {
  const width = layout.width;
  const tail = (width + 15) & ~15;
  for (let i = 0; i < count; i++) {
    let most: f32 = 0;
    let square: f32 = 0;
    for (let j = 0; j < width; j++) {
      const value = load<f32>(rows + ((<usize>j) << 2));
      most = max(most, abs(value));
      square += value * value;
    }
    const to = bytesAt(layout, load<u32>(slots + ((<usize>i) << 2)));
    const perStep: f32 = most > 1e-30 ? 127 / most : 0;
    for (let j = 0; j < tail; j++) {
      const value: f32 = j < width ? load<f32>(rows + ((<usize>j) << 2)) : 0;
      store<i8>(to + <usize>j, <i8>nearest<f32>(value * perStep));
    }
    store<f32>(to + <usize>tail, most / 127);
    store<f32>(to + <usize>tail, square * 0.5, 4);
    rows += (<usize>stride) << 2;
  }
}

/** Something that grows with the distance of the row from the context's query. */
// @inline
export function scoreOfBytes(layout: Layout, context: Context, slot: u32): f32 {
  const row = bytesAt(layout, slot);
  const tail = (<usize>layout.width + 15) & ~15;
  let q = context.short;
  let sum: i32 = 0;
  if (ASC_FEATURE_SIMD) {
    let a = i32x4.splat(0);
    let b = a;
    for (let at = row; at < row + tail; at += 16) {
      const x = v128.load(at);
      a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(x), v128.load(q)));
      b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(x), v128.load(q, 16)));
      q += 32;
    }
    a = i32x4.add(a, b);
    a = i32x4.add(a, v128.shuffle<i32>(a, a, 2, 3, 0, 1));
    sum = i32x4.extract_lane(a, 0) + i32x4.extract_lane(a, 1);
  } else {
    for (let at = row; at < row + tail; at++) {
      sum += <i32>load<i8>(at) * <i32>load<i16>(q);
      q += 2;
    }
  }
  const product = <f32>sum * load<f32>(row + tail) * context.shortStep;
  return (layout.biased ? load<f32>(row + tail, 4) : <f32>0) - product;
}
