import { serveEngine } from '../src/workers/serve-engine.ts';

// An engine that finds nothing, but has every optional member, and tells by distances what it was asked.
serveEngine(() => async ({ dimension, restore }) => {
  const rows = new Map<number, Float32Array>();
  const effort = { name: 'looks', value: 3, least: 1, most: 9 };
  let compacted = false;
  const answer = (value: number): import('../src/contract.ts').EngineHits => ({
    k: 1,
    counts: Uint32Array.of(1),
    slots: Uint32Array.of(0),
    distances: Float64Array.of(value),
  });
  if (restore) {
    const meta = restore.meta as { slots: number[]; effort: number };
    const bytes = new Uint8Array(restore.sizes.get('rows')!);
    await restore.read('rows', bytes);
    const all = new Float32Array(bytes.buffer);
    meta.slots.forEach((slot, i) => rows.set(slot, all.slice(i * dimension, (i + 1) * dimension)));
    effort.value = meta.effort;
  }
  return {
    name: 'list',
    get size() {
      return rows.size;
    },
    bytes: 100,
    effort,
    set(slots, values, options) {
      slots.forEach((slot, i) => rows.set(slot, values.slice(i * dimension, (i + 1) * dimension)));
      options?.onProgress?.({ done: slots.length, total: slots.length });
    },
    remove: (slots) => slots.forEach((slot) => rows.delete(slot)),
    row: (slot) => rows.get(slot)!.slice(),
    search: (queries, options) => (queries[0] === -1 ? process.exit(0) : answer(options.effort ?? effort.value)),
    searchExact: () => answer(1000),
    clear: () => rows.clear(),
    compact: () => {
      compacted = true;
    },
    state: () => {
      const values = Float32Array.from([...rows.values()].flatMap((row) => [...row]));
      const meta = { slots: [...rows.keys()], effort: effort.value, compacted };
      return { kind: 'list', version: 1, meta, sections: new Map([['rows', new Uint8Array(values.buffer)]]) };
    },
  };
});
