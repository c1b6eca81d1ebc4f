import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SimileError } from '@simile/core/errors';
import type { VectorIndex } from './contract.ts';
import { createIndex, indexFromBytes } from './create-index.ts';

interface Case {
  name: string;
  options: { distance: string; k: number; normalize: boolean };
  inputs: { vectors: { shape: [number, number]; data: number[] }; ids: number[]; queries: { data: number[] } };
  expected: { ids: { shape: [number, number]; data: number[] }; distances: { data: number[] } };
  expectedFixed?: Case['expected'];
  tolerance: { rel: number; abs: number };
}
const golden = JSON.parse(readFileSync(new URL('create-index.golden.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};
const floats = (...values: number[]): Float32Array => Float32Array.from(values);
/** Three points on a line: 0, 1 and 3, of classes a, b, b. */
const line = async (): Promise<VectorIndex> => {
  const index = createIndex({ dimension: 1, metric: 'euclidean' });
  await index.add(floats(0, 1, 3), { labels: ['a', 'b', 'b'], data: [{ page: 1 }, undefined, 'text'] });
  return index;
};
/** Code and message of what a promise rejects with, which must be ours. */
const refusal = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SimileError.is(error)) throw new Error(`not one of our errors: ${error}`);
  return error.message;
};

describe('search', () => {
  it('finds what TensorFlow Similarity finds, right where it is right', async () => {
    expect(golden.cases.length).toBeGreaterThan(40);
    for (const { name, options, inputs, expected, expectedFixed, tolerance } of golden.cases) {
      const [, dimension] = inputs.vectors.shape;
      const metric = options.distance.replace('_', '-');
      const index = createIndex({ dimension, metric });
      await index.add(floats(...inputs.vectors.data), { ids: inputs.ids });
      const { ids, distances } = expectedFixed ?? expected;
      const found = (await index.search(floats(...inputs.queries.data), { k: options.k })).flat();
      // Cosine normalises here; the library's own numbers on raw rows do not.
      if (metric === 'cosine' && !options.normalize && !expectedFixed) continue;
      expect(
        found.map(({ id }) => id),
        name,
      ).toEqual(ids.data);
      const sign = metric === 'inner-product' ? -1 : 1; // theirs is the product, ours its negative
      found.forEach(({ distance }, i) => {
        const wanted = sign * distances.data[i]!;
        const { rel, abs } = expectedFixed ? { rel: 1e-5, abs: 1e-6 } : tolerance;
        expect(Math.abs(distance - wanted), `${name} ${i}`).toBeLessThanOrEqual(abs + rel * Math.abs(wanted));
      });
    }
  });

  it('returns rank, id, label, distance and data', async () => {
    const index = await line();
    expect(await index.search(floats(0.5), { k: 9 })).toEqual([
      [
        { rank: 1, id: 0, label: 'a', distance: 0.5, data: { page: 1 } },
        { rank: 2, id: 1, label: 'b', distance: 0.5 },
        { rank: 3, id: 2, label: 'b', distance: 2.5, data: 'text' },
      ],
    ]);
    expect(await index.search(new Float32Array())).toEqual([]);
  });

  it('filters inside: by function, by labels, by ids', async () => {
    const index = await line();
    const ids = async (filter: Parameters<VectorIndex['search']>[1]): Promise<unknown[]> =>
      (await index.search(floats(0), filter))[0]!.map(({ id }) => id);
    expect(await ids({ k: 1, filter: ({ data }) => data === 'text' })).toEqual([2]);
    expect(await ids({ k: 5, filter: { labels: ['b'] } })).toEqual([1, 2]);
    expect(await ids({ k: 1, filter: { ids: [2, 7] } })).toEqual([2]);
    expect(await ids({ filter: () => false })).toEqual([]);
    expect(await ids({ radius: 1 })).toEqual([0, 1]);
    expect(await ids({ radius: 1, filter: { labels: ['b'] } })).toEqual([1]);
  });

  it('gives the same in columns', async () => {
    const index = await line();
    const columns = await index.searchColumns(floats(0, 3), { k: 2, radius: 2 });
    expect(columns).toEqual({
      k: 2,
      counts: Uint32Array.of(2, 2),
      ids: [0, 1, 2, 1],
      labels: ['a', 'b', 'b', 'b'],
      distances: Float64Array.of(0, 1, 0, 2),
    });
    const few = await index.searchColumns(floats(3), { k: 2, radius: 0.5 });
    expect([few.ids, few.labels, [...few.distances]]).toEqual([
      [2, undefined],
      ['b', null],
      [0, Infinity],
    ]);
  });

  it('finds all within a radius for k: Infinity, in as little room as they need', async () => {
    const index = await line();
    const columns = await index.searchColumns(floats(0, 2, 9), { k: Infinity, radius: 1 });
    expect(columns).toEqual({
      k: 2,
      counts: Uint32Array.of(2, 2, 0),
      ids: [0, 1, 1, 2, undefined, undefined],
      labels: ['a', 'b', 'b', 'b', null, null],
      distances: Float64Array.of(0, 1, 1, 1, Infinity, Infinity),
    });
    expect((await index.search(floats(2), { k: Infinity }))[0]!.map(({ id }) => id)).toEqual([1, 2, 0]);
    // So many queries and records that they are looked for in parts.
    const long = createIndex({ dimension: 1, metric: 'euclidean' });
    await long.add(Float32Array.from({ length: 3000 }, (_, i) => i));
    const queries = Float32Array.from({ length: 1500 }, (_, i) => 2 * i);
    const lists = await long.search(queries, { k: Infinity, radius: 1 });
    expect(lists.map((list) => list.map(({ id }) => id))).toEqual(
      Array.from(queries, (at) => [at, at - 1, at + 1].filter((id) => id >= 0)),
    );
  });

  it('refuses what it cannot do, and says why', async () => {
    const index = await line();
    const messages = await Promise.all([
      refusal(createIndex({ dimension: 1 }).search(floats(1))),
      refusal(index.search(floats(1, 2, NaN, 4))),
      refusal(index.search({ data: floats(1, 2), shape: [1, 2] })),
      refusal(index.search({ data: floats(1, 2), shape: [2] })),
      refusal(index.search([1] as unknown as Float32Array)),
      refusal(index.search(floats(1), { k: 0 })),
      refusal(index.search(floats(1), { radius: NaN })),
      refusal(index.search(floats(1), { filter: 'b' as never })),
      refusal(index.search(floats(1), { limit: 3 } as object)),
      refusal(index.search(floats(1), { signal: AbortSignal.abort() })),
    ]);
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "index.search: the index must have records, but got 'none'. Add some first. [ERR_STATE]
      index.search: row 2 of the vectors must be finite, but got NaN. Look at what made that row: a loss that overflowed, or a broken input. [ERR_NAN]
      index.search: vectors must have 1 values, the dimension of the index, but got 2. Use vectors of the model that the index was made with. [ERR_SHAPE]
      index.search: vectors of 2 values must have shape [count, dimension], but got [2]. Use vectors of the model that the index was made with. [ERR_SHAPE]
      index.search: vectors must be a Float32Array or items { data, shape }, but got [1]. Use vectors of the model that the index was made with. [ERR_SHAPE]
      index.search: k must be a whole number of at least 1, but got 0. Leave k out to use the default. [ERR_OPTION]
      index.search: radius must be a number, but got NaN. Leave it out for no limit. [ERR_OPTION]
      index: filter must be a function, or { labels: [...], ids: [...], where: {...} } with one of these at least, but got 'b'. Leave it out to search all records. [ERR_OPTION]
      index.search: options are k, radius, filter, effort, signal, but got 'limit'. Check the spelling. [ERR_OPTION]
      index: the work was cancelled by its signal. What was finished before is kept; call again to go on. [ERR_ABORTED]"
    `);
  });
});

describe('add, upsert and remove', () => {
  it('hand out whole numbers above those in use', async () => {
    const index = createIndex({ dimension: 1 });
    expect(await index.add(floats(1, 2))).toEqual([0, 1]);
    expect(await index.add(floats(3), { ids: [10] })).toEqual([10]);
    await index.remove(10);
    expect(await index.add(floats(4), { ids: ['x'] })).toEqual(['x']);
    expect(await index.add(floats(5))).toEqual([11]);
    expect([index.size, index.has('x'), index.has(10)]).toEqual([4, true, false]);
  });

  it('take items, of any numbers, and give rows back as they were', async () => {
    const index = createIndex();
    expect(index.dimension).toBeUndefined();
    await index.add({ data: Uint8Array.of(3, 4, 0, 0), shape: [2, 2] }, { labels: Int32Array.of(7, 8) });
    expect(index.dimension).toBe(2);
    expect(index.get(0)).toEqual({ id: 0, label: 7, vector: floats(3, 4) });
    const [list] = await index.search(floats(6, 8));
    expect(list!.map(({ distance }) => distance)).toEqual([0, 1]); // a row of zeros has no direction
    expect(index.get('none')).toBeUndefined();
  });

  it('keep images with their shape, apart from what they were taken from', async () => {
    const index = createIndex({ dimension: 1 });
    const images = { data: Uint8Array.from({ length: 8 }, (_, i) => i), shape: [2, 2, 2, 1] };
    await index.add(floats(1, 2), { data: images });
    images.data.fill(0);
    expect(index.get(1)!.data).toEqual({ shape: [2, 2, 1], data: Uint8Array.of(4, 5, 6, 7) });
  });

  it('replace in place, and fill the slots of what went', async () => {
    const index = await line();
    await index.upsert(floats(9, 5), { ids: [0, 'new'], labels: [null, 'c'] });
    expect([...index].map(({ id, label, vector }) => [id, label, vector[0]])).toEqual([
      [0, null, 9],
      [1, 'b', 1],
      [2, 'b', 3],
      ['new', 'c', 5],
    ]);
    expect(index.get(0)).not.toHaveProperty('data');
    expect(await index.remove([1, 'absent'])).toBe(1);
    const before = index.describe().bytes;
    await index.add(floats(5), { ids: ['late'] });
    expect(index.describe().bytes).toBe(before);
    // 'new' and 'late' are at one place: the one added first comes first, though its slot is the later one
    const [list] = await index.search(floats(5), { k: 2 });
    expect(list!.map(({ id }) => id)).toEqual(['new', 'late']);
  });

  it('refuse the whole call before anything changed', async () => {
    const index = await line();
    const messages = await Promise.all([
      refusal(index.add(floats(1, NaN, 2))),
      refusal(index.add(floats(Infinity))),
      refusal(index.add(floats(5, 6), { ids: [3, 1] })),
      refusal(index.add(floats(5, 6), { ids: [3, 3] })),
      refusal(index.add(floats(5), { ids: [0.5] })),
      refusal(index.add(floats(5), { ids: [1, 2] })),
      refusal(index.add(floats(5), { labels: [] })),
      refusal(index.add(floats(5), { labels: [NaN] })),
      refusal(index.add(floats(5), { data: [1, 2] })),
      refusal(index.add(floats(5), { data: { data: floats(1, 2, 3), shape: [1, 2] } })),
      refusal(index.add(floats(5), { data: [() => 1] as never })),
      refusal(index.add(floats(5), { data: [{ shape: [3], data: Uint8Array.of(1) }] })),
      refusal(index.add(floats(5), { label: [1] } as object)),
      refusal(index.add({ data: floats(5, 6), shape: [1, 2] })),
      refusal(index.upsert(floats(5), {} as never)),
      refusal(index.remove([1, 1])),
      refusal(createIndex().add(floats(5))),
    ]);
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "index.add: row 1 of the vectors must be finite, but got NaN. Look at what made that row: a loss that overflowed, or a broken input. [ERR_NAN]
      index.add: row 0 of the vectors must be finite, but got Infinity. Look at what made that row: a loss that overflowed, or a broken input. [ERR_NAN]
      index.add: ids must not be in use, but got 1. Use upsert to replace records, or leave ids out. [ERR_OPTION]
      index.add: ids must differ, but got 3. Change it, or leave it out. [ERR_OPTION]
      index.add: ids must be whole numbers or texts, but got 0.5. Change it, or leave it out. [ERR_OPTION]
      index.add: ids must have 1 entries, one a vector, but got 2. Give one entry for each vector. [ERR_SHAPE]
      index.add: labels must have 1 entries, one a vector, but got 0. Give one entry for each vector. [ERR_SHAPE]
      index.add: labels must be finite numbers, texts or null, but got NaN. Change it, or leave it out. [ERR_OPTION]
      index.add: data must have 1 entries, one a vector, but got 2. Give one entry for each vector. [ERR_SHAPE]
      index.add: items of shape [1, 2] must have 2 values, but got 3. Give the shape as [count, ...shape of one item], row-major. [ERR_SHAPE]
      index.add: data must be JSON or { shape, data }, but got a function. Change it, or leave it out. [ERR_OPTION]
      index.add: an array as data must have { shape, data } of one size, uint8, int32 or float32, but got 1. Change it, or leave it out. [ERR_OPTION]
      index.add: options are ids, labels, data, signal, onProgress, but got 'label'. Check the spelling. [ERR_OPTION]
      index.add: vectors must have 1 values, the dimension of the index, but got 2. Use vectors of the model that the index was made with. [ERR_SHAPE]
      index.upsert: ids must be given, but got 'none'. Give one id a vector, or use add. [ERR_OPTION]
      index.remove: ids must differ, but got 1. Change it, or leave it out. [ERR_OPTION]
      index.add: a plain Float32Array needs a dimension, and the index has none yet. Pass items { data, shape: [count, dimension] }, or createIndex({ dimension }). [ERR_SHAPE]"
    `);
    expect(index.size).toBe(3);
    expect((await index.search(floats(5), { k: 9 }))[0]!.map(({ id }) => id)).toEqual([2, 1, 0]);
    expect(await index.add(floats(7))).toEqual([3]);
  });

  it('keep their order when called without waiting', async () => {
    const index = createIndex({ dimension: 1, metric: 'euclidean' });
    const added = index.add(floats(1, 2));
    const found = index.search(floats(2), { k: 1 });
    const removed = index.remove(1);
    const after = index.search(floats(2), { k: 1 });
    expect(await added).toEqual([0, 1]);
    expect((await found)[0]![0]!.id).toBe(1);
    expect(await removed).toBe(1);
    expect((await after)[0]![0]!.id).toBe(0);
    const other = createIndex();
    const first = other.add({ data: floats(1, 2), shape: [1, 2] });
    const second = refusal(other.add({ data: floats(1, 2, 3), shape: [1, 3] }));
    expect(await first).toEqual([0]);
    expect(await second).toMatchInlineSnapshot(
      `"index.add: vectors must have 2 values, the dimension of the index, but got 3. Use vectors of the model that the index was made with. [ERR_SHAPE]"`,
    );
  });

  it('merge what another index holds, or refuse it', async () => {
    const index = await line();
    await index.calibrate(floats(0, 3), ['a', 'b']);
    const { calibration } = index;
    const other = createIndex({ metric: 'euclidean' });
    expect(await index.merge(other)).toEqual([]); // nothing yet, of no dimension yet
    await other.add(
      { data: floats(7, 8), shape: [2, 1] },
      { ids: ['x', 9], labels: ['c', null], data: [{ page: 2 }, undefined] },
    );
    expect(await index.merge(other)).toEqual(['x', 9]);
    expect(index.get('x')).toEqual({ id: 'x', label: 'c', data: { page: 2 }, vector: floats(7) });
    expect([index.size, index.calibration, await index.add(floats(5))]).toEqual([5, calibration, [10]]);
    expect(await createIndex({ metric: 'euclidean' }).merge(index)).toEqual([0, 1, 2, 'x', 9, 10]);
    expect(await index.merge(index, { onConflict: 'new-id' })).toEqual([11, 12, 13, 14, 15, 16]);
    const wide = createIndex({ dimension: 2, metric: 'euclidean' });
    const messages = [
      await refusal(index.merge(createIndex({ dimension: 1 }))),
      await refusal(index.merge(wide)),
      await refusal(index.merge(other)),
      await refusal(index.merge(other, { onConflict: 'skip' as never })),
    ];
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "index.merge: the other index must have metric euclidean, as this one has, but got 'cosine'. Embed its records with the model of this index. [ERR_OPTION]
      index.merge: the other index must have dimension 1, as this one has, but got 2. Embed its records with the model of this index. [ERR_SHAPE]
      index.merge: ids must not be in use, but got 'x'. Say what to do as onConflict. [ERR_OPTION]
      index.merge: onConflict must be one of 'error', 'keep', 'replace', 'new-id', but got 'skip'. Leave onConflict out to use the default. [ERR_OPTION]"
    `);
    expect(index.size).toBe(12);
  });

  it('survive clear and compact', async () => {
    const index = await line();
    await index.remove(0);
    await index.compact();
    expect([...index].map(({ id, data }) => [id, data])).toEqual([
      [1, undefined],
      [2, 'text'],
    ]);
    expect((await index.search(floats(0)))[0]!.map(({ id }) => id)).toEqual([1, 2]);
    await index.clear();
    expect([index.size, [...index], index.dimension]).toEqual([0, [], 1]);
    expect(await index.add(floats(4))).toEqual([0]);
  });
});

describe('calibrate and match', () => {
  it('know what is near, and say so of what is not', async () => {
    const index = await line();
    const calibration = await index.calibrate(floats(0.1, 1.2, 3.1, 2), ['a', 'b', 'b', 'c'], {
      targets: { strict: 0.5 },
    });
    // right at .1, .2 and .1, wrong at 1: all three right ones, and none wrong, up to .2
    expect(calibration.cutpoints.optimal.value).toBe(1);
    expect(calibration.cutpoints.optimal.distance).toBeCloseTo(0.2, 6);
    const [near, far] = await index.match(floats(2.9, 6));
    expect(near).toMatchObject({ label: 'b', known: true });
    expect(near!.distance).toBeCloseTo(0.1, 6);
    expect(near!.neighbors.map(({ id }) => id)).toEqual([2]);
    expect(far).toMatchObject({ label: null, known: false, distance: 3 });
    expect((await index.match(floats(6), { cutpoint: 3 }))[0]!.label).toBe('b');
    expect((await index.match(floats(0.15), { cutpoint: 'strict' }))[0]!.known).toBe(false);
    expect(index.calibration).toBe(calibration);
    expect(index.describe()).toMatchObject({ calibrated: true, size: 3, metric: 'euclidean' });
  });

  it('vote over several, padding left out', async () => {
    const index = await line();
    const [match] = await index.match(floats(1), { cutpoint: Infinity, k: 7, matcher: 'majority_vote' });
    expect(match).toMatchObject({ label: 'b', known: true, distance: 1 }); // mean of 0, 1 and 2
    expect(match!.neighbors.length).toBe(3);
    await index.calibrate(floats(0, 3), ['a', 'b'], { k: 7, matcher: 'match-majority-vote' });
    expect(index.calibration!.k).toBe(7);
    const [none] = await index.match(floats(1), { filter: () => false });
    expect(none).toEqual({ label: null, known: false, distance: Infinity, neighbors: [] });
  });

  it('never match a record without a label', async () => {
    const index = createIndex({ dimension: 1 });
    await index.add(floats(1));
    expect(await index.match(floats(1), { cutpoint: 1 })).toMatchObject([{ label: null, known: false, distance: 0 }]);
  });

  it('say what is missing', async () => {
    const index = await line();
    const messages = [
      await refusal(index.match(floats(1))),
      await refusal(index.calibrate(floats(1), ['a', 'b'])),
      await refusal(index.calibrate(floats(1), ['a'], { metric: 'f3' })),
    ];
    await index.calibrate(floats(1), ['b']);
    messages.push(await refusal(index.match(floats(1), { cutpoint: 'strict' })));
    messages.push(await refusal(index.match(floats(1), { cutpoints: 1 } as object)));
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "index.match: a named cut-point needs a calibration, and the index has none. Call calibrate with queries of known labels first, or give the cut-point as a distance. [ERR_STATE]
      count-matches: labels must have 1 values, one a query, but got 2. Give every list in the order of the queries, row after row. [ERR_SHAPE]
      classification-metric: metrics are precision, recall, f1, binary-accuracy, false-positive-rate, negative-predictive-value, but got 'f3'. Check the spelling. [ERR_OPTION]
      index.match: cut-points of this calibration are optimal, but got 'strict'. Use one of them, or calibrate with a target of that name. [ERR_OPTION]
      index.match: options are cutpoint, k, matcher, filter, but got 'cutpoints'. Check the spelling. [ERR_OPTION]"
    `);
    index.setCalibration(undefined);
    expect(index.calibration).toBeUndefined();
  });
});

