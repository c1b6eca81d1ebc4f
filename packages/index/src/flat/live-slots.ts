import { bitsSet } from '../slot-bits.ts';

/** Which slots hold a row. */
export class LiveSlots {
  /** Bit `slot & 31` of word `slot >> 5`. */
  bits: Uint32Array = new Uint32Array(0);
  /** Slots in use. */
  size = 0;
  /** One more than the highest slot that there was room made for. */
  count = 0;

  /** Makes room for slots below `count`. */
  reserve(count: number): void {
    this.count = Math.max(this.count, count);
    const words = (this.count + 31) >>> 5;
    if (words <= this.bits.length) return;
    const grown = new Uint32Array(Math.max(words, Math.ceil(this.bits.length * 1.5)));
    grown.set(this.bits);
    this.bits = grown;
  }

  has(slot: number): boolean {
    return ((this.bits[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  }

  add(slot: number): void {
    if (!this.has(slot)) this.size++;
    this.bits[slot >>> 5]! |= 1 << (slot & 31);
  }

  remove(slot: number): void {
    if (!this.has(slot)) return;
    this.size--;
    this.bits[slot >>> 5]! &= ~(1 << (slot & 31));
  }

  /** Takes over slots below `count`, a bit each; undefined bits are not in use. */
  restore(count: number, bits: Uint32Array): void {
    this.bits = bits;
    this.count = count;
    this.size = bits.reduce((sum, word) => sum + bitsSet(word), 0);
  }

  /** Slots in use that are allowed, as the kernel takes them: a byte for eight, from `at` on. */
  writeMask(allowed: Uint32Array | undefined, into: Uint32Array, at: number): void {
    const words = (this.count + 31) >>> 5;
    if (allowed) for (let i = 0; i < words; i++) into[at + i] = this.bits[i]! & (allowed[i] ?? 0);
    else into.set(this.bits.subarray(0, words), at);
  }
}
