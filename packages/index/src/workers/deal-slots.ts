/** Slot `s` is slot `⌊s / shards⌋` of shard `s % shards`. */
export interface DealtSlots {
  readonly shard: number;
  /** Slots of the shard. */
  readonly slots: Uint32Array;
  /** Where in the list they stood. */
  readonly places: Uint32Array;
}

/** A list of slots by shard; shards without one are left out. */
export function dealSlots(slots: Uint32Array, shards: number): DealtSlots[] {
  const counts = new Uint32Array(shards);
  for (const slot of slots) counts[slot % shards]!++;
  const dealt = Array.from(counts, (count, shard) => ({
    shard,
    slots: new Uint32Array(count),
    places: new Uint32Array(count),
  }));
  const next = new Uint32Array(shards);
  slots.forEach((slot, place) => {
    const shard = slot % shards;
    const at = next[shard]!++;
    dealt[shard]!.slots[at] = Math.floor(slot / shards);
    dealt[shard]!.places[at] = place;
  });
  return dealt.filter((part) => part.slots.length > 0);
}

/** Rows at some places of `[n × dimension]`. */
export function takeRows(rows: Float32Array, places: Uint32Array, dimension: number): Float32Array {
  const taken = new Float32Array(places.length * dimension);
  places.forEach((place, i) => taken.set(rows.subarray(place * dimension, (place + 1) * dimension), i * dimension));
  return taken;
}

/** Bits of slots, by shard. */
export function dealBits(bits: Uint32Array, shards: number): Uint32Array[] {
  const words = Math.ceil(Math.ceil((bits.length * 32) / shards) / 32);
  const dealt = Array.from({ length: shards }, () => new Uint32Array(words));
  for (let word = 0; word < bits.length; word++) {
    for (let rest = bits[word]!; rest !== 0; rest &= rest - 1) {
      const slot = word * 32 + 31 - Math.clz32(rest & -rest);
      const local = Math.floor(slot / shards);
      dealt[slot % shards]![local >>> 5]! |= 1 << (local & 31);
    }
  }
  return dealt;
}
