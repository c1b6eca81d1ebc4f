import { vectorDistance, type DistanceName } from '@simile/distances/vectors';
import { describe, expect, it } from 'vitest';
import { CodeRows } from './code-rows.ts';
import { flatEngine } from './flat-engine.ts';
import { loadFlatKernel } from './flat-kernel.ts';

const metrics = [
  'angular',
  'cosine',
  'euclidean',
  'inner-product',
  'normalized-inner-product',
  'snr',
  'squared-euclidean',
] as const;

function drawer(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31;
}

/** Rows that are hard on codes: value `j` of row `i`, of so many dimensions. */
const hard: Readonly<Record<string, (draw: () => number, i: number, j: number) => number>> = {
  'of all sizes': (draw, i) => draw() * 10 ** (i % 9),
  'that are often equal': (draw) => Math.round(draw()),
  'far from the origin': (draw) => 1e6 + draw(),
  'farther than float32 can tell': (draw) => 1e8 + draw() * 100,
  'too small for float32 squares': (draw) => draw() * 1e-30,
  'too large for float32 squares': (draw) => draw() * 1e25,
  'of one large dimension': (draw, _, j) => (j === 3 ? draw() * 1e5 : draw()),
  'of which one is large': (draw, i) => (i === 11 ? draw() * 1e9 : draw()),
  'in tight clouds': (draw, i, j) => Math.sin((i % 5) * 7 + j) + draw() * 1e-6,
  'of zeros and one value': (draw, i, j) => (j === i % 40 ? draw() : 0),
  // Whole numbers up to 127, each row with its opposite: nothing is left out but of queries.
  'that codes hold exactly': (_, i, j) =>
    (i % 2 === 0 ? 1 : -1) * (j === 0 ? 127 : (((i >> 1) * 31 + j * j * 17) % 255) - 127),
  'all the same': (_, __, j) => Math.cos(j),
};

/** What a plain loop finds: slots and distances of the closest, equal ones by slot. */
function plain(metric: DistanceName, rows: Float32Array[], query: Float32Array, k: number): [number, number][] {
  const distance = vectorDistance(metric);
  return rows
    .map((row, slot): [number, number] => [slot, distance(query, row)])
    .toSorted((a, b) => a[1] - b[1] || a[0] - b[0])
    .slice(0, k);
}

