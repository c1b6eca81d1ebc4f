// Rows as they are coded: so that a smaller distance is a larger product (cosine, inner product), or a smaller euclidean distance.

import { Layout } from './layout';
import { sumOfValues } from './sums';

/** Below this length a vector has no direction. */
const NO_DIRECTION: f64 = 1e-12;
/** Values of coded rows are no larger, so that no sum of their squares leaves float32. */
const MOST: f64 = 1e15;

/** Writes a row `[width]` as it is coded to `to`, and zeros up to `length` values. */
export function transform(layout: Layout, from: usize, to: usize, length: i32): void {
  const dimension = layout.dimension;
  const mean = layout.mean;
  let shift: f64 = 0;
  let scale: f64 = <f64>layout.scale;
  if (layout.metric == 0) {
    let square: f64 = 0;
    for (let j = 0; j < dimension; j++) {
      const value = <f64>load<f32>(from + ((<usize>j) << 2));
      square += value * value;
    }
    const size = sqrt(square);
    scale = size > NO_DIRECTION ? 1 / size : 0;
  } else if (layout.metric == 3) shift = sumOfValues(from, dimension) / <f64>dimension;
  for (let j = 0; j < dimension; j++) {
    const at = (<usize>j) << 2;
    const value = (<f64>load<f32>(from + at) - shift - <f64>load<f32>(mean + at)) * scale;
    store<f32>(to + at, <f32>max(-MOST, min(value, MOST)));
  }
  for (let j = dimension; j < length; j++) store<f32>(to + ((<usize>j) << 2), 0);
}

/** Rows `[count, width]` as they are coded, to `[count, stride]`. */
export function transformRows(layout: Layout, from: usize, count: i32, to: usize, stride: i32): void {
  for (let i = 0; i < count; i++) {
    transform(layout, from, to, stride);
    from += (<usize>layout.width) << 2;
    to += (<usize>stride) << 2;
  }
}
