import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dealBits, dealSlots, takeRows } from './deal-slots.ts';

const bits = (slots: Iterable<number>, words: number): Uint32Array => {
  const set = new Uint32Array(words);
  for (const slot of slots) set[slot >>> 5]! |= 1 << (slot & 31);
  return set;
};
const members = (set: Uint32Array): number[] =>
  Array.from({ length: set.length * 32 }, (_, slot) => slot).filter((slot) => (set[slot >>> 5]! >>> (slot & 31)) & 1);

it('gives each slot to one shard, with the place it had', () => {
  expect(dealSlots(Uint32Array.of(7, 0, 4, 3), 3)).toEqual([
    { shard: 0, slots: Uint32Array.of(0, 1), places: Uint32Array.of(1, 3) },
    { shard: 1, slots: Uint32Array.of(2, 1), places: Uint32Array.of(0, 2) },
  ]);
  expect(dealSlots(new Uint32Array(), 3)).toEqual([]);
  expect([...takeRows(Float32Array.of(1, 2, 3, 4, 5, 6), Uint32Array.of(2, 0), 2)]).toEqual([5, 6, 1, 2]);
});

it('deals bits as it deals slots', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(199)), fc.integer({ min: 1, max: 9 }), (slots, shards) => {
      const dealt = dealBits(bits(slots, 7), shards);
      expect(dealt.length).toBe(shards);
      dealt.forEach((set, shard) => {
        const own = slots.filter((slot) => slot % shards === shard).map((slot) => Math.floor(slot / shards));
        expect(members(set)).toEqual(own.toSorted((a, b) => a - b));
      });
    }),
    { seed: 3 },
  );
});
