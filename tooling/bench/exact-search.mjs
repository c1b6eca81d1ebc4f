// Exact search among 100,000 unit vectors of 100 values, the ten nearest by cosine, on one thread: ours through the public API
// of @simile/index, against usearch's exact search and a plain JavaScript loop. `--kernel simd` holds relaxed SIMD back.
import usearch from 'usearch';
import { unitVectors } from './data/unit-vectors.mjs';
import { bench, load } from './harness.mjs';

const ROWS = 100_000;
const QUERIES = 1000;
const K = 10;

await bench('exact-search', async ({ compare, row, progress, options }) => {
  const { createIndex, flatEngine } = await load('@simile/index');
  const { name, dimension, base, queries } = unitVectors(ROWS, QUERIES);
  const kernel = options.kernel ?? 'auto';
  const index = createIndex({ dimension, engine: flatEngine({ kernel }) });
  const started = performance.now();
  await index.add(base);
  row({ case: `${name}, add`, metric: 'time', unit: 'ms', ours: performance.now() - started });
  const { engine, bytes } = index.describe();
  progress(`${engine}, ${Math.round(bytes / 1e6)} MB`);

  const single = (i) => queries.subarray(i * dimension, (i + 1) * dimension);
  const theirs = (batch) => usearch.exactSearch(base, batch, dimension, K, usearch.MetricKind.IP, 1);
  const recall = await agreement(index, theirs(queries), queries);
  row({ case: `${name}, batch ${QUERIES}`, metric: `recall@${K} against usearch`, unit: '', ours: recall });

  const peer = 'usearch 2.26.2 exactSearch, 1 thread';
  let turn = 0;
  const next = () => (turn = (turn + 1) % QUERIES);
  const perSecond = async (count, work) => {
    const begin = performance.now();
    await work();
    return (count * 1000) / (performance.now() - begin);
  };
  const many = (work, times) => async () => {
    for (let i = 0; i < times; i++) await work(single(next()));
  };
  await compare({
    case: `${name}, batch ${QUERIES}`,
    metric: 'speed',
    unit: 'queries/s',
    peer,
    ours: () => perSecond(QUERIES, () => index.searchColumns(queries, { k: K })),
    theirs: () => perSecond(QUERIES, () => theirs(queries)),
  });
  const one = await compare({
    case: `${name}, batch 1`,
    metric: 'speed',
    unit: 'queries/s',
    peer,
    ours: () =>
      perSecond(
        40,
        many((query) => index.search(query, { k: K }), 40),
      ),
    theirs: () => perSecond(40, many(theirs, 40)),
  });
  await compare({
    case: `${name}, batch 1`,
    metric: 'speed',
    unit: 'queries/s',
    peer: 'plain JavaScript loop',
    ours: () =>
      perSecond(
        20,
        many((query) => index.search(query, { k: K }), 20),
      ),
    theirs: () =>
      perSecond(
        5,
        many((query) => plainLoop(base, query), 5),
      ),
  });
  await compare({
    case: `${name}, batch ${QUERIES}`,
    metric: 'speed',
    unit: 'queries/s',
    peer: 'plain JavaScript loop',
    ours: () => perSecond(QUERIES, () => index.searchColumns(queries, { k: K })),
    theirs: () =>
      perSecond(
        10,
        many((query) => plainLoop(base, query), 10),
      ),
    runs: 3,
  });

  // Measured in turn, since other work on the machine slows both.
  const peakOfCore = await makePeak(engine);
  const gigaflops = (queriesPerSecond) => (2 * ROWS * dimension * queriesPerSecond) / 1e9;
  await compare({
    case: `${name}, batch ${QUERIES}, share of peak`,
    metric: 'multiplications and additions',
    unit: 'GFLOP/s',
    peer: 'the kernel’s instructions with nothing to wait for',
    ours: async () => gigaflops(await perSecond(QUERIES, () => index.searchColumns(queries, { k: K }))),
    theirs: peakOfCore,
  });
  const read = (one.ours * ROWS * dimension * 4) / 1e9;
  row({ case: `${name}, batch 1`, metric: 'memory read', unit: 'GB/s', ours: read });
  return { engine, data: name, k: K };
});

/** Share of usearch's neighbours that ours finds. Both are exact; near ties may fall either way in its float32. */
async function agreement(index, found, queries) {
  const { ids } = await index.searchColumns(queries, { k: K });
  let same = 0;
  for (let i = 0; i < QUERIES; i++) {
    const keys = new Set(Array.from(found.keys.slice(i * K, (i + 1) * K), Number));
    for (const id of ids.slice(i * K, (i + 1) * K)) if (keys.has(id)) same++;
  }
  return same / ids.length;
}

/** What someone would write without a library: dot products in a loop, the ten best kept sorted. */
function plainLoop(base, query) {
  const dimension = query.length;
  const best = new Float64Array(K).fill(-Infinity);
  const ids = new Int32Array(K);
  for (let row = 0, at = 0; row < ROWS; row++) {
    let dot = 0;
    for (let j = 0; j < dimension; j++) dot += query[j] * base[at++];
    if (dot <= best[K - 1]) continue;
    let place = K - 1;
    for (; place > 0 && best[place - 1] < dot; place--) {
      best[place] = best[place - 1];
      ids[place] = ids[place - 1];
    }
    best[place] = dot;
    ids[place] = row;
  }
  return ids;
}

/** Twelve independent chains of multiply and add: GFLOP/s that one core gives to this kernel's instructions at most. */
async function makePeak(engine) {
  const { loadFlatKernel } = await import('../../packages/index/dist/flat-kernel.js');
  const { module } = await loadFlatKernel(engine.includes('relaxed') ? 'relaxed-simd' : 'simd');
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const { peak } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const rounds = 5_000_000;
  return () => {
    const begin = performance.now();
    peak(rounds, 0.1);
    return (rounds * 12 * 8) / (performance.now() - begin) / 1e6;
  };
}
