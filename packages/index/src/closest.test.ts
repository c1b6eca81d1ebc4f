import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Closest } from './closest.ts';

it('keeps what a sort would put first, equal distances by the order given', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, 2, 0.5, Infinity)), fc.nat(12), fc.nat(), (offered, k, turn) => {
      const order = (slot: number): number => (slot * 7 + turn) % 101; // some other order than that of the slots
      const closest = new Closest(k, order);
      offered.forEach((distance, slot) => closest.offer(distance, slot));
      const distances = new Float64Array(k + 2);
      const slots = new Uint32Array(k + 2);
      const count = closest.take(distances, slots, 1);
      const wanted = offered
        .map((distance, slot) => ({ distance, slot }))
        .toSorted((a, b) => (a.distance === b.distance ? order(a.slot) - order(b.slot) : a.distance - b.distance))
        .slice(0, k);
      expect(count).toBe(wanted.length);
      expect([...slots.subarray(1, 1 + count)]).toEqual(wanted.map(({ slot }) => slot));
      expect([...distances.subarray(1, 1 + count)]).toEqual(wanted.map(({ distance }) => distance));
    }),
    { seed: 6, numRuns: 500 },
  );
});
