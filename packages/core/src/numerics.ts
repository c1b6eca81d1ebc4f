import {
  add,
  argMax,
  argMin,
  cast,
  clone,
  customGrad,
  div,
  equal,
  exp,
  expandDims,
  fusedKernel,
  log,
  max,
  maximum,
  mul,
  neg,
  range,
  sqrt,
  square,
  squeeze,
  step,
  sub,
  sum,
  tidy,
  where,
  zeros,
  zerosLike,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from './ops.ts';

/** The largest float32: what stands in for an entry outside a mask must lose against every entry inside. */
const FAR = 3.4028234663852886e38;

/** Stops the gradient: the same values, with derivative 0. Not itself differentiable a second time. */
export function stopGradient<T extends Tensor>(x: T): T {
  return customGrad((value) => ({
    value: clone(value as Tensor),
    gradFunc: (dy: Tensor) => zerosLike(dy),
  }))(x) as T;
}

/**
 * `compute(x)` as a constant: nothing in it is differentiated, so it may choose by operations without a gradient (argMax,
 * greater, topk). Masks and columns chosen here stay fixed while the gradient flows through what they pick.
 */
export function withoutGradient<X extends Tensor, T extends Tensor>(x: X, compute: (x: X) => T): T {
  return customGrad((value) => ({
    value: compute(value as X),
    gradFunc: () => zeros(x.shape),
  }))(x) as T;
}

/** Square root whose gradient at 0 (and below 1e-24) is 0, where that of `sqrt` is infinite. */
export function safeSqrt<T extends Tensor>(x: T): T {
  const least = 1e-24;
  return tidy(() => mul(sqrt(maximum(x, least)), step(sub(x, least))) as T);
}

/**
 * Rows divided by their Euclidean length, over the last axis. A row shorter than 1e-12 becomes 0 with gradient 0.
 * Lengths are good up to 1e19, where the float32 square ends.
 */
export function l2Normalize<T extends Tensor>(x: T): T {
  const least = 1e-24;
  const fused = fusedKernel<T>('SimileNormalize', { x }, {}, { least });
  if (fused) return fused;
  return tidy(() => {
    const squared = sum(square(x), -1, true);
    // Not rsqrt, whose gradient raises to the power 1.5 and so overflows for lengths above 7e12.
    return mul(div(x, sqrt(maximum(squared, least))), step(sub(squared, least))) as T;
  });
}

/**
 * `log Σ exp x` over the entries of each row where `mask` is 1: `[n, m] → [n]`. Exact for entries of any size; entries
 * outside the mask have no part in it, not even when they are infinite. A row with an empty mask gives 0, gradient 0.
 */
export function maskedLogSumExp(x: Tensor2D, mask: Tensor2D): Tensor1D {
  return tidy(() => {
    const chosen = cast(mask, 'bool');
    const some = max(mask, 1, true); // [n, 1], 1 where the row has an entry
    const entries = where(chosen, x, -FAR); // outside of the mask so far below that exp gives 0
    const top = stopGradient(mul(max(entries, 1, true), some));
    const weights = exp(sub(entries, top));
    const total = add(sum(weights, 1, true), sub(1, some));
    return squeeze(add(log(total), top), [1]) as Tensor1D;
  });
}

/**
 * `log(1 + Σ exp x)` over the entries of each row where `mask` is 1: `[n, m] → [n]`. At least 0; an empty row gives 0.
 */
export function logOnePlusSumExp(x: Tensor2D, mask: Tensor2D): Tensor1D {
  return tidy(() => {
    const chosen = cast(mask, 'bool');
    const entries = where(chosen, x, -FAR);
    const top = stopGradient(maximum(max(entries, 1, true), 0));
    const weights = exp(sub(entries, top));
    return squeeze(add(log(add(sum(weights, 1, true), exp(neg(top)))), top), [1]) as Tensor1D;
  });
}

/** Column of the largest entry of each row where `mask` is 1, int32 `[n]`; the first of equals; 0 for an empty row. No gradient. */
export function maskedArgMax(x: Tensor2D, mask: Tensor2D): Tensor1D {
  return tidy(() => argMax(where(cast(mask, 'bool'), x, -FAR), 1) as Tensor1D);
}

/** Column of the smallest entry of each row where `mask` is 1, int32 `[n]`; the first of equals; 0 for an empty row. No gradient. */
export function maskedArgMin(x: Tensor2D, mask: Tensor2D): Tensor1D {
  return tidy(() => argMin(where(cast(mask, 'bool'), x, FAR), 1) as Tensor1D);
}

/**
 * 1 at its column, 0 elsewhere: `[…] → […, depth]`, float32. A constant, like {@link withoutGradient}; `depth` may be 1,
 * which `oneHot` refuses.
 */
export function pointers(columns: Tensor, depth: number): Tensor {
  return withoutGradient(columns, (at) =>
    cast(equal(expandDims(cast(at, 'float32'), -1), range(0, depth, 1, 'float32')), 'float32'),
  );
}

/**
 * Entry of each row at its column: `[n, m], [n] → [n]`. Differentiable in `x`, also where `gather` is not, and a tie
 * in the choice of columns never doubles a gradient.
 */
export function pick(x: Tensor2D, columns: Tensor1D): Tensor1D {
  return tidy(() => {
    const there = cast(pointers(columns, x.shape[1]), 'bool');
    return sum(where(there, x, zerosLike(x)), 1) as Tensor1D;
  });
}

/** 1 for each row of the mask that has an entry, else 0: `[n, m] → [n]`. */
export function rowHasAny(mask: Tensor2D): Tensor1D {
  return max(mask, 1) as Tensor1D;
}

/** `[n] → [n, 1]`, to set values of rows against a matrix. */
export function asColumn(x: Tensor1D): Tensor2D {
  return expandDims(x, 1) as Tensor2D;
}
