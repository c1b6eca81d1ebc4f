/**
 * `y = (x − mean) · factor + offset` over `[rows, channels]`, where `factor = scale / √(variance + epsilon)`. `factor` is
 * room for `channels` floats; `scale` and `offset` may be 0 for none.
 */
export function batchNormalize(
  rows: i32,
  channels: i32,
  x: usize,
  mean: usize,
  variance: usize,
  scale: usize,
  offset: usize,
  epsilon: f32,
  y: usize,
  factor: usize,
): void {
  for (let c: usize = 0; c < (<usize>channels) << 2; c += 4) {
    const root: f32 = 1 / sqrt<f32>(load<f32>(variance + c) + epsilon);
    store<f32>(factor + c, scale ? load<f32>(scale + c) * root : root);
  }
  for (let row = 0; row < rows; row++) {
    let c: usize = 0;
    let left = channels;
    for (; left >= 4; left -= 4) {
      const scaled = f32x4.mul(f32x4.sub(v128.load(x + c), v128.load(mean + c)), v128.load(factor + c));
      v128.store(y + c, offset ? f32x4.add(scaled, v128.load(offset + c)) : scaled);
      c += 16;
    }
    for (; left > 0; left--) {
      const scaled = (load<f32>(x + c) - load<f32>(mean + c)) * load<f32>(factor + c);
      store<f32>(y + c, offset ? scaled + load<f32>(offset + c) : scaled);
      c += 4;
    }
    x += c;
    y += c;
  }
}

const ROW_BLOCK: i32 = 128;

/** By channel, over `[rows, channels]`: `sums = Σ dy` and `products = Σ dy · (x − mean)`. */
export function batchNormalizationSums(
  rows: i32,
  channels: i32,
  x: usize,
  dy: usize,
  mean: usize,
  sums: usize,
  products: usize,
): void {
  const rowBytes = (<usize>channels) << 2;
  memory.fill(sums, 0, rowBytes);
  memory.fill(products, 0, rowBytes);
  for (let row = 0; row < rows; row += ROW_BLOCK) {
    const rowsHere = min(ROW_BLOCK, rows - row);
    let c: usize = 0;
    let left = channels;
    for (; left >= 8; left -= 8) {
      let sum0 = f32x4.splat(0);
      let sum1 = f32x4.splat(0);
      let product0 = f32x4.splat(0);
      let product1 = f32x4.splat(0);
      const mean0 = v128.load(mean + c);
      const mean1 = v128.load(mean + c, 16);
      let xAt = x + c;
      let dyAt = dy + c;
      for (let i = rowsHere; i > 0; i--) {
        const dy0 = v128.load(dyAt);
        const dy1 = v128.load(dyAt, 16);
        sum0 = f32x4.add(sum0, dy0);
        sum1 = f32x4.add(sum1, dy1);
        product0 = f32x4.add(product0, f32x4.mul(dy0, f32x4.sub(v128.load(xAt), mean0)));
        product1 = f32x4.add(product1, f32x4.mul(dy1, f32x4.sub(v128.load(xAt, 16), mean1)));
        xAt += rowBytes;
        dyAt += rowBytes;
      }
      v128.store(sums + c, f32x4.add(v128.load(sums + c), sum0));
      v128.store(sums + c, f32x4.add(v128.load(sums + c, 16), sum1), 16);
      v128.store(products + c, f32x4.add(v128.load(products + c), product0));
      v128.store(products + c, f32x4.add(v128.load(products + c, 16), product1), 16);
      c += 32;
    }
    for (; left > 0; left--) {
      let sum: f32 = 0;
      let product: f32 = 0;
      const center = load<f32>(mean + c);
      let xAt = x + c;
      let dyAt = dy + c;
      for (let i = rowsHere; i > 0; i--) {
        const slope = load<f32>(dyAt);
        sum += slope;
        product += slope * (load<f32>(xAt) - center);
        xAt += rowBytes;
        dyAt += rowBytes;
      }
      store<f32>(sums + c, load<f32>(sums + c) + sum);
      store<f32>(products + c, load<f32>(products + c) + product);
      c += 4;
    }
    x += <usize>rowsHere * rowBytes;
    dy += <usize>rowsHere * rowBytes;
  }
}
