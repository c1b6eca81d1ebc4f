import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packSections, unpackSections } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import type { Id, Label, RecordData, VectorIndex } from '../contract.ts';
import { createIndex, indexFromBytes } from '../create-index.ts';

const floats = (...values: number[]): Float32Array => Float32Array.from(values);
const filled = async (): Promise<VectorIndex> => {
  const index = createIndex({ dimension: 2, metric: 'euclidean' });
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
  const { kind, version, sections } = unpackSections(bytes, { kind: 'index', version: 1 });
  const copy = new Map(sections);
  change(copy);
  return packSections({ kind, version, sections: copy });
}
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
    const bytes = (await filled()).toBytes();
    const meta = { metric: 'euclidean', dimension: 2, count: 3, nextId: 8 };
    const changes: [string, string, Uint8Array | undefined][] = [
      ['no meta', 'meta', undefined],
      ['meta', 'meta', Uint8Array.of(123)],
      ['null meta', 'meta', json(null)],
      ['metric', 'meta', json({ ...meta, metric: 'hamming' })],
      ['no metric', 'meta', json({ ...meta, metric: 1 })],
      ['count', 'meta', json({ ...meta, count: 2 ** 40 })],
      ['no count', 'meta', json({ ...meta, count: -1 })],
      ['dimension', 'meta', json({ ...meta, dimension: 0 })],
      ['no dimension', 'meta', json({ ...meta, dimension: null })],
      ['next id', 'meta', json({ ...meta, nextId: 'x' })],
      ['no rows', 'rows', undefined],
      ['rows', 'rows', new Uint8Array(20)],
      ['NaN', 'rows', new Uint8Array(24).fill(255)],
      ['no ids', 'ids.json', undefined],
      ['ids', 'ids.json', json([1, 1, 2])],
      ['an id', 'ids.json', json([1, {}, 2])],
      ['few ids', 'ids.json', json([1])],
      ['labels', 'labels.json', json(['a', [], null])],
      ['few labels', 'labels.float64', new Uint8Array(8)],
      ['data', 'data.json', json({ kinds: [], entries: [0, null, null] })],
      ['no data', 'data.json', json(null)],
      ['kinds', 'data.json', json({ kinds: [{ shape: [2], type: 'int64' }], entries: [null, null, null] })],
      ['entries', 'data.json', json({ kinds: [], entries: [null] })],
      ['long arrays', 'data.arrays', new Uint8Array(3)],
      ['short arrays', 'data.arrays', new Uint8Array(1)],
      ['large arrays', 'data.json', json({ kinds: [{ shape: [2 ** 40], type: 'uint8' }], entries: [0, null, null] })],
      ['calibration', 'calibration', json({})],
    ];
    const messages: string[] = [];
    for (const [what, name, value] of changes) {
      const file = rewritten(bytes, (sections) => (value ? sections.set(name, value) : sections.delete(name)));
      messages.push(`${what}: ${await refusal(file)}`);
    }
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "no meta: container: index files must have a section meta. The file is damaged or was cut short; write it again. [ERR_FILE]
      meta: index-from-bytes: section meta must be JSON. The file was not written by toBytes; write it again. [ERR_FILE]
      null meta: index-from-bytes: meta must name the metric. The file was not written by toBytes; write it again. [ERR_FILE]
      metric: index-from-bytes: the records must be those of an index, and are not: create-index: metric must be one of 'cosine', 'euclidean', 'inner-product', 'manhattan', 'snr', 'squared-euclidean', but got 'hamming'. Leave metric out to use the default. [ERR_OPTION]. The file was not written by toBytes; write it again. [ERR_FILE]
      no metric: index-from-bytes: meta must name the metric, but got 1. The file was not written by toBytes; write it again. [ERR_FILE]
      count: index-from-bytes: rows must have 8796093022208 bytes, but got 24. The file was not written by toBytes; write it again. [ERR_FILE]
      no count: index-from-bytes: meta must have the count of records, but got -1. The file was not written by toBytes; write it again. [ERR_FILE]
      dimension: index-from-bytes: meta must have a dimension, but got 0. The file was not written by toBytes; write it again. [ERR_FILE]
      no dimension: index-from-bytes: rows must have 0 bytes, but got 24. The file was not written by toBytes; write it again. [ERR_FILE]
      next id: index-from-bytes: meta must have the next id, but got 'x'. The file was not written by toBytes; write it again. [ERR_FILE]
      no rows: container: index files must have a section rows. The file is damaged or was cut short; write it again. [ERR_FILE]
      rows: index-from-bytes: rows must have 24 bytes, but got 20. The file was not written by toBytes; write it again. [ERR_FILE]
      NaN: index-from-bytes: the records must be those of an index, and are not: index.add: row 0 of the vectors must be finite, but got NaN. Look at what made that row: a loss that overflowed, or a broken input. [ERR_NAN]. The file was not written by toBytes; write it again. [ERR_FILE]
      no ids: container: index files must have a section ids.json. The file is damaged or was cut short; write it again. [ERR_FILE]
      ids: index-from-bytes: the records must be those of an index, and are not: index.add: ids must differ, but got 1. Change it, or leave it out. [ERR_OPTION]. The file was not written by toBytes; write it again. [ERR_FILE]
      an id: index-from-bytes: the records must be those of an index, and are not: index.add: ids must be whole numbers or texts, but got an object with no keys. Change it, or leave it out. [ERR_OPTION]. The file was not written by toBytes; write it again. [ERR_FILE]
      few ids: index-from-bytes: ids must be a list of 3, but got [1]. The file was not written by toBytes; write it again. [ERR_FILE]
      labels: index-from-bytes: the records must be those of an index, and are not: index.add: labels must be finite numbers, texts or null, but got []. Change it, or leave it out. [ERR_OPTION]. The file was not written by toBytes; write it again. [ERR_FILE]
      few labels: index-from-bytes: labels must have 24 bytes, but got 8. The file was not written by toBytes; write it again. [ERR_FILE]
      data: index-from-bytes: an entry of data must be null, a kind or { json }, but got 0. The file was not written by toBytes; write it again. [ERR_FILE]
      no data: index-from-bytes: data must list kinds of arrays. The file was not written by toBytes; write it again. [ERR_FILE]
      kinds: index-from-bytes: data must list kinds of arrays, but got [an object with shape, type]. The file was not written by toBytes; write it again. [ERR_FILE]
      entries: index-from-bytes: data must have 3 entries, but got [null]. The file was not written by toBytes; write it again. [ERR_FILE]
      long arrays: index-from-bytes: data.arrays must have 2 bytes, but got 3. The file was not written by toBytes; write it again. [ERR_FILE]
      short arrays: index-from-bytes: the arrays of data must all be there, but got 1. The file was not written by toBytes; write it again. [ERR_FILE]
      large arrays: index-from-bytes: the arrays of data must all be there, but got 2. The file was not written by toBytes; write it again. [ERR_FILE]
      calibration: calibration: metric must be the id of a metric. The file is damaged, or was written by something else; calibrate again. [ERR_FILE]"
    `);
  });
});
