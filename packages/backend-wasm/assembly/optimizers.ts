/**
 * A step of Adam, in place: `m = β₁m + (1 − β₁)g`, `v = β₂v + (1 − β₂)g²`,
 * `w −= rate · mScale · m / (√(v · vScale) + epsilon)`, the scales being the two bias corrections.
 */
export function adam(
  size: i32,
  weights: usize,
  first: usize,
  second: usize,
  gradient: usize,
  beta1: f32,
  beta2: f32,
  oneMinusBeta1: f32,
  oneMinusBeta2: f32,
  rate: f32,
  firstScale: f32,
  secondScale: f32,
  epsilon: f32,
): void {
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    const g = v128.load(gradient);
    const m = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(first)), f32x4.mul(f32x4.splat(oneMinusBeta1), g));
    const v = f32x4.add(
      f32x4.mul(f32x4.splat(beta2), v128.load(second)),
      f32x4.mul(f32x4.splat(oneMinusBeta2), f32x4.mul(g, g)),
    );
    v128.store(first, m);
    v128.store(second, v);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, f32x4.splat(secondScale))), f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(f32x4.splat(rate * firstScale), m), root);
    v128.store(weights, f32x4.sub(v128.load(weights), step));
    weights += 16;
    first += 16;
    second += 16;
    gradient += 16;
  }
  for (; i < size; i++) {
    const g = load<f32>(gradient);
    const m = beta1 * load<f32>(first) + oneMinusBeta1 * g;
    const v = beta2 * load<f32>(second) + oneMinusBeta2 * (g * g);
    store<f32>(first, m);
    store<f32>(second, v);
    const step = (rate * firstScale * m) / (sqrt<f32>(v * secondScale) + epsilon);
    store<f32>(weights, load<f32>(weights) - step);
    weights += 4;
    first += 4;
    second += 4;
    gradient += 4;
  }
}

/** A step of gradient descent, in place: `a = momentum · a + g`, then `w −= rate · a`, or `rate · (g + momentum · a)`. */
export function momentum(
  size: i32,
  weights: usize,
  accumulation: usize,
  gradient: usize,
  rate: f32,
  share: f32,
  nesterov: i32,
): void {
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    const g = v128.load(gradient);
    const a = f32x4.add(f32x4.mul(f32x4.splat(share), v128.load(accumulation)), g);
    v128.store(accumulation, a);
    const step = nesterov ? f32x4.add(g, f32x4.mul(f32x4.splat(share), a)) : a;
    v128.store(weights, f32x4.sub(v128.load(weights), f32x4.mul(f32x4.splat(rate), step)));
    weights += 16;
    accumulation += 16;
    gradient += 16;
  }
  for (; i < size; i++) {
    const g = load<f32>(gradient);
    const a = share * load<f32>(accumulation) + g;
    store<f32>(accumulation, a);
    const step = nesterov ? g + share * a : a;
    store<f32>(weights, load<f32>(weights) - rate * step);
    weights += 4;
    accumulation += 4;
    gradient += 4;
  }
}

/** Plain gradient descent, in place: `w −= rate · g`. */
export function descend(size: i32, weights: usize, gradient: usize, rate: f32): void {
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    v128.store(weights, f32x4.sub(v128.load(weights), f32x4.mul(f32x4.splat(rate), v128.load(gradient))));
    weights += 16;
    gradient += 16;
  }
  for (; i < size; i++) {
    store<f32>(weights, load<f32>(weights) - rate * load<f32>(gradient));
    weights += 4;
    gradient += 4;
  }
}
