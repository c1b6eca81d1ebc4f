/** Bits of slots in use, and of those allowed: bit `slot & 31` of word `slot >> 5`. */

/** Calls `use` with each slot in use that is allowed, ascending. */
export function eachSlot(live: Uint32Array, allowed: Uint32Array | undefined, use: (slot: number) => void): void {
  for (let word = 0; word < live.length; word++) {
    let bits = allowed ? live[word]! & (allowed[word] ?? 0) : live[word]!;
    while (bits !== 0) {
      use(word * 32 + 31 - Math.clz32(bits & -bits));
      bits &= bits - 1;
    }
  }
}

/** How many slots in use are allowed. */
export function countSlots(live: Uint32Array, allowed: Uint32Array): number {
  let count = 0;
  eachSlot(live, allowed, () => count++);
  return count;
}

/** The eight bits from a slot on; its number is a multiple of eight. */
export function groupBits(bits: Uint32Array, slot: number): number {
  return ((bits[slot >>> 5] ?? 0) >>> (slot & 31)) & 255;
}
