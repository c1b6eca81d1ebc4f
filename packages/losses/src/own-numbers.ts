import { SimileError } from '@simile/core/errors';
import { scalar, tensor1d, tidy, variable, type Variable } from '@simile/core/ops';

/** Numbers of a loss's own, float32: a scalar or `[d]`. */
export function ownNumbers(start: number | readonly number[], trainable: boolean): Variable {
  return tidy(() => variable(typeof start === 'number' ? scalar(start) : tensor1d([...start]), trainable));
}

/** They must still be there. @throws `ERR_STATE` */
export function checkHeld(where: string, held: readonly Variable[]): void {
  if (held.every(({ isDisposed }) => !isDisposed)) return;
  throw new SimileError({
    where,
    rule: 'the loss must still have its own numbers',
    remedy: 'It was disposed of: make a new one.',
    code: 'ERR_STATE',
  });
}

/** Frees them; twice is as good as once. */
export function freeHeld(held: readonly Variable[]): void {
  for (const one of held) if (!one.isDisposed) one.dispose();
}
