import type { Random } from '@simile/core/random';

/**
 * Endless stream of the rows of one class: every row once, then every row again. Shuffled anew for each pass where
 * there is a `random`, in the given order where there is none. The returned function takes the next `count` rows; they
 * differ from each other whenever the class has that many.
 */
export function rowStream(rows: Int32Array, random?: Random): (count: number) => number[] {
  const order = rows.slice();
  if (random) random.shuffle(order);
  let at = 0;
  return (count) => {
    const taken: number[] = [];
    while (taken.length < count) {
      if (at === order.length) {
        at = 0;
        if (random) {
          random.shuffle(order);
          putLast(order, taken, count - taken.length);
        }
      }
      taken.push(order[at++]!);
    }
    return taken;
  };
}

/** Moves `taken` out of the first `count` places, so that a batch which begins a new pass holds no row twice. */
function putLast(order: Int32Array, taken: readonly number[], count: number): void {
  if (taken.length + count > order.length) return; // more are wanted than the class has: repeats are what was asked for
  let end = order.length - 1;
  for (let i = 0; i < count; i++) {
    if (!taken.includes(order[i]!)) continue;
    while (taken.includes(order[end]!)) end--;
    [order[i], order[end]] = [order[end]!, order[i]!];
    end--;
  }
}
