// Keys: distance as an ordered u32 above, node below. Two binary heaps of them: the frontier (least first) and the best found (worst first).

// @inline
export function keyOf(distance: i32, node: u32): u64 {
  return ((<u64>(<u32>distance ^ 0x80000000)) << 32) | <u64>node;
}

// @inline
export function nodeOf(key: u64): u32 {
  return <u32>key;
}

// @inline
function at(heap: usize, i: u32): usize {
  return heap + ((<usize>i) << 3);
}

/** Takes the least off a heap of `size`. */
// @inline
export function dropLeast(heap: usize, size: u32): void {
  const last = size - 1;
  const key = load<u64>(at(heap, last));
  let i: u32 = 0;
  for (;;) {
    let child: u32 = 2 * i + 1;
    if (child >= last) break;
    let least = load<u64>(at(heap, child));
    if (child + 1 < last) {
      const other = load<u64>(at(heap, child), 8);
      if (other < least) {
        least = other;
        child++;
      }
    }
    if (least >= key) break;
    store<u64>(at(heap, i), least);
    i = child;
  }
  store<u64>(at(heap, i), key);
}

/** Puts a key on a heap of `size` whose least comes first. */
// @inline
export function pushLeast(heap: usize, size: u32, key: u64): void {
  let i = size;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = load<u64>(at(heap, parent));
    if (above <= key) break;
    store<u64>(at(heap, i), above);
    i = parent;
  }
  store<u64>(at(heap, i), key);
}

/** Puts a key on a heap of `size` whose worst comes first. */
// @inline
function pushWorst(heap: usize, size: u32, key: u64): void {
  let i = size;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = load<u64>(at(heap, parent));
    if (above >= key) break;
    store<u64>(at(heap, i), above);
    i = parent;
  }
  store<u64>(at(heap, i), key);
}

/** Puts a key in place of the worst of `size`. */
// @inline
function replaceWorst(heap: usize, size: u32, key: u64): void {
  let i: u32 = 0;
  for (;;) {
    let child: u32 = 2 * i + 1;
    if (child >= size) break;
    let worse = load<u64>(at(heap, child));
    if (child + 1 < size) {
      const other = load<u64>(at(heap, child), 8);
      if (other > worse) {
        worse = other;
        child++;
      }
    }
    if (worse <= key) break;
    store<u64>(at(heap, i), worse);
    i = child;
  }
  store<u64>(at(heap, i), key);
}

/** Offers a key to a heap that keeps the best `most`; returns its size. */
// @inline
export function offer(heap: usize, size: u32, most: u32, key: u64): u32 {
  if (size < most) {
    pushWorst(heap, size, key);
    return size + 1;
  }
  if (key < load<u64>(heap)) replaceWorst(heap, size, key);
  return size;
}

/** Sorts a heap whose worst comes first: ascending. */
export function sortAscending(heap: usize, size: u32): void {
  for (let n = size; n > 1;) {
    n--;
    const key = load<u64>(at(heap, n));
    store<u64>(at(heap, n), load<u64>(heap));
    replaceWorst(heap, n, key);
  }
}

/** Sorts any keys, ascending. */
export function sortKeys(keys: usize, size: u32): void {
  for (let n: u32 = 1; n < size; n++) pushWorst(keys, n, load<u64>(at(keys, n)));
  sortAscending(keys, size);
}
