// pnpm bench index-curves [--json]: time of a search against recall@10 on GloVe, 100,000 × 100, of hnsw, ivf and hnswlib-node,
// drawn to docs/recall-and-speed.png. Graphs are those that `pnpm bench index` keeps.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hnswlibPeer } from './data/search-peers.mjs';
import { cache, searchSets } from './data/search-sets.mjs';
import { exactTruth, recallOf } from './data/search-truth.mjs';
import { bench, load, median } from './harness.mjs';

const K = 10;
const FIRST = 80;
const LAST = 99;

await bench('index-curves', async ({ row, progress }) => {
  const { hnswEngine, ivfEngine, openIndex } = await load('@simile/index');
  const { drawCurve } = await load('@simile/visualization');
  const set = await searchSets.glove100k();
  const { dimension, metric, base, queries } = set;
  const truth = await exactTruth(set, K);
  const single = Array.from({ length: queries.length / dimension }, (_, i) =>
    queries.subarray(i * dimension, (i + 1) * dimension),
  );
  const engines = { hnsw: hnswEngine(), ivf: ivfEngine() };
  const ways = {};
  for (const [kind, engine] of Object.entries(engines)) {
    const path = join(cache, `glove100k-${kind}.simile`);
    const isThere = existsSync(path);
    const index = await openIndex(path, { dimension, metric, engine });
    if (!isThere) {
      progress(`building ${kind}`);
      await index.add(base);
      await index.save();
    }
    ways[kind] = {
      recall: async (effort) => recallOf((await index.searchColumns(queries, { k: K, effort })).ids, truth, K),
      run: async (effort) => {
        for (const query of single) await index.search(query, { k: K, effort });
      },
    };
  }
  const peer = await hnswlibPeer(set, join(cache, 'glove100k.hnswlib'), progress);
  ways[peer.name] = {
    recall: async (ef) => recallOf(peer.all(ef, K), truth, K),
    run: async (ef) => single.forEach((_, i) => peer.one(i, ef, K)),
  };

  const efforts = [4, 6, 8, 11, 14, 18, 23, 29, 37, 47, 60, 76, 96, 122, 155, 197, 250, 320];
  const points = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (const effort of efforts) {
    // In turn, since other work on the machine slows all of them.
    const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
    for (let round = 0; round < 4; round++) {
      for (const [name, way] of Object.entries(ways)) {
        const begin = performance.now();
        await way.run(effort);
        if (round > 0) times[name].push(((performance.now() - begin) * 1000) / single.length);
      }
    }
    for (const [name, way] of Object.entries(ways)) {
      points[name].push({ effort, recall: await way.recall(effort), microseconds: median(times[name]) });
    }
    progress(`effort ${effort}`);
  }
  const curves = Object.fromEntries(Object.entries(points).map(([name, list]) => [name, atPercents(list)]));
  for (const [name, list] of Object.entries(points)) {
    for (const { effort, recall, microseconds } of list) {
      row({
        case: `${name}, effort ${effort}`,
        metric: `time at recall ${recall.toFixed(3)}`,
        unit: 'us',
        ours: microseconds,
      });
    }
  }
  const file = fileURLToPath(new URL('../../docs/recall-and-speed.png', import.meta.url));
  await drawCurve(curves, {
    title: 'GloVe, 100,000 × 100: one search, one thread',
    xLabel: 'recall@10 in percent',
    yLabel: 'microseconds',
    first: FIRST,
    smooth: 1,
    theme: 'light',
  }).save(file);
  progress(`drawn to ${file}`);
  return { points };
});

/** Time at each percent of recall, on the line between the points around it; NaN outside of them. */
function atPercents(points) {
  return Array.from({ length: LAST - FIRST + 1 }, (_, i) => {
    const wanted = (FIRST + i) / 100;
    const after = points.findIndex(({ recall }) => recall >= wanted);
    if (after < 1) return NaN;
    const [a, b] = [points[after - 1], points[after]];
    const share = b.recall === a.recall ? 1 : (wanted - a.recall) / (b.recall - a.recall);
    return a.microseconds + share * (b.microseconds - a.microseconds);
  });
}
