import { SimileError } from './errors.ts';
import type { Tensor } from './ops.ts';

/** Rows must be `[n, d]` (with `width`, `[n, width]`), float32. @throws `ERR_SHAPE`, `ERR_DTYPE` */
export function checkRows(where: string, what: string, rows: Tensor, width?: number): void {
  const fits = rows.rank === 2 && rows.shape[0]! > 0 && rows.shape[1]! > 0;
  if (!fits || (width !== undefined && rows.shape[1] !== width)) {
    throw new SimileError({
      where,
      rule: `${what} must have shape [n, ${width ?? 'd'}], at least one row of at least one number`,
      got: rows.shape,
      remedy: 'Pass one embedding a row.',
      code: 'ERR_SHAPE',
    });
  }
  if (rows.dtype !== 'float32') {
    throw new SimileError({
      where,
      rule: `${what} must be float32`,
      got: rows.dtype,
      remedy: "Convert with cast('float32').",
      code: 'ERR_DTYPE',
    });
  }
}
