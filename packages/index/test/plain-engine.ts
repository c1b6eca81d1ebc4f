import { SimileError } from '@simile/core/errors';
import type { EngineHits, EngineState, SearchEngine, SearchEngineFactory } from '../src/index.ts';

/** How often it was built anew and restored. */
export interface PlainEngineUse {
  set: number;
  restored: number;
}

/**
 * An engine with a state of its own, as simple as can be: rows by slot, Euclidean distances. `rows` says where others find
 * the rows; without, only this one can read its files.
 */
export function plainEngine({
  rows = true,
  kind = 'plain',
  use = { set: 0, restored: 0 },
}: {
  readonly rows?: boolean;
  readonly kind?: string;
  readonly use?: PlainEngineUse;
} = {}): SearchEngineFactory {
  return async ({ dimension, order, restore }) => {
    let values = new Float32Array(4 * dimension);
    let live = new Uint8Array(4);
    let size = 0;
    if (restore?.kind === kind && restore.version === 1) {
      const length = restore.sizes.get('live') ?? 0;
      if (restore.sizes.get('values') !== length * dimension * 4) throw damaged();
      values = new Float32Array(length * dimension);
      live = new Uint8Array(length);
      await restore.read('values', new Uint8Array(values.buffer));
      await restore.read('live', live);
      if (live.some((bit) => bit > 1)) throw damaged();
      size = live.reduce((sum, bit) => sum + bit, 0);
      use.restored++;
    }
    const row = (slot: number): Float32Array => values.slice(slot * dimension, (slot + 1) * dimension);
    const engine: SearchEngine = {
      name: kind,
      get size() {
        return size;
      },
      get bytes() {
        return values.byteLength + live.byteLength;
      },
      set(slots, list) {
        use.set += slots.length;
        slots.forEach((slot, i) => {
          while (slot >= live.length) {
            const [olderValues, olderLive] = [values, live];
            values = new Float32Array(2 * values.length);
            live = new Uint8Array(2 * live.length);
            values.set(olderValues);
            live.set(olderLive);
          }
          values.set(list.subarray(i * dimension, (i + 1) * dimension), slot * dimension);
          size += 1 - live[slot]!;
          live[slot] = 1;
        });
      },
      remove(slots) {
        for (const slot of slots) live[slot] = 0;
        size -= slots.length;
      },
      row,
      clear() {
        live.fill(0);
        size = 0;
      },
      search(queries, { k, radius, allowed }): EngineHits {
        const count = queries.length / dimension;
        const hits: EngineHits = {
          k,
          counts: new Uint32Array(count),
          slots: new Uint32Array(count * k),
          distances: new Float64Array(count * k).fill(Infinity),
        };
        for (let i = 0; i < count; i++) {
          const found: { slot: number; distance: number }[] = [];
          for (let slot = 0; slot < live.length; slot++) {
            if (!live[slot] || (allowed && !((allowed[slot >>> 5] ?? 0) & (1 << (slot & 31))))) continue;
            let sum = 0;
            for (let j = 0; j < dimension; j++) {
              sum += (queries[i * dimension + j]! - values[slot * dimension + j]!) ** 2;
            }
            if (Math.sqrt(sum) <= radius) found.push({ slot, distance: Math.sqrt(sum) });
          }
          found.sort((a, b) => a.distance - b.distance || order(a.slot) - order(b.slot));
          found.slice(0, k).forEach(({ slot, distance }, at) => {
            hits.slots[i * k + at] = slot;
            hits.distances[i * k + at] = distance;
            hits.counts[i]!++;
          });
        }
        return hits;
      },
      state(): EngineState {
        const sections = new Map([
          ['values', new Uint8Array(values.buffer)],
          ['live', live],
        ]);
        return { kind, version: 1, meta: { note: 'plain' }, sections, ...(rows && { rows: { section: 'values' } }) };
      },
    };
    return engine;
  };
}

function damaged(): SimileError {
  const rule = 'the state of the engine must be whole';
  return new SimileError({ where: 'plain-engine', rule, remedy: 'Build it anew.', code: 'ERR_FILE' });
}
