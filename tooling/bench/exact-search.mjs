// pnpm bench exact-search [--json] [--only=mnist784] [--kernel=simd] [--cpu]: exact search for the ten nearest on one thread, ours
// through the public API of @simile/index, against usearch's exact search, a plain JavaScript loop, our own float32 scan, and the limits of the
// machine. `--kernel=simd` holds relaxed SIMD back; `--cpu` counts processor time, for a machine that does other work.
import usearch from 'usearch';
import { searchSets } from './data/search-sets.mjs';
import { bench, load } from './harness.mjs';

const QUERIES = 1000;
const K = 10;
const PEER = 'usearch 2.26.2 exactSearch, 1 thread';

await bench('exact-search', async ({ compare, row, progress, options }) => {
  const { createIndex, flatEngine } = await load('@simile/index');
  const kernel = options.kernel ?? 'auto';
  const now = () => {
    if (!options.cpu) return performance.now();
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const perSecond = async (count, work) => {
    const begin = now();
    await work();
    return (count * 1000) / (now() - begin);
  };
  let engine;

  for (const name of options.only?.split(',') ?? ['glove100k', 'mnist784']) {
    const { dimension, metric, base, queries } = await searchSets[name]();
    const count = base.length / dimension;
    const add = async (precision) => {
      const index = createIndex({ dimension, metric, engine: flatEngine({ kernel, precision }) });
      const begin = now();
      await index.add(base);
      row({ case: `${name}, add, ${precision}`, metric: 'time', unit: 'ms', ours: now() - begin });
      row({ case: `${name}, ${precision}`, metric: 'memory', unit: 'bytes', ours: index.describe().bytes / count });
      return index;
    };
    const index = await add('i8');
    const values = await add('f32');
    ({ engine } = index.describe());
    progress(`${name}: ${count} × ${dimension}, ${metric}, ${engine}`);

    const single = (i) => queries.subarray((i % QUERIES) * dimension, ((i % QUERIES) + 1) * dimension);
    const kind = metric === 'cosine' ? usearch.MetricKind.IP : usearch.MetricKind.L2sq; // rows of the cosine sets have length 1
    const theirs = (batch) => usearch.exactSearch(base, batch, dimension, K, kind, 1);
    const recall = await agreement(index, theirs(queries), queries);
    row({ case: `${name}, batch ${QUERIES}`, metric: `recall@${K} against usearch`, unit: '', ours: recall });

    let turn = 0;
    const batch = (one) => perSecond(QUERIES, () => one.searchColumns(queries, { k: K }));
    const many = (times, work) =>
      perSecond(times, async () => {
        for (let i = 0; i < times; i++) await work(single(turn++));
      });
    const speed = (what, peer, ours, others, more) =>
      compare({ case: `${name}, ${what}`, metric: 'speed', unit: 'queries/s', peer, ours, theirs: others, ...more });
    const alone = () => many(40, (query) => index.search(query, { k: K }));
    await speed(
      `batch ${QUERIES}`,
      PEER,
      () => batch(index),
      () => perSecond(QUERIES, () => theirs(queries)),
    );
    await speed('batch 1', PEER, alone, () => many(20, theirs));
    await speed('batch 1', 'plain JavaScript loop', alone, () => many(5, (query) => plainLoop(base, query, metric)));
    const ofValues = "flatEngine({ precision: 'f32' })";
    await speed(
      `batch ${QUERIES}`,
      ofValues,
      () => batch(index),
      () => batch(values),
      { runs: 5 },
    );
    await speed('batch 1', ofValues, alone, () => many(20, (query) => values.search(query, { k: K })));

    // Measured in turn, since other work on the machine slows both.
    const limits = await machineLimits(engine, now);
    const coded = await codedDimensions(flatEngine({ kernel, precision: 'i8' }), dimension, metric, base);
    row({ case: name, metric: 'dimensions that have codes', unit: '', ours: coded });
    const work = (2 * count * coded) / 1e9; // multiplications and additions of a query
    await compare({
      case: `${name}, batch ${QUERIES}, share of peak`,
      metric: 'multiplications and additions of codes',
      unit: 'Gop/s',
      peer: 'the kernel’s instructions with nothing to wait for',
      ours: async () => work * (await batch(index)),
      theirs: limits.operations,
    });
    await compare({
      case: `${name}, batch 1, share of memory`,
      metric: 'codes read',
      unit: 'GB/s',
      peer: '256 MB read and nothing done with them',
      ours: async () => ((count * coded) / 1e9) * (await alone()),
      theirs: limits.memory,
    });
  }
  return { engine, k: K, time: options.cpu ? 'processor' : 'elapsed' };
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

/** Dimensions that vary enough to be given codes, which the engine's state tells. */
async function codedDimensions(factory, dimension, metric, base) {
  const engine = await factory({ dimension, metric, order: Number });
  await engine.set(
    Uint32Array.from({ length: base.length / dimension }, (_, slot) => slot),
    base,
  );
  return engine.state().meta.coded;
}

/** What someone would write without a library: distances in a loop, the ten best kept sorted. */
function plainLoop(base, query, metric) {
  const dimension = query.length;
  const best = new Float64Array(K).fill(Infinity);
  const ids = new Int32Array(K);
  for (let row = 0, at = 0; at < base.length; row++) {
    let distance = 0;
    if (metric === 'cosine') for (let j = 0; j < dimension; j++) distance -= query[j] * base[at++];
    else for (let j = 0; j < dimension; j++) distance += (query[j] - base[at++]) ** 2;
    if (distance >= best[K - 1]) continue;
    let place = K - 1;
    for (; place > 0 && best[place - 1] > distance; place--) {
      best[place] = best[place - 1];
      ids[place] = ids[place - 1];
    }
    best[place] = distance;
    ids[place] = row;
  }
  return ids;
}

/** What one core gives at most: Gop/s of the multiply-adds of codes, in twelve chains that wait for nothing; GB/s read from memory. */
async function machineLimits(engine, now) {
  const { loadFlatKernel } = await import('../../packages/index/dist/flat/flat-kernel.js');
  const { module } = await loadFlatKernel(engine.includes('relaxed') ? 'relaxed-simd' : 'simd');
  const bytes = 256 * 2 ** 20;
  const memory = new WebAssembly.Memory({ initial: 1 + bytes / 65536, maximum: 65536 });
  const { peakCodes, readMemory } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  new Uint8Array(memory.buffer).fill(1); // pages that nothing was written to are all the same one
  const rounds = 5_000_000;
  const timed = (amount, work) => () => {
    const begin = now();
    work();
    return amount / (now() - begin) / 1e6;
  };
  return {
    operations: timed(rounds * 12 * 16, () => peakCodes(rounds, 3)),
    memory: timed(bytes, () => readMemory(65536, bytes)),
  };
}
