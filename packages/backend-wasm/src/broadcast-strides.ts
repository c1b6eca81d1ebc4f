/** Sizes of four nested loops and the strides, in elements, of two operands along them; the last axis is innermost. */
export interface BroadcastStrides {
  readonly sizes: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
}

const LOOPS = 4;

/**
 * How to walk two operands that are broadcast to `shape`: axes that lie one after the other in both are joined, so that
 * most cases need one or two loops. Undefined when more than four remain.
 */
export function broadcastStrides(
  shape: readonly number[],
  aShape: readonly number[],
  bShape: readonly number[],
): BroadcastStrides | undefined {
  const aAll = stridesIn(shape, aShape);
  const bAll = stridesIn(shape, bShape);
  const sizes: number[] = [];
  const a: number[] = [];
  const b: number[] = [];
  // From the innermost axis outwards; an axis joins the one inside it when both operands step over it exactly.
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size === 1) continue;
    if (sizes.length > 0 && aAll[axis] === a[0]! * sizes[0]! && bAll[axis] === b[0]! * sizes[0]!) {
      sizes[0]! *= size;
      continue;
    }
    sizes.unshift(size);
    a.unshift(aAll[axis]!);
    b.unshift(bAll[axis]!);
  }
  if (sizes.length > LOOPS) return undefined;
  while (sizes.length < LOOPS) {
    sizes.unshift(1);
    a.unshift(0);
    b.unshift(0);
  }
  return { sizes, a, b };
}

/** Strides of a dense operand along the axes of `shape`; 0 where it is broadcast. */
function stridesIn(shape: readonly number[], own: readonly number[]): number[] {
  const strides = shape.map(() => 0);
  let stride = 1;
  for (let axis = own.length - 1; axis >= 0; axis--) {
    const size = own[axis]!;
    if (size !== 1) strides[axis + shape.length - own.length] = stride;
    stride *= size;
  }
  return strides;
}
