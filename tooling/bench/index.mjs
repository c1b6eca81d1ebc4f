// pnpm bench index [--json] [--only=glove100k,mnist784] [--all] [--build] [--growth] [--rounds=n]: approximate search through the public API of
// @simile/index, one call a query, ids and labels included, against hnswlib-node and usearch, at equal recall@10 found by bisection on both sides.
// Graphs are built once and kept in node_modules/.cache. --all adds 1,000,000 rows; --build builds ours and hnswlib-node's in turn and says how
// long each takes; --growth searches 10,000 to 1,000,000 rows and fits the exponent, --growth=only does nothing else.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { measureGrowth } from './data/search-growth.mjs';
import { hnswlibPeer, usearchPeer } from './data/search-peers.mjs';
import { cache, searchSets } from './data/search-sets.mjs';
import { exactTruth, recallOf } from './data/search-truth.mjs';
import { bench, load } from './harness.mjs';

const K = 10;
const QUERIES = 1000;
const DEFAULT = ['glove100k', 'glove341k', 'mnist784', 'own64'];
const TARGETS = { glove100k: [0.9, 0.95, 0.99], mnist784: [0.95, 0.99] };

await bench('index', async ({ compare, row, progress, options }) => {
  const { createIndex, openIndex, hnswEngine, ivfEngine } = await load('@simile/index');
  const wanted = options.only?.split(',') ?? (options.all ? [...DEFAULT, 'glove1m'] : DEFAULT);
  const names = options.growth === 'only' ? [] : wanted;
  const rounds = Number(options.rounds ?? 9);
  const engines = { hnsw: (more) => hnswEngine(more), ivf: (more) => ivfEngine(more) };
  const about = [];
  const perQuery = async (work) => {
    const begin = performance.now();
    for (let i = 0; i < QUERIES; i++) await work(i);
    return ((performance.now() - begin) * 1000) / QUERIES;
  };

  for (const name of names) {
    const set = await searchSets[name]();
    const { dimension, metric, base, queries } = set;
    const count = base.length / dimension;
    const truth = await exactTruth(set, K);
    const single = Array.from({ length: QUERIES }, (_, i) => queries.subarray(i * dimension, (i + 1) * dimension));
    const labels = Int32Array.from({ length: count }, (_, i) => i % 100);
    progress(`${name}: ${count} × ${dimension}, ${metric}`);

    const build = async (engine) => {
      const index = createIndex({ dimension, metric, engine });
      const begin = performance.now();
      await index.add(base, { labels });
      return { index, seconds: (performance.now() - begin) / 1000 };
    };
    const ours = async (kind, more = {}) => {
      const path = join(cache, `${name}-${kind}.simile`);
      if (existsSync(path)) return openIndex(path, { engine: engines[kind](more) });
      progress(`${name}: building ${kind}`);
      const stored = await openIndex(path, { dimension, metric, engine: engines[kind](more) });
      const begin = performance.now();
      await stored.add(base, { labels });
      await stored.save();
      progress(`${name}: ${kind} built in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
      return stored;
    };
    const peer = await hnswlibPeer(set, join(cache, `${name}.hnswlib`), progress);
    const usearch = name === 'glove100k' ? await usearchPeer(set, join(cache, `${name}.usearch`), progress) : undefined;

    for (const kind of Object.keys(engines)) {
      const index = await ours(kind);
      const effort = (recall) =>
        bisect(
          async (value) => {
            const found = await index.searchColumns(queries, { k: K, effort: value });
            return recallOf(found.ids, truth, K) >= recall;
          },
          1,
          1500,
        );
      const { engine, bytes } = index.describe();
      about.push({
        name,
        kind,
        engine,
        bytes,
        bytesPerVector: bytes / count,
        file: statSync(join(cache, `${name}-${kind}.simile`)).size,
      });
      row({ case: `${name} ${kind}`, metric: 'memory a vector', unit: 'bytes', ours: bytes / count });
      for (const recall of TARGETS[name] ?? [0.95]) {
        const value = await effort(recall);
        if (value === undefined) {
          progress(`${name} ${kind} r${recall}: not reached`);
          continue;
        }
        const what = `${name} r${String(recall).slice(1)}${kind === 'hnsw' ? '' : ` ${kind}`}`;
        const one = () => perQuery((i) => index.search(single[i], { k: K, effort: value }));
        const ef = await bisect(async (ef) => recallOf(peer.all(ef, K), truth, K) >= recall, K, 1500);
        const effortText = `${index.describe().engine.split(' ')[0]} effort ${value}`;
        await compare({
          case: what,
          unit: 'us',
          peer: `${peer.name}, efSearch ${ef}`,
          ours: one,
          theirs: () => perQuery((i) => peer.one(i, ef, K)),
          runs: rounds,
        });
        progress(effortText);
        if (usearch) {
          const theirs = await bisect(async (ef) => recallOf(usearch.all(ef, K), truth, K) >= recall, K, 1500);
          await compare({
            case: what,
            unit: 'us',
            peer: `${usearch.name}, ef ${theirs}, its batch call`,
            ours: one,
            theirs: () => usearch.time(theirs, K),
            runs: Math.min(rounds, 5),
          });
        }
        await compare({
          case: `${what}, one batch`,
          unit: 'us',
          peer: `${peer.name}, efSearch ${ef}`,
          ours: async () => {
            const begin = performance.now();
            await index.searchColumns(queries, { k: K, effort: value });
            return ((performance.now() - begin) * 1000) / QUERIES;
          },
          theirs: () => perQuery((i) => peer.one(i, ef, K)),
          runs: Math.min(rounds, 5),
        });
        if (name === 'glove100k') {
          const threaded = await openIndex(join(cache, `${name}-${kind}.simile`), {
            engine: engines[kind]({ threads: 2 }),
            readOnly: true,
          });
          const many = new Float32Array(8 * queries.length);
          for (let i = 0; i < 8; i++) many.set(queries, i * queries.length);
          await compare({
            case: `${what}, batch on 2 threads`,
            unit: 'us',
            peer: `${peer.name}, efSearch ${ef}, 1 thread`,
            ours: async () => {
              const begin = performance.now();
              await threaded.searchColumns(many, { k: K, effort: value });
              return ((performance.now() - begin) * 1000) / (8 * QUERIES);
            },
            theirs: () => perQuery((i) => peer.one(i, ef, K)),
            runs: Math.min(rounds, 7),
          });
          await threaded.close();
        }
      }
      await index.close();
    }
    if (name === 'glove100k')
      row({ case: `${peer.name}, of each call for crossing over`, metric: 'time', unit: 'us', ours: peer.overhead() });
    if (options.build) {
      const seconds = async (engine) => {
        const { index, seconds: took } = await build(engine);
        await index.close();
        return took;
      };
      const against = (what, peerName, ours, theirs) =>
        compare({
          case: `${name} build, ${what}`,
          unit: 's',
          peer: peerName,
          ours,
          theirs,
          runs: options.runs ?? 1,
          warmup: 0,
        });
      const same = { M: 16, efConstruction: 200 };
      await against('hnsw', `${peer.name}, M 16, efConstruction 200`, () => seconds(hnswEngine()), peer.build);
      await against(
        'hnsw of M 16, efConstruction 200',
        `${peer.name}, the same`,
        () => seconds(hnswEngine(same)),
        peer.build,
      );
      await against('ivf', `${peer.name}, M 16, efConstruction 200`, () => seconds(ivfEngine()), peer.build);
      for (const [kind, engine] of Object.entries(engines)) {
        const onTwo = () => seconds(engine({ threads: 2 }));
        await against(`${kind} on 2 threads`, 'ours on 1', onTwo, () => seconds(engine({})));
      }
    }
    if (name === 'glove341k') {
      for (const kind of Object.keys(engines)) {
        const path = join(cache, `${name}-${kind}.simile`);
        readFileSync(path); // into the cache of files
        const times = [];
        for (let i = 0; i < 7; i++) {
          const begin = performance.now();
          const opened = await openIndex(path, { engine: engines[kind]({}), readOnly: true });
          await opened.search(single[0], { k: K });
          times.push(performance.now() - begin);
          await opened.close();
        }
        row({ case: `${name} ${kind}, opened to its first answer`, metric: 'time', unit: 'ms', ours: times });
      }
    }
  }
  const growth = options.growth
    ? await measureGrowth({ engines, openIndex, row, progress, rounds, k: K, recall: 0.95, bisect })
    : undefined;
  return { about, growth, k: K, queries: QUERIES, note: 'times are of one query; median of paired rounds' };
});

/** The least value from `least` to `most` that is enough; undefined when none is. Enough must stay enough above. */
async function bisect(isEnough, least, most) {
  if (!(await isEnough(most))) return undefined;
  let [low, high] = [least, most];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
