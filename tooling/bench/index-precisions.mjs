// pnpm bench index-precisions [--json] [--rows=n]: recall, time and memory of hnsw in each precision, with and without float32 rows, on GloVe;
// writes docs/precisions.md.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { searchSets } from './data/search-sets.mjs';
import { recallOf } from './data/search-truth.mjs';
import { bench, load, machine, median } from './harness.mjs';

const K = 10;
const EFFORTS = [32, 128];

await bench('index-precisions', async ({ row, options, progress }) => {
  const { createIndex, flatEngine, hnswEngine } = await load('@simile/index');
  const { dimension, metric, base, queries } = await searchSets.glove100k();
  const count = Math.min(Number(options.rows ?? 50_000), base.length / dimension);
  const rows = base.subarray(0, count * dimension);
  const single = Array.from({ length: queries.length / dimension }, (_, i) =>
    queries.subarray(i * dimension, (i + 1) * dimension),
  );
  const exact = createIndex({ dimension, metric, engine: flatEngine() });
  await exact.add(rows);
  const truth = Uint32Array.from((await exact.searchColumns(queries, { k: K })).ids);
  const indices = [];
  for (const precision of ['f32', 'f16', 'i8', 'i4', 'binary']) {
    for (const rerank of precision === 'f32' ? [true] : [true, false]) {
      const index = createIndex({ dimension, metric, engine: hnswEngine({ precision, rerank }) });
      const begin = performance.now();
      await index.add(rows);
      const seconds = (performance.now() - begin) / 1000;
      indices.push({ precision, rerank, index, seconds, times: EFFORTS.map(() => []), recalls: [] });
      progress(`${precision}${rerank ? '' : ' without rows'}: built in ${seconds.toFixed(1)} s`);
    }
  }
  for (let round = 0; round < 4; round++) {
    for (const { index, times } of indices) {
      for (const [i, effort] of EFFORTS.entries()) {
        const begin = performance.now();
        for (const query of single) await index.search(query, { k: K, effort });
        if (round > 0) times[i].push(((performance.now() - begin) * 1000) / single.length);
      }
    }
  }
  const lines = [];
  for (const { precision, rerank, index, seconds, times } of indices) {
    const name = `${precision}${rerank ? '' : ', no rows'}`;
    const cells = [];
    for (const [i, effort] of EFFORTS.entries()) {
      const recall = recallOf((await index.searchColumns(queries, { k: K, effort })).ids, truth, K);
      row({
        case: `${name}, efSearch ${effort}`,
        metric: `time at recall ${recall.toFixed(3)}`,
        unit: 'us',
        ours: times[i],
      });
      cells.push(recall.toFixed(3), median(times[i]).toFixed(0));
    }
    const bytes = Math.round(index.describe().bytes / count);
    row({ case: name, metric: 'memory a vector', unit: 'bytes', ours: bytes });
    lines.push(`| ${[`\`${precision}\``, rerank ? 'yes' : 'no', ...cells, bytes, seconds.toFixed(1)].join(' | ')} |`);
  }
  const { node, cpu } = machine();
  const file = fileURLToPath(new URL('../../docs/precisions.md', import.meta.url));
  const text = [
    '# Precisions of hnsw',
    '',
    `Written by \`pnpm bench index-precisions\`: GloVe, ${count.toLocaleString('en')} × ${dimension}, cosine, ten nearest of 1,000 held-out words; Node ${node}, ${cpu}, one thread,`,
    'one call a query, median of three rounds in turn. Times are of a shared machine: hold them against each other only.',
    '',
    '| precision | float32 rows kept | recall, efSearch 32 | µs | recall, efSearch 128 | µs | bytes a vector | build, s |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
    'Without rows, distances are those of the codes. Bytes are all memory that the engine holds, room to grow included; of them 192 are links (`M` 24) and 416 the rows.',
    '',
  ].join('\n');
  writeFileSync(file, text);
  progress(`written to ${file}`);
});
