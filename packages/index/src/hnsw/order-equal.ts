import type { EngineHits } from '../contract.ts';

/** Puts slots of equal distance in the order of adding. */
export function orderEqual(
  { slots, distances }: EngineHits,
  at: number,
  count: number,
  order: (slot: number) => number,
): void {
  for (let i = at + 1; i < at + count; i++) {
    const slot = slots[i]!;
    let place = i;
    while (place > at && distances[place - 1] === distances[i] && order(slots[place - 1]!) > order(slot)) place--;
    if (place < i) {
      slots.copyWithin(place + 1, place, i);
      slots[place] = slot;
    }
  }
}
