// The other libraries, each with its index kept in a file.
import { existsSync } from 'node:fs';
import hnswlib from 'hnswlib-node';
import usearch from 'usearch';

const { HierarchicalNSW } = hnswlib;

/** hnswlib-node with M 16 and efConstruction 200, its usual graph; one call a query, as it has no other. */
export async function hnswlibPeer({ name, metric, dimension, base, queries }, file, progress) {
  const space = metric === 'cosine' ? 'ip' : 'l2'; // rows of the cosine sets have length 1
  const rowsOf = (values) =>
    Array.from({ length: values.length / dimension }, (_, i) =>
      Array.from(values.subarray(i * dimension, (i + 1) * dimension)),
    );
  const asked = rowsOf(queries);
  const make = () => {
    const index = new HierarchicalNSW(space, dimension);
    index.initIndex(base.length / dimension, 16, 200, 100);
    const rows = rowsOf(base);
    const begin = performance.now();
    rows.forEach((row, i) => index.addPoint(row, i));
    return { index, seconds: (performance.now() - begin) / 1000 };
  };
  let index = new HierarchicalNSW(space, dimension);
  if (existsSync(file)) index.readIndexSync(file);
  else {
    progress(`${name}: building hnswlib-node`);
    const made = make();
    ({ index } = made);
    progress(`${name}: hnswlib-node built in ${made.seconds.toFixed(1)} s`);
    index.writeIndexSync(file);
  }
  const one = (i, ef, k) => {
    index.setEf(ef);
    return index.searchKnn(asked[i], k).neighbors;
  };
  return {
    name: 'hnswlib-node 3.0.0',
    one,
    all: (ef, k) => asked.flatMap((_, i) => one(i, ef, k)),
    build: () => make().seconds,
    /** Microseconds of a call on an index of 20 rows: reading an array and giving arrays back. */
    overhead() {
      const tiny = new HierarchicalNSW(space, dimension);
      tiny.initIndex(20);
      asked.slice(0, 20).forEach((row, i) => tiny.addPoint(row, i));
      for (const row of asked) tiny.searchKnn(row, 10);
      const begin = performance.now();
      for (const row of asked) tiny.searchKnn(row, 10);
      return ((performance.now() - begin) * 1000) / asked.length;
    },
  };
}

/** usearch in float32, connectivity 16, expansion 200; its batch call on one thread. */
export async function usearchPeer({ name, dimension, base, queries }, file, progress) {
  const make = (ef) =>
    new usearch.Index({
      metric: usearch.MetricKind.IP,
      connectivity: 16,
      dimensions: dimension,
      quantization: usearch.ScalarKind.F32,
      expansion_add: 200,
      expansion_search: ef,
      multi: false,
    });
  if (!existsSync(file)) {
    progress(`${name}: building usearch`);
    const index = make(64);
    index.add(
      BigUint64Array.from({ length: base.length / dimension }, (_, i) => BigInt(i)),
      base,
      1,
    );
    index.save(file);
  }
  const indices = new Map();
  const at = (ef) => {
    if (!indices.has(ef)) {
      indices.clear(); // one at a time: each holds all rows
      const index = make(ef);
      index.load(file);
      indices.set(ef, index);
    }
    return indices.get(ef);
  };
  return {
    name: 'usearch 2.26.2 f32',
    all: (ef, k) => Array.from(at(ef).search(queries, k, 1).keys, Number),
    time(ef, k) {
      const index = at(ef);
      const begin = performance.now();
      index.search(queries, k, 1);
      return ((performance.now() - begin) * 1000) / (queries.length / dimension);
    },
  };
}
