import { vectorDistance, type DistanceName } from '@simile/distances/vectors';
import { expect, it } from 'vitest';
import { flatEngine } from './flat-engine.ts';

const names: DistanceName[] = [
  'angular',
  'chebyshev',
  'cosine',
  'euclidean',
  'hamming',
  'inner-product',
  'jaccard',
  'manhattan',
  'minkowski-1.5',
  'minkowski-3',
  'normalized-chebyshev',
  'normalized-euclidean',
  'normalized-inner-product',
  'normalized-manhattan',
  'normalized-squared-euclidean',
  'snr',
  'squared-euclidean',
];
const [count, dimension, k] = [400, 24, 7];

it.each(names)('finds what a plain loop finds, %s, with and without a filter and a radius', async (metric) => {
  let state = 5;
  const draw = (): number => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31;
  // Half the rows of few values, so that distances are often equal; some without a direction.
  const rows = Array.from({ length: count }, (_, i) =>
    Float32Array.from({ length: dimension }, () => (i % 50 === 0 ? 0 : i % 2 === 0 ? Math.round(draw()) : draw())),
  );
  const queries = [rows[4]!, rows[5]!, Float32Array.from({ length: dimension }, draw), new Float32Array(dimension)];
  const distance = vectorDistance(metric);
  const allowed = new Uint32Array(Math.ceil(count / 32)).fill(0x11111111);
  for (const options of [{}, { precision: 'f32' }, { kernel: 'scalar' }] as const) {
    const engine = await flatEngine(options)({ dimension, metric, order: (slot) => -slot });
    await engine.set(Uint32Array.from(rows.keys()), Float32Array.from(rows.flatMap((row) => [...row])));
    for (const filter of [undefined, allowed]) {
      for (const query of queries) {
        const all = rows
          .map((row, slot) => ({ slot, distance: distance(query, row) }))
          .filter(({ slot }) => !filter || slot % 4 === 0)
          .toSorted((a, b) => a.distance - b.distance || b.slot - a.slot);
        const radius = all[k - 1]!.distance;
        const within = all.filter((found) => found.distance <= radius);
        const closest = { k, radius: Infinity, allowed: filter, signal: undefined };
        const found = await engine.search(query, closest);
        expect([...found.slots]).toEqual(all.slice(0, k).map(({ slot }) => slot));
        expect([...found.distances]).toEqual(all.slice(0, k).map((one) => one.distance));
        for (const many of [k + 1, count]) {
          const near = await engine.search(query, { ...closest, k: many, radius });
          const expected = within.slice(0, many).map(({ slot }) => slot);
          expect([...near.slots.subarray(0, near.counts[0])]).toEqual(expected);
        }
      }
    }
  }
});