describe('describe', () => {
  it('tells size, engine, memory and times', async () => {
    const index = createIndex({ dimension: 1 });
    expect(index.describe()).toEqual({
      size: 0,
      dimension: 1,
      metric: 'cosine',
      engine: 'none before the first record',
      bytes: 0,
      calibrated: false,
      lookups: 0,
      latency: undefined,
    });
    await index.add(floats(1));
    await index.search(floats(1, 2));
    await index.search(floats(1));
    const { lookups, latency, engine, bytes } = index.describe();
    expect(lookups).toBe(3);
    expect(engine).toMatch(/^flat \(wasm (relaxed-)?simd\), chosen for 2,000,000 records or fewer$/);
    expect(bytes).toBeGreaterThan(0);
    expect(latency!.min).toBeLessThanOrEqual(latency!.median);
    expect(latency!.median).toBeLessThanOrEqual(latency!.max);
    expect(latency!.mean).toBeCloseTo((latency!.min + latency!.max) / 2, 12);
  });
});

describe('create-index', () => {
  it('refuses an unknown metric, option or dimension', async () => {
    expect(() => createIndex({ metric: 'levenshtein' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: create-index: metric must be one of angular, chebyshev, cosine, euclidean, hamming, inner-product, jaccard, manhattan, snr, squared-euclidean, or minkowski-P with P from 1 to 1000, or normalized- before one that depends on length, but got 'levenshtein'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => createIndex({ dimension: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: create-index: dimension must be a whole number of at least 1, but got 0. Leave dimension out to use the default. [ERR_OPTION]]`,
    );
    expect(() => createIndex({ distance: 'cosine' } as object)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: create-index: options are dimension, metric, engine, precision, recall, threads, but got 'distance'. Check the spelling. [ERR_OPTION]]`,
    );
    const choices = [
      { engine: 'annoy' },
      { engine: 'ivf', precision: 'i8' },
      { engine: 'flat', precision: 'i4' },
      { engine: 'flat', threads: 2 },
      { threads: 1.5 },
      { precision: 'i5' },
      { recall: 0 },
      { recall: 95 },
    ] as object[];
    const messages = choices.map((options) => {
      try {
        return `nothing of ${createIndex(options).metric}`;
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "create-index: engine must be one of 'auto', 'flat', 'hnsw', 'ivf', but got 'annoy'. Leave engine out to use the default. [ERR_OPTION]
      create-index: precision cannot be given for ivf, which has codes of its own, but got 'i8'. Leave it out, or name another engine. [ERR_OPTION]
      flat-engine: precision must be one of 'f32', 'i8', but got 'i4'. Leave precision out to use the default. [ERR_OPTION]
      create-index: threads cannot be given for flat, which has one, but got 2. Leave it out, or name another engine. [ERR_OPTION]
      create-index: threads must be a whole number of at least 1, but got 1.5. Leave threads out to use the default. [ERR_OPTION]
      hnsw-engine: precision must be one of 'f32', 'f16', 'i8', 'i4', 'binary', but got 'i5'. Leave precision out to use the default. [ERR_OPTION]
      create-index: recall must be a number above 0, at most 1, but got 0. Leave it out to use the default. [ERR_OPTION]
      create-index: recall must be a number above 0, at most 1, but got 95. Leave it out to use the default. [ERR_OPTION]"
    `);
    expect(await refusal(indexFromBytes(new Uint8Array(3)))).toMatchInlineSnapshot(
      `"container: a file has at least 64 bytes, but got 3. The file is damaged or was cut short; write it again. [ERR_FILE]"`,
    );
  });
});
