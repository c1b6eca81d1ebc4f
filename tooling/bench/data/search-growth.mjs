// How the cost of a query grows with the number of rows, at equal recall. 100,000 are the most common words, fewer are spread over all, and
// a million are all with noise: see search-sets.mjs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../harness.mjs';
import { cache, searchSets } from './search-sets.mjs';
import { exactTruth, recallOf } from './search-truth.mjs';

const SETS = ['glove10k', 'glove30k', 'glove100k', 'glove341k', 'glove1m'];

/**
 * Microseconds of a query for each number of rows, and the exponent of a power law through them (least squares of logarithms), for each
 * engine: `[{ kind, points: [{ rows, effort, us }], exponent }]`.
 */
export async function measureGrowth({ engines, openIndex, row, progress, rounds, k, recall, bisect }) {
  const results = Object.keys(engines).map((kind) => ({ kind, points: [] }));
  for (const name of SETS) {
    const set = await searchSets[name]();
    const { dimension, metric, base, queries } = set;
    const rows = base.length / dimension;
    const truth = await exactTruth(set, k);
    const single = Array.from({ length: queries.length / dimension }, (_, i) =>
      queries.subarray(i * dimension, (i + 1) * dimension),
    );
    for (const { kind, points } of results) {
      const path = join(cache, `${name}-${kind}.simile`);
      const isThere = existsSync(path);
      if (!isThere) progress(`${name}: building ${kind}`);
      const index = await openIndex(path, { dimension, metric, engine: engines[kind]({}), recall });
      if (!isThere) {
        await index.add(base, { labels: Int32Array.from({ length: rows }, (_, i) => i % 100) });
        await index.save();
      }
      const isEnough = async (effort) =>
        recallOf((await index.searchColumns(queries, { k, effort })).ids, truth, k) >= recall;
      const effort = await bisect(isEnough, 1, 1500);
      const times = [];
      for (let round = 0; round <= rounds; round++) {
        const begin = performance.now();
        for (const query of single) await index.search(query, { k, effort });
        if (round > 0) times.push(((performance.now() - begin) * 1000) / single.length);
      }
      await index.close();
      points.push({ rows, effort, us: median(times) });
      row({ case: `growth, ${kind}, ${rows} rows, effort ${effort}`, metric: 'time', unit: 'us', ours: times });
    }
  }
  return results.map(({ kind, points }) => {
    const exponent = slope(points.map(({ rows, us }) => [Math.log(rows), Math.log(us)]));
    row({ case: `growth, ${kind}, exponent of rows`, metric: 'exponent', unit: '', ours: exponent });
    return { kind, points, exponent };
  });
}

/** Of the line closest to some points by least squares. */
function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([a]) => a), mean(([, b]) => b)];
  return mean(([a, b]) => (a - x) * (b - y)) / mean(([a]) => (a - x) ** 2);
}
