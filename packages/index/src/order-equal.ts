/** Puts slots of equal distance, of so many that are in the order of their distances, in the order of adding. */
export function orderEqual(
  slots: Uint32Array,
  slotsAt: number,
  distances: Float64Array,
  distancesAt: number,
  count: number,
  order: (slot: number) => number,
): void {
  for (let i = 1; i < count; i++) {
    const distance = distances[distancesAt + i];
    if (distance !== distances[distancesAt + i - 1]) continue;
    const slot = slots[slotsAt + i]!;
    let place = i;
    while (
      place > 0 &&
      distances[distancesAt + place - 1] === distance &&
      order(slots[slotsAt + place - 1]!) > order(slot)
    )
      place--;
    if (place === i) continue;
    slots.copyWithin(slotsAt + place + 1, slotsAt + place, slotsAt + i);
    slots[slotsAt + place] = slot;
  }
}
