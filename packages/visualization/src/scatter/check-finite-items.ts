import { SimileError } from '@simile/core/errors';
import { itemSize, type Items } from '@simile/core/items';

/** Refuses items with a value that is not finite. @throws `ERR_DATA` with the first bad item */
export function checkFiniteItems(where: string, { data, shape }: Items): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new SimileError({
    where,
    rule: 'every value must be finite',
    got: `${data[at]} in item ${Math.floor(at / itemSize(shape))}`,
    remedy: 'Leave such items out, and look where they come from.',
    code: 'ERR_DATA',
  });
}
