import { describe, expect, it } from 'vitest';
import type { SearchEngine, SearchEngineOptions, StoredEngineState } from '../contract.ts';
import { createIndex, indexFromBytes } from '../create-index.ts';
import { flatEngine, type FlatEngineOptions } from './flat-engine.ts';

const numbers = (length: number, seed = 1): Float32Array => {
  let state = seed;
  return Float32Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31);
};
const dimension = 18;
const count = 500;
const every = { k: 6, radius: Infinity, allowed: undefined, signal: undefined };
const make = async (options: FlatEngineOptions, more: Partial<SearchEngineOptions> = {}): Promise<SearchEngine> =>
  flatEngine(options)({ dimension, metric: 'euclidean', order: Number, ...more });

/** An engine with some rows removed, and its slots. */
async function filled(options: FlatEngineOptions, metric = 'euclidean'): Promise<[SearchEngine, Uint32Array]> {
  const engine = await make(options, { metric });
  await engine.set(
    Uint32Array.from({ length: count }, (_, slot) => slot),
    numbers(count * dimension),
  );
  await engine.remove(Uint32Array.of(3, 499, 64));
  return [engine, Uint32Array.from([...Array(499).keys()].filter((slot) => slot !== 3 && slot !== 64))];
}

/** The state as a file would have it, with some of it changed. */
function stored(engine: SearchEngine, change: { meta?: object; sections?: object } = {}): StoredEngineState {
  const { kind, version, meta, sections } = engine.state!();
  const copies = new Map([...sections].map(([name, bytes]) => [name, bytes.slice()]));
  for (const [name, bytes] of Object.entries(change.sections ?? {})) copies.set(name, bytes as Uint8Array<ArrayBuffer>);
  return {
    kind,
    version,
    meta: { ...(JSON.parse(JSON.stringify(meta)) as object), ...change.meta },
    sizes: new Map([...copies].map(([name, bytes]) => [name, bytes.length])),
    read: async (name, into) => into.set(copies.get(name)!),
  };
}

describe('state of a flat engine', () => {
  const kinds = [
    ['i8', 'euclidean'],
    ['i8', 'snr'],
    ['f32', 'euclidean'],
    ['f32', 'manhattan'],
  ] as const;
  it.each(kinds)('goes on where it was, %s, %s', async (precision, metric) => {
    const [engine, slots] = await filled({ precision }, metric);
    const again = await make({ precision }, { metric, restore: stored(engine), slots });
    expect(again.size).toBe(497);
    const queries = numbers(7 * dimension, 2);
    expect(await again.search(queries, every)).toEqual(await engine.search(queries, every));
    for (const one of [engine, again]) {
      await one.set(Uint32Array.of(3, 600), numbers(2 * dimension, 3));
      expect(one.size).toBe(499);
    }
    expect(await again.search(queries, every)).toEqual(await engine.search(queries, every));
    expect(again.row(600)).toEqual(engine.row(600));
  });

  it('takes any mean, whatever the bits of its float64', async () => {
    const wide = 2000; // of so many low words, some look like an infinite float32
    const options = { dimension: wide, metric: 'euclidean', order: Number };
    const engine = await flatEngine()(options);
    await engine.set(Uint32Array.of(0, 1, 2), numbers(3 * wide));
    const again = await flatEngine()({ ...options, restore: stored(engine), slots: Uint32Array.of(0, 1, 2) });
    expect(again.row(2)).toEqual(engine.row(2));
  });

  it('tells where other engines find the rows', async () => {
    for (const precision of ['i8', 'f32'] as const) {
      const [engine] = await filled({ precision });
      const { rows, sections } = engine.state!();
      const { section, lanes = 1 } = rows!;
      const values = new Float32Array(sections.get(section)!.slice().buffer);
      const slot = 77;
      const first = (slot - (slot % lanes)) * dimension + (slot % lanes);
      const row = Float32Array.from({ length: dimension }, (_, j) => values[first + j * lanes]!);
      expect(row).toEqual(numbers(count * dimension).slice(slot * dimension, (slot + 1) * dimension));
    }
    expect((await make({ kernel: 'scalar' })).state).toBeUndefined();
  });

  it('starts empty with a state that is laid out in another way', async () => {
    const [engine, slots] = await filled({ precision: 'i8' });
    const restore = stored(engine);
    expect((await make({ precision: 'f32' }, { restore, slots })).size).toBe(0);
    expect((await make({ kernel: 'scalar' }, { restore, slots })).size).toBe(0);
    expect((await make({}, { restore: { ...restore, version: 2 }, slots })).size).toBe(0);
    expect((await make({}, { restore: { ...restore, kind: 'hnsw' }, slots })).size).toBe(0);
  });

  it('is kept in a file, for any engine', async () => {
    const engines = [{}, { precision: 'f32' }, { kernel: 'scalar' }] as const;
    for (const from of engines) {
      const index = createIndex({ dimension, metric: 'euclidean', engine: flatEngine(from) });
      await index.add(numbers(40 * dimension));
      await index.remove([3, 4]);
      for (const to of engines) {
        const copy = await indexFromBytes(index.toBytes(), { engine: flatEngine(to) });
        const query = numbers(dimension, 9);
        expect(await copy.search(query)).toEqual(await index.search(query));
      }
    }
  });

  it('believes nothing', async () => {
    const [engine, slots] = await filled({});
    const fails = async (change: Parameters<typeof stored>[1], others = slots): Promise<string> =>
      make({}, { restore: stored(engine, change), slots: others }).then(String, String);
    const notFinite = engine.state!().sections.get('rows')!.slice();
    notFinite.fill(255, 40, 44);
    const otherCodes = engine.state!().sections.get('codes')!.slice().fill(1);
    const beyond = engine.state!().sections.get('live')!.slice();
    beyond[63] = 255; // slots 504 to 511
    expect([
      await fails({ meta: { count: 1e9 } }),
      await fails({ meta: { count: -8 } }),
      await fails({ meta: { reach: null } }),
      await fails({ sections: { codes: new Uint8Array(8) } }),
      await fails({ sections: { rows: notFinite } }),
      await fails({ sections: { codes: otherCodes } }),
      await fails({ meta: { reach: 0 } }),
      await fails({ meta: { coded: 0 } }),
      await fails({ sections: { order: new Uint8Array(dimension * 4) } }),
      await fails({ sections: { live: beyond } }),
      await fails({}, slots.slice(1)),
      await make({}, { restore: { ...stored(engine), meta: [] }, slots }).then(String, String),
    ]).toMatchInlineSnapshot(`
      [
        "SimileError: flat-engine: section live must have 125000000 bytes, but got 64. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: count must be a text or a number from 0, but got -8. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: reach must be a text or a number from 0, but got null. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: section codes must have 10080 bytes, but got 8. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: section rows must hold finite numbers, but got 'others'. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: codes must be those of the rows, but got 'others'. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: codes must be those of the rows, but got 'others'. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: coded must be a number of dimensions, but got 0. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: order must have each dimension once, but got 'others'. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: slots in use must be below 500, but got 'others'. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: slots in use must be those of the records, but got '497 slots'. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
        "SimileError: flat-engine: meta must be an object, but got []. The file is damaged; take another copy, or add the rows to a new index. [ERR_FILE]",
      ]
    `);
  });
});
