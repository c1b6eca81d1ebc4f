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
  const words = Math.min(live.length, allowed.length);
  for (let i = 0; i < words; i++) count += bitsSet(live[i]! & allowed[i]!);
  return count;
}

/** How many slots there are up to the highest of these; 0 without any. */
export function slotsUpTo(slots: Uint32Array): number {
  return slots.reduce((most, slot) => Math.max(most, slot + 1), 0);
}

/** How many bits of 32 are 1. */
export function bitsSet(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
