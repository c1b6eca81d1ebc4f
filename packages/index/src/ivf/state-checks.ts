import { longestOf } from './exact-bound.ts';
import { BLOCK_ROWS } from './ivf-layout.ts';
import type { IvfStore } from './ivf-store.ts';
import { damaged } from './ivf-state.ts';

/** Slots of rows must be below `slots`, and those of records where they are told. */
export function checkLive(live: Uint32Array, slots: number, records: Uint32Array | undefined): void {
  if (lastSlot(live) >= slots) throw damaged('rows must be at slots that there are', lastSlot(live));
  if (!records) return;
  const wanted = new Uint32Array(live.length);
  for (const slot of records) {
    if (slot >>> 5 >= live.length) throw damaged('every record must have a row', slot);
    wanted[slot >>> 5]! |= 1 << (slot & 31);
  }
  if (!wanted.every((bits, word) => bits === live[word])) throw damaged('rows must be those of the records');
}

export function checkRows(store: IvfStore, slots: number): void {
  if (slots === 0) return;
  const { rows, shape, memory } = store;
  const { width } = shape;
  const { byteOffset } = rows.run('floats', slots);
  const square = memory.exports.longestSquare(byteOffset, slots, width);
  // A little longer than it is does no harm: it stands in bounds. Squares that are too small for float32 are taken as they are.
  if (square > 1e-30) store.longest = Math.sqrt(square) * 1.001;
  else {
    checkFinite(store, 'rows', byteOffset, slots * width);
    store.longest = longestOf(memory.views.f32.subarray(byteOffset / 4, byteOffset / 4 + slots * width), width, 0);
  }
}

/** Biases of rows must be numbers; those beyond their range would only be looked at last. */
export function checkBiases(store: IvfStore, at: number, counts: Uint32Array): void {
  const { f32 } = store.memory.views;
  for (const count of counts) {
    for (let place = 0; place < count; place++) {
      const block = at + Math.floor(place / BLOCK_ROWS) * store.shape.blockBytes;
      if (!Number.isFinite(f32[block / 4 + BLOCK_ROWS + (place % BLOCK_ROWS)])) throw damaged('biases must be finite');
    }
    at += Math.ceil(count / BLOCK_ROWS) * store.shape.blockBytes;
  }
}

export function checkFinite(store: IvfStore, name: string, at: number, count: number): void {
  if (!store.memory.exports.areFinite(at, count)) throw damaged(`section ${name} must hold finite numbers`);
}

/** The highest slot in use; −1 without one. */
export function lastSlot(live: Uint32Array): number {
  for (let word = live.length - 1; word >= 0; word--)
    if (live[word] !== 0) return word * 32 + 31 - Math.clz32(live[word]!);
  return -1;
}
