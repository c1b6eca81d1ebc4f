import { backend, mul, tidy } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';

/**
 * Makes sure that `variable` is the only one to use its values, so that they can be changed in place: where a clone or a
 * reshaped tensor shares them, the variable gets a copy of its own.
 */
export function ownData(variable: Variable): void {
  if (backend().refCount(variable.dataId) === 1) return;
  tidy(() => variable.assign(mul(variable, 1)));
}
