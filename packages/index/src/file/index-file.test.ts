import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packSections, unpackSections } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import { plainEngine } from '../../test/plain-engine.ts';
import type { EngineState, Id, Label, RecordData, SearchEngineFactory, VectorIndex } from '../contract.ts';
import { createIndex, indexFromBytes } from '../create-index.ts';

const floats = (...values: number[]): Float32Array => Float32Array.from(values);
/** An engine without a state, whose files hold rows. */
const stateless: SearchEngineFactory = async (options) =>
  Object.assign(await plainEngine()(options), { state: undefined });
const filled = async (engine?: SearchEngineFactory): Promise<VectorIndex> => {
  const index = createIndex({ dimension: 2, metric: 'euclidean', ...(engine && { engine }) });
  await index.add(floats(0, 0, 3, 4, 1, 1), {
    ids: ['zero', 7, 'one'],
    labels: ['a', null, 3],
    data: [{ shape: [2], data: Uint8Array.of(1, 2) }, undefined, { name: 'x', list: [1, null] }],
  });
  await index.calibrate(floats(0, 0.1, 1, 1), ['a', 'b']);
  return index;
};
const recordsOf = (index: VectorIndex): unknown[] => [...index];
async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await indexFromBytes(bytes);
  } catch (error) {
    if (SimileError.is(error) && error.code === 'ERR_FILE') return error.message;
    throw error;
  }
  throw new Error('the file was read');
}
/** The file after a change of its sections, checksums right again. */
function rewritten(bytes: Uint8Array, change: (sections: Map<string, Uint8Array>) => void): Uint8Array {
  const { kind, version, sections } = unpackSections(bytes, { kind: 'index', version: 2 });
  const copy = new Map(sections);
  change(copy);
  return packSections({ kind, version, sections: copy });
}
const fixture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(new URL(`../../test/fixtures/${name}`, import.meta.url)));
/** What each of the changed files is refused for. */
async function refusals(
  bytes: Uint8Array,
  changes: readonly [string, string, Uint8Array | undefined][],
): Promise<string> {
  const messages: string[] = [];
  for (const [what, name, value] of changes) {
    const file = rewritten(bytes, (sections) => (value ? sections.set(name, value) : sections.delete(name)));
    messages.push(`${what}: ${await refusal(file)}`);
  }
  return messages.join('\n');
}
const bytesOf = (numbers: ArrayBufferView): Uint8Array => new Uint8Array(numbers.buffer);
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('a file of an index', () => {
  it('brings everything back', async () => {
    const index = await filled();
    await index.remove(7);
    await index.add(floats(5, 6));
    const copy = await indexFromBytes(index.toBytes());
    expect(recordsOf(copy)).toEqual(recordsOf(index));
    expect([copy.metric, copy.dimension, copy.calibration]).toEqual(['euclidean', 2, index.calibration]);
    expect(await copy.search(floats(3, 3))).toEqual(await index.search(floats(3, 3)));
    expect(await copy.match(floats(0, 0.05))).toEqual(await index.match(floats(0, 0.05)));
    await index.remove(8);
    expect(await (await indexFromBytes(index.toBytes())).add(floats(1, 2))).toEqual([9]); // ids are not given twice
  });

  it('brings back any records', async () => {
    const id = fc.oneof(fc.maxSafeInteger(), fc.string());
    const label = fc.option(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string()));
    const array = fc
      .tuple(fc.nat(3), fc.nat(3), fc.constantFrom(Uint8Array, Int32Array, Float32Array))
      .map(([a, b, Type]) => ({ shape: [a, b], data: new Type(a * b).fill(a + 2 * b) }));
    const data = fc.oneof(fc.constant(undefined), array, fc.jsonValue({ noUnicodeString: false } as object));
    const row = fc.tuple(id, label, data, fc.float({ noNaN: true, noDefaultInfinity: true }));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(row, { selector: ([one]) => one, maxLength: 12 }), async (rows) => {
        const index = createIndex({ dimension: 1, metric: 'manhattan' });
        await index.add(floats(...rows.map((r) => r[3])), {
          ids: rows.map((r): Id => r[0]),
          labels: rows.map((r): Label | null => r[1]),
          data: rows.map((r) => r[2] as RecordData | undefined),
        });
        const copy = await indexFromBytes(index.toBytes());
        // JSON has no −0; nothing else may differ.
        const plain = (one: VectorIndex): unknown => JSON.parse(JSON.stringify(recordsOf(one)));
        expect(plain(copy)).toEqual(plain(index));
        expect(copy.size).toBe(rows.length);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it('may be of an empty index, with or without a dimension', async () => {
    const copy = await indexFromBytes(createIndex({ metric: 'snr' }).toBytes());
    expect([copy.size, copy.dimension, copy.metric]).toEqual([0, undefined, 'snr']);
    expect((await indexFromBytes(createIndex({ dimension: 3 }).toBytes())).dimension).toBe(3);
  });

  it('is refused with any bit of any byte flipped, and at any length', async () => {
    const bytes = (await filled()).toBytes();
    for (let i = 0; i < bytes.length; i++) {
      const copy = bytes.slice();
      copy[i]! ^= 1 << (i % 8);
      expect(await refusal(copy)).toMatch(/ERR_FILE/);
      expect(await refusal(bytes.subarray(0, i))).toMatch(/ERR_FILE/);
    }
  });

  it('is refused when its sections are not those of an index', async () => {
    const bytes = (await filled(stateless)).toBytes();
    const meta = { metric: 'euclidean', dimension: 2, count: 3, nextId: 8 };
    const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect(
      await refusals(bytes, [
        ['no meta', 'meta', undefined],
        ['meta', 'meta', Uint8Array.of(123)],
        ['null meta', 'meta', json(null)],
        ['metric', 'meta', json({ ...meta, metric: 'levenshtein' })],
        ['no metric', 'meta', json({ ...meta, metric: 1 })],
        ['count', 'meta', json({ ...meta, count: 2 ** 40 })],
        ['no count', 'meta', json({ ...meta, count: -1 })],
        ['dimension', 'meta', json({ ...meta, dimension: 0 })],
        ['no dimension', 'meta', json({ ...meta, dimension: null })],
        ['next id', 'meta', json({ ...meta, nextId: 'x' })],
        ['engine', 'meta', json({ ...meta, engine: { kind: 'flat', version: 0 } })],
        ['generation', 'meta', json({ ...meta, generation: 7 })],
        ['no rows', 'rows', undefined],
        ['rows', 'rows', new Uint8Array(20)],
        ['NaN', 'rows', new Uint8Array(24).fill(255)],
        ['numbers of ids', 'ids.float64', new Uint8Array(23)],
        ['ends of ids', 'ids.ends', bytesOf(Uint32Array.of(4, 3, 7))],
        ['last end of ids', 'ids.ends', bytesOf(Uint32Array.of(4, 4, 6))],
        ['no ends of ids', 'ids.ends', undefined],
        ['text of ids', 'ids.text', utf8('zero one')],
        ['whole ids', 'ids.int32', bytesOf(Int32Array.of(1, 2, 1))],
        ['JSON of ids', 'ids.json', utf8('[1,')],
        ['few ids', 'ids.json', json([1])],
        ['an id', 'ids.json', json([1, {}, 2])],
        ['numbers of labels', 'labels.codes', Uint8Array.of(0, 1)],
        ['a label', 'labels.codes', Uint8Array.of(0, 1, 3)],
        ['no numbers of labels', 'labels.codes', undefined],
        ['no count of labels', 'labels.count', undefined],
        ['labels', 'labels.count', bytesOf(Uint32Array.of(1))],
        ['kinds of data', 'data.kinds', json([{ shape: [2], type: 'int64' }])],
        ['size of data', 'data.kinds', json([{ shape: [2 ** 40], type: 'uint8' }])],
        ['codes of data', 'data.codes', Uint8Array.of(3, 0, 1)],
        ['ends of data', 'data.ends', bytesOf(Uint32Array.of(2, 3, 30))],
        ['data', 'data.bytes', new Uint8Array(3)],
        ['calibration', 'calibration', json({})],
      ]),
    ).toMatchInlineSnapshot(`
      "no meta: index-from-bytes: there must be a section meta. The file was not written by toBytes; write it again. [ERR_FILE]
      meta: index-from-bytes: section meta must be JSON. The file was not written by toBytes; write it again. [ERR_FILE]
      null meta: index-from-bytes: meta must name the metric. The file was not written by toBytes; write it again. [ERR_FILE]
      metric: index-from-bytes: the records must be those of an index, and are not: index-from-bytes: metric must be one of angular, chebyshev, cosine, euclidean, hamming, inner-product, jaccard, manhattan, snr, squared-euclidean, or minkowski-P with P from 1 to 1000, or normalized- before one that depends on length, but got 'levenshtein'. Check the spelling. [ERR_OPTION]. The file was not written by toBytes; write it again. [ERR_FILE]
      no metric: index-from-bytes: meta must name the metric, but got 1. The file was not written by toBytes; write it again. [ERR_FILE]
      count: index-from-bytes: ids.float64 must have 8796093022208 bytes, but got 24. The file was not written by toBytes; write it again. [ERR_FILE]
      no count: index-from-bytes: meta must have the count of records, but got -1. The file was not written by toBytes; write it again. [ERR_FILE]
      dimension: index-from-bytes: meta must have a dimension, but got 0. The file was not written by toBytes; write it again. [ERR_FILE]
      no dimension: index-from-bytes: meta must have a dimension, but got null. The file was not written by toBytes; write it again. [ERR_FILE]
      next id: index-from-bytes: meta must have the next id, but got 'x'. The file was not written by toBytes; write it again. [ERR_FILE]
      engine: index-from-bytes: meta must name the engine, but got an object with kind, version. The file was not written by toBytes; write it again. [ERR_FILE]
      generation: index-from-bytes: generations must be texts, but got 7. The file was not written by toBytes; write it again. [ERR_FILE]
      no rows: index-from-bytes: there must be a section rows. The file was not written by toBytes; write it again. [ERR_FILE]
      rows: index-from-bytes: rows must have 24 bytes, but got 20. The file was not written by toBytes; write it again. [ERR_FILE]
      NaN: index-from-bytes: row 0 must be finite, but got NaN. The file was not written by toBytes; write it again. [ERR_FILE]
      numbers of ids: index-from-bytes: ids.float64 must have 24 bytes, but got 23. The file was not written by toBytes; write it again. [ERR_FILE]
      ends of ids: index-from-bytes: ends of ids must not go back, but got 3. The file was not written by toBytes; write it again. [ERR_FILE]
      last end of ids: index-from-bytes: ids must end at byte 7, but got 6. The file was not written by toBytes; write it again. [ERR_FILE]
      no ends of ids: index-from-bytes: there must be a section ids.ends. The file was not written by toBytes; write it again. [ERR_FILE]
      text of ids: index-from-bytes: ids must end at byte 8, but got 7. The file was not written by toBytes; write it again. [ERR_FILE]
      whole ids: index-from-bytes: ids must differ. The file was not written by toBytes; write it again. [ERR_FILE]
      JSON of ids: index-from-bytes: section ids.json must be JSON. The file was not written by toBytes; write it again. [ERR_FILE]
      few ids: index-from-bytes: ids must be a list of 3, but got [1]. The file was not written by toBytes; write it again. [ERR_FILE]
      an id: index-from-bytes: ids must be numbers and texts, but got an object with no keys. The file was not written by toBytes; write it again. [ERR_FILE]
      numbers of labels: index-from-bytes: labels.codes must have 3 bytes, but got 2. The file was not written by toBytes; write it again. [ERR_FILE]
      a label: index-from-bytes: numbers of labels must be up to 2, but got 3. The file was not written by toBytes; write it again. [ERR_FILE]
      no numbers of labels: index-from-bytes: there must be labels.codes. The file was not written by toBytes; write it again. [ERR_FILE]
      no count of labels: index-from-bytes: there must be a section labels.count. The file was not written by toBytes; write it again. [ERR_FILE]
      labels: index-from-bytes: labels.float64 must have 8 bytes, but got 16. The file was not written by toBytes; write it again. [ERR_FILE]
      kinds of data: index-from-bytes: data must list kinds of arrays, but got [an object with shape, type]. The file was not written by toBytes; write it again. [ERR_FILE]
      size of data: index-from-bytes: data of record 0 must have the 1099511627776 bytes of its kind, but got 2. The file was not written by toBytes; write it again. [ERR_FILE]
      codes of data: index-from-bytes: codes of data must be those of its kinds, but got 3. The file was not written by toBytes; write it again. [ERR_FILE]
      ends of data: index-from-bytes: data of record 1 must have the 0 bytes of its kind, but got 1. The file was not written by toBytes; write it again. [ERR_FILE]
      data: index-from-bytes: data must end at byte 3, but got 30. The file was not written by toBytes; write it again. [ERR_FILE]
      calibration: calibration: metric must be the id of a metric. The file is damaged, or was written by something else; calibrate again. [ERR_FILE]"
    `);
  });

  it('is refused where it is read when a text in it is none', async () => {
    const bytes = (await filled(stateless)).toBytes();
    const changed = async (name: string, change: (bytes: Uint8Array) => void): Promise<VectorIndex> =>
      indexFromBytes(
        rewritten(bytes, (sections) => {
          const copy = sections.get(name)!.slice();
          change(copy);
          sections.set(name, copy);
        }),
      );
    const data = await changed('data.bytes', (text) => (text[2] = 0x78));
    expect(data.get('zero')?.data).toEqual({ shape: [2], data: Uint8Array.of(1, 2) });
    expect(() => data.get('one')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: index-from-bytes: data of record 2 must be JSON. The file was not written by toBytes; write it again. [ERR_FILE]]`,
    );
    const ids = await changed('ids.text', (text) => (text[0] = 0xff));
    expect(() => [...ids]).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: index-from-bytes: ids must be UTF-8. The file was not written by toBytes; write it again. [ERR_FILE]]`,
    );
    const number = await changed('ids.float64', (numbers) => numbers.set(bytesOf(Float64Array.of(0.5)), 8));
    expect(() => [...number]).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: index-from-bytes: ids must be whole numbers or texts, but got 0.5. The file was not written by toBytes; write it again. [ERR_FILE]]`,
    );
  });

  it('keeps texts that UTF-8 cannot, and those that begin with a mark', async () => {
    const index = createIndex({ dimension: 1 });
    const ids = ['\ud800', '\ufeffx', 'ü', ''];
    await index.add(floats(1, 2, 3, 4), { ids, labels: ['\ufeff', 'a\udfff', null, -0] });
    const copy = await indexFromBytes(index.toBytes());
    expect([...copy].map(({ id, label }) => [id, label])).toEqual([['\ud800', '\ufeff'], ['\ufeffx', 'a\udfff'], ['ü', null], ['', 0]]); // prettier-ignore
    const other = createIndex({ dimension: 1 });
    await other.add(floats(1, 2, 3), { ids: ['\ufeffx', 'ü', ''], labels: [-1.5, 0.5, 2 ** 40] });
    const read = await indexFromBytes(other.toBytes());
    expect([...read].map(({ id, label }) => [id, label])).toEqual([['\ufeffx', -1.5], ['ü', 0.5], ['', 2 ** 40]]); // prettier-ignore
    expect(read.has('\ufeffx')).toBe(true);
  });
});

const fixtures = ['index-v1.simile', 'index-v2.simile', 'index-v2-engine.simile'];

describe('files of every version', () => {
  it.each(fixtures)('are read for ever: %s', async (name) => {
    const use = { set: 0, restored: 0 };
    const engine = plainEngine({ use });
    const index = await indexFromBytes(await fixture(name), { engine });
    expect(use).toEqual(name.includes('engine') ? { set: 0, restored: 1 } : { set: 11, restored: 0 });
    const at = (i: number, j: number): number => Math.fround(Math.sin((3 * i + j) ** 2) * 4);
    const kept = [0, 1, 2, 4, 5, 6, 7, 8, 9, 11];
    const data = (i: number): unknown =>
      [
        undefined,
        { page: i, of: ['x', null] },
        { shape: [2, 1], data: Uint8Array.of(i, 255) },
        { shape: [1], data: Float32Array.of(i / 8) },
      ][i % 4];
    expect([...index]).toEqual([
      ...kept.map((i) => ({
        id: i % 3 === 1 ? `id ${i} ü` : i * 1000,
        label: [null, 'eins', 2.5][i % 3],
        ...(data(i) !== undefined && { data: data(i) }),
        vector: Float32Array.of(at(i, 0), at(i, 1), at(i, 2)),
      })),
      { id: 11_001, label: 'last', vector: Float32Array.of(1, 2, 3) },
    ]);
    expect([index.metric, index.dimension]).toEqual([name.includes('v1') ? 'euclidean' : 'plain', 3]);
    expect(index.calibration?.cutpoints.optimal?.value).toBeCloseTo(10 / 11, 12);
    expect(await index.search(floats(1, 2, 3), { k: 1 })).toMatchObject([[{ id: 11_001, distance: 0 }]]);
    expect(await index.add(floats(1, 1, 1))).toEqual([11_002]);
    const again = await indexFromBytes(index.toBytes(), { engine });
    expect(recordsOf(again)).toEqual(recordsOf(index));
  });

  it('are read with another engine from the rows of the one that wrote them', async () => {
    const bytes = await fixture('index-v2-engine.simile');
    const use = { set: 0, restored: 0 };
    const other = await indexFromBytes(bytes, { engine: plainEngine({ kind: 'other', use }) });
    expect(use).toEqual({ set: 11, restored: 0 });
    expect(recordsOf(other)).toEqual(recordsOf(await indexFromBytes(bytes, { engine: plainEngine() })));
    const index = createIndex({ dimension: 1, metric: 'plain', engine: plainEngine({ rows: false }) });
    await index.add(floats(1, 2, 3));
    await expect(
      indexFromBytes(index.toBytes(), { engine: plainEngine({ kind: 'other' }) }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: index-from-bytes: the file must be opened with the engine that wrote it, plain, which alone knows its rows. Give that engine as an option. [ERR_FILE]]`,
    );
  });

  it('hold rows once, in the place that suits the engine, and slots in any order', async () => {
    const lanes = 8;
    // The same engine, with its rows in groups of eight, as the flat one has them.
    const inLanes: SearchEngineFactory = async (options) => {
      const engine = await plainEngine({ kind: 'lanes' })(options);
      const plainState = engine.state!;
      const state = (): EngineState => {
        const { sections, ...rest } = plainState();
        const plain = new Float32Array(sections.get('values')!.slice().buffer);
        const grouped = new Float32Array(plain.length);
        const { dimension } = options;
        for (let slot = 0; slot < plain.length / dimension; slot++) {
          for (let j = 0; j < dimension; j++) {
            grouped[(slot - (slot % lanes)) * dimension + j * lanes + (slot % lanes)] = plain[slot * dimension + j]!;
          }
        }
        const changed = new Map(sections).set('values', bytesOf(grouped));
        return { ...rest, sections: changed, rows: { section: 'values', lanes } };
      };
      return Object.assign(engine, { state });
    };
    const index = createIndex({ dimension: 3, metric: 'plain', engine: inLanes });
    await index.add(Float32Array.from({ length: 60 }, (_, i) => i));
    await index.remove([3, 1, 17]);
    await index.add(Float32Array.from({ length: 6 }, (_, i) => 100 + i));
    const bytes = index.toBytes();
    expect([...unpackSections(bytes, { kind: 'index', version: 2 }).sections.keys()]).toEqual([
      'meta',
      'ids.int32',
      'slots',
      'engine/values',
      'engine/live',
    ]);
    const copy = await indexFromBytes(bytes, { engine: plainEngine() });
    expect(recordsOf(copy)).toEqual(recordsOf(index));
    const slots = bytesOf(Uint32Array.from({ length: 19 }, () => 2));
    const far = bytesOf(Uint32Array.from({ length: 19 }, (_, i) => i * 2 ** 27));
    const messages: string[] = [];
    for (const list of [slots, far, slots.subarray(4)]) {
      messages.push(await refusal(rewritten(bytes, (sections) => sections.set('slots', list))));
    }
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "index-from-bytes: slots must differ. The file was not written by toBytes; write it again. [ERR_FILE]
      index-from-bytes: slots must be below 65536, but got 134217728. The file was not written by toBytes; write it again. [ERR_FILE]
      index-from-bytes: slots must have 76 bytes, but got 72. The file was not written by toBytes; write it again. [ERR_FILE]"
    `);
  });
});

describe('a file of version 1', () => {
  it('is refused when its sections are not those of an index', async () => {
    const meta = { metric: 'euclidean', dimension: 2, count: 2, nextId: 8 };
    const bytes = packSections({
      kind: 'index',
      version: 1,
      sections: new Map([
        ['meta', json(meta)],
        ['rows', bytesOf(floats(1, 2, 3, 4))],
        ['ids.json', json(['a', 2])],
        ['labels.json', json(['x', null])],
        ['data.json', json({ kinds: [{ shape: [2], type: 'uint8' }], entries: [0, null] })],
        ['data.arrays', Uint8Array.of(1, 2)],
      ]),
    });
    expect((await indexFromBytes(bytes)).get('a')?.data).toEqual({ shape: [2], data: Uint8Array.of(1, 2) });
    expect(
      await refusals(bytes, [
        ['no rows', 'rows', undefined],
        ['NaN', 'rows', new Uint8Array(16).fill(255)],
        ['no ids', 'ids.json', undefined],
        ['ids', 'ids.json', json([1, 1])],
        ['an id', 'ids.json', json([1, {}])],
        ['few ids', 'ids.json', json([1])],
        ['labels', 'labels.json', json(['a', []])],
        ['few labels', 'labels.float64', new Uint8Array(8)],
        ['data', 'data.json', json({ kinds: [], entries: [0, null] })],
        ['no data', 'data.json', json(null)],
        ['kinds', 'data.json', json({ kinds: [{ shape: [2], type: 'int64' }], entries: [null, null] })],
        ['entries', 'data.json', json({ kinds: [], entries: [null] })],
        ['long arrays', 'data.arrays', new Uint8Array(3)],
        ['short arrays', 'data.arrays', new Uint8Array(1)],
      ]),
    ).toMatchInlineSnapshot(`
      "no rows: index-from-bytes: there must be a section rows. The file was not written by toBytes; write it again. [ERR_FILE]
      NaN: index-from-bytes: row 0 must be finite, but got NaN. The file was not written by toBytes; write it again. [ERR_FILE]
      no ids: index-from-bytes: there must be a section ids.json. The file was not written by toBytes; write it again. [ERR_FILE]
      ids: index-from-bytes: the records must be those of an index, and are not: index.add: ids must differ, but got 1. Change it, or leave it out. [ERR_OPTION]. The file was not written by toBytes; write it again. [ERR_FILE]
      an id: index-from-bytes: the records must be those of an index, and are not: index.add: ids must be whole numbers or texts, but got an object with no keys. Change it, or leave it out. [ERR_OPTION]. The file was not written by toBytes; write it again. [ERR_FILE]
      few ids: index-from-bytes: ids must be a list of 2, but got [1]. The file was not written by toBytes; write it again. [ERR_FILE]
      labels: index-from-bytes: the records must be those of an index, and are not: index.add: labels must be finite numbers, texts or null, but got []. Change it, or leave it out. [ERR_OPTION]. The file was not written by toBytes; write it again. [ERR_FILE]
      few labels: index-from-bytes: labels must have 16 bytes, but got 8. The file was not written by toBytes; write it again. [ERR_FILE]
      data: index-from-bytes: an entry of data must be null, a kind or { json }, but got 0. The file was not written by toBytes; write it again. [ERR_FILE]
      no data: index-from-bytes: data must list kinds of arrays. The file was not written by toBytes; write it again. [ERR_FILE]
      kinds: index-from-bytes: data must list kinds of arrays, but got [an object with shape, type]. The file was not written by toBytes; write it again. [ERR_FILE]
      entries: index-from-bytes: data must have 2 entries, but got [null]. The file was not written by toBytes; write it again. [ERR_FILE]
      long arrays: index-from-bytes: data.arrays must have 2 bytes, but got 3. The file was not written by toBytes; write it again. [ERR_FILE]
      short arrays: index-from-bytes: the arrays of data must all be there, but got 1. The file was not written by toBytes; write it again. [ERR_FILE]"
    `);
  });
});