describe('search through codes', () => {
  const [count, k] = [300, 9];
  it.each(Object.keys(hard))('finds what a plain loop finds among rows %s', async (kind) => {
    for (const dimension of [5, 40]) {
      const draw = drawer(dimension);
      const rows = Array.from({ length: count }, (_, i) =>
        Float32Array.from({ length: dimension }, (__, j) => hard[kind]!(draw, i, j)),
      );
      // Queries: a row, near a row, between rows, elsewhere, nowhere.
      const queries = [
        rows[7]!,
        rows[8]!.map((value) => value * 1.000001),
        rows[9]!.map((value, j) => (value + rows[10]![j]!) / 2),
        Float32Array.from({ length: dimension }, draw),
        new Float32Array(dimension),
      ];
      for (const metric of metrics) {
        const engine = await flatEngine({ precision: 'i8' })({ dimension, metric, order: Number });
        await engine.set(Uint32Array.from(rows.keys()), Float32Array.from(rows.flatMap((row) => [...row])));
        const all = { allowed: undefined, signal: undefined };
        const batch = Float32Array.from(queries.flatMap((query) => [...query]));
        const together = await engine.search(batch, { k, radius: Infinity, ...all });
        for (const [i, query] of queries.entries()) {
          const expected = plain(metric, rows, query, k);
          const what = `${metric}, ${dimension}, query ${i}`;
          const slots = together.slots.subarray(i * k, (i + 1) * k);
          const distances = together.distances.subarray(i * k, (i + 1) * k);
          expect(
            [...slots].map((slot, at) => [slot, distances[at]]),
            what,
          ).toEqual(expected);
          const alone = await engine.search(query, { k, radius: Infinity, ...all });
          expect(alone.slots, what).toEqual(slots);
          // All rows up to the distance of the last: what a bound that is too high would leave out.
          const radius = expected.at(-1)![1];
          const within = await engine.search(query, { k: count, radius, ...all });
          const near = plain(metric, rows, query, count).filter(([, distance]) => distance <= radius);
          expect([...within.slots.subarray(0, within.counts[0])], what).toEqual(near.map(([slot]) => slot));
        }
      }
    }
  });

  it('never rules out a row whose distance is the very radius', async () => {
    const [dimension, metric] = [40, 'inner-product'] as const;
    const { module } = await loadFlatKernel('simd');
    const store = new CodeRows(dimension, metric, module!);
    const draw = drawer(6);
    const rows = Array.from({ length: count }, (_, i) =>
      Float32Array.from({ length: dimension }, (__, j) => hard['that codes hold exactly']!(draw, i, j)),
    );
    store.reserve(count);
    store.put(Uint32Array.from(rows.keys()), Float32Array.from(rows.flatMap((row) => [...row])));
    for (let turn = 0; turn < 4; turn++) {
      const query = Float32Array.from({ length: dimension }, draw);
      for (const [slot, radius] of plain(metric, rows, query, count)) {
        const scan = store.scan({ places: count, within: count, radius, allowed: undefined });
        expect(Array.from(scan.candidates([query])[0]!)).toContain(slot);
      }
    }
  });

  it('is right about rows that vary where those it learnt from did not', async () => {
    const dimension = 21;
    const draw = drawer(8);
    const rows = Array.from({ length: 230 }, (_, i) =>
      Float32Array.from({ length: dimension }, (__, j) => (j % 3 > 0 ? draw() : i < 200 ? 0 : 9 * draw())),
    );
    for (const metric of metrics) {
      const engine = await flatEngine({ precision: 'i8' })({ dimension, metric, order: Number });
      await engine.set(
        Uint32Array.from(rows.keys()).subarray(0, 200),
        Float32Array.from(rows.slice(0, 200).flatMap((row) => [...row])),
      );
      await engine.set(
        Uint32Array.from(rows.keys()).subarray(200),
        Float32Array.from(rows.slice(200).flatMap((row) => [...row])),
      );
      const { coded } = engine.state!().meta as { coded: number };
      if (metric !== 'snr') expect(coded, metric).toBe(14); // snr takes the mean of a row away, which varies
      for (let i = 195; i < 230; i++) {
        const query = rows[i]!.map((value) => value + 0.1 * draw());
        const { slots } = await engine.search(query, { k: 9, radius: Infinity, allowed: undefined, signal: undefined });
        expect([...slots], metric).toEqual(plain(metric, rows, query, 9).map(([slot]) => slot));
      }
    }
  });

  it('looks at few rows of many', async () => {
    const dimension = 100;
    const draw = drawer(4);
    const { module } = await loadFlatKernel('simd');
    for (const [metric, offset] of [
      ['cosine', 1],
      ['euclidean', 1000],
      ['snr', 1000],
    ] as const) {
      const store = new CodeRows(dimension, metric, module!);
      const rows = Array.from({ length: 4000 }, () => Float32Array.from({ length: dimension }, () => offset + draw()));
      store.reserve(rows.length);
      store.put(Uint32Array.from(rows.keys()), Float32Array.from(rows.flatMap((row) => [...row])));
      const query = Float32Array.from({ length: dimension }, () => offset + draw());
      const radius = plain(metric, rows, query, 10).at(-1)![1];
      const every = { places: rows.length, within: rows.length, radius, allowed: undefined };
      const [found] = store.scan(every).candidates([query]);
      expect(found!.length, metric).toBeGreaterThanOrEqual(10);
      expect(found!.length, metric).toBeLessThan(80);
    }
  });

  it('learns the mean anew as rows come and go, and is right with any', async () => {
    const [dimension, metric] = [20, 'euclidean'] as const;
    const draw = drawer(5);
    const engine = await flatEngine()({ dimension, metric, order: Number });
    const rows: Float32Array[] = [];
    for (let turn = 0; turn < 40; turn++) {
      const drifting = Float32Array.from({ length: dimension }, () => turn * 100 + draw());
      rows.push(drifting);
      await engine.set(Uint32Array.of(turn), drifting);
      const { slots } = await engine.search(drifting, {
        k: 3,
        radius: Infinity,
        allowed: undefined,
        signal: undefined,
      });
      expect([...slots]).toEqual(plain(metric, rows, drifting, 3).map(([slot]) => slot));
    }
    engine.compact!();
    expect(engine.row(39)).toEqual(rows[39]);
  });
});
