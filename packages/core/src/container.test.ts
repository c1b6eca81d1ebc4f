import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './checksum.ts';
import {
  openSections,
  packSections,
  section,
  sectionParts,
  unpackSections,
  type ByteSource,
  type SectionSource,
} from './container.ts';
import { SimileError } from './errors.ts';

const expected = { kind: 'notes', version: 2 };
const small = (): Uint8Array =>
  packSections({
    ...expected,
    sections: new Map([
      ['empty', new Uint8Array()],
      ['text', Uint8Array.of(1, 2, 3)],
      ['more/text', Uint8Array.from({ length: 20 }, (_, i) => i)],
    ]),
  });

/** The message of the error that reading throws, which must be ours. */
function refusal(file: Uint8Array): string {
  try {
    unpackSections(file, expected);
  } catch (error) {
    if (SimileError.is(error) && error.code === 'ERR_FILE') return error.message;
    throw error;
  }
  throw new Error('the file was read');
}

/** Writes the header's checksum anew, so that a lie behind it is met. */
function resealed(file: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const view = new DataView(file.buffer);
  change(view);
  const end = 64 + 64 * 3;
  view.setUint32(28, crc32(Uint8Array.of(...file.subarray(0, 28), ...file.subarray(32, end))), true);
  return file;
}

describe('a container', () => {
  it('keeps kind, version, names, order and bytes', () => {
    const read = unpackSections(small(), expected);
    expect([read.kind, read.version, [...read.sections.keys()]]).toEqual(['notes', 2, ['empty', 'text', 'more/text']]);
    expect([...section(read, 'text')]).toEqual([1, 2, 3]);
    expect(section(read, 'empty').length).toBe(0);
    expect(() => section(read, 'other')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: container: notes files must have a section other. The file is damaged or was cut short; write it again. [ERR_FILE]]`,
    );
  });

  it('lays the bytes out as docs/formats.md says', () => {
    const file = small();
    const view = new DataView(file.buffer);
    expect(String.fromCharCode(...file.subarray(1, 7))).toBe('SIMILE');
    expect([view.getUint32(8, true), view.getUint32(12, true), view.getUint32(24, true)]).toEqual([1, 3, 2]);
    // header 64 + three entries of 64 = 256; empty at 256, text at 256, then 259 → 272
    expect([0, 1, 2].map((i) => Number(view.getBigUint64(64 + 64 * i, true)))).toEqual([256, 256, 272]);
    expect(file.length).toBe(292);
    expect([...file.subarray(256, 259)]).toEqual([1, 2, 3]);
  });

  it('reads back any sections', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9./-]{0,39}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 60 })), { selector: ([n]) => n }),
        (list) => {
          const file = packSections({ ...expected, sections: new Map(list) });
          const shifted = new Uint8Array(file.length + 3).subarray(3); // a view that begins anywhere
          shifted.set(file);
          const read = unpackSections(shifted, expected);
          expect([...read.sections].map(([n, bytes]) => [n, [...bytes]])).toEqual(list.map(([n, b]) => [n, [...b]]));
          for (const bytes of read.sections.values()) expect((bytes.byteOffset - shifted.byteOffset) % 16).toBe(0);
        },
      ),
      { seed: 2 },
    );
  });

  it('refuses every flipped bit', () => {
    const file = small();
    for (let i = 0; i < file.length; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const copy = file.slice();
        copy[i]! ^= 1 << bit;
        expect(refusal(copy)).toMatch(/^container: .* \[ERR_FILE\]$/);
      }
    }
  });

  it('refuses every truncation and every longer file', () => {
    const file = small();
    for (let length = 0; length < file.length; length++) expect(refusal(file.subarray(0, length))).toMatch(/ERR_FILE/);
    expect(refusal(Uint8Array.of(...file, 0))).toMatchInlineSnapshot(
      `"container: the file must have 292 bytes, as its header says, but got 293. The file is damaged or was cut short; write it again. [ERR_FILE]"`,
    );
  });

  it('survives any bytes', () => {
    const file = small();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(300), (noise, at) => {
        const copy = file.slice();
        copy.set(noise.subarray(0, Math.max(0, copy.length - at)), Math.min(at, copy.length));
        if (copy.some((byte, i) => byte !== file[i])) expect(refusal(copy)).toMatch(/ERR_FILE/);
        expect(refusal(noise)).toMatch(/ERR_FILE/);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('says what is wrong', () => {
    expect(refusal(new Uint8Array(10))).toMatchInlineSnapshot(
      `"container: a file has at least 64 bytes, but got 10. The file is damaged or was cut short; write it again. [ERR_FILE]"`,
    );
    expect(refusal(new Uint8Array(100))).toMatchInlineSnapshot(
      `"container: a file begins with \\x89SIMILE\\n. This is not a file of Simile; check the path. [ERR_FILE]"`,
    );
    expect(refusal(resealed(small(), (view) => view.setUint32(8, 9, true)))).toMatchInlineSnapshot(
      `"container: the container must have version 1, but got 9. Update Simile to read it. [ERR_FILE]"`,
    );
    expect(refusal(resealed(small(), (view) => view.setUint32(24, 3, true)))).toMatchInlineSnapshot(
      `"container: notes files are known up to version 2, but got 3. Update Simile to read it. [ERR_FILE]"`,
    );
    expect(refusal(packSections({ kind: 'model', version: 1, sections: new Map() }))).toMatchInlineSnapshot(
      `"container: the file must be of kind notes, but got 'model'. Read it with the function made for its kind. [ERR_FILE]"`,
    );
    expect(refusal(small().fill(7, 290))).toMatchInlineSnapshot(
      `"container: the checksum of section more/text must be right. The file is damaged or was cut short; write it again. [ERR_FILE]"`,
    );
    expect(refusal(small().subarray(0, 291))).toMatchInlineSnapshot(
      `"container: the file must have 292 bytes, as its header says, but got 291. The file is damaged or was cut short; write it again. [ERR_FILE]"`,
    );
  });

  it('refuses lies behind a right checksum', () => {
    const lies: [string, (view: DataView) => void][] = [
      ['count', (view) => view.setUint32(12, 0xffffffff, true)],
      ['length', (view) => view.setBigUint64(16, 2n ** 63n, true)],
      ['offset', (view) => view.setBigUint64(64, 0n, true)],
      ['size', (view) => view.setBigUint64(64 + 128 + 8, 2n ** 60n, true)],
      ['short', (view) => view.setBigUint64(64 + 128 + 8, 1n, true)],
      ['name', (view) => view.setUint8(64 + 24, 0)],
      ['padding', (view) => view.setUint8(260, 1)],
    ];
    const messages = lies.map(([what, lie]) => `${what}: ${refusal(resealed(small(), lie))}`);
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "count: container: a table of 4294967295 sections needs 274877906944 bytes, but got 292. The file is damaged or was cut short; write it again. [ERR_FILE]
      length: container: the file must have 9223372036854775808 bytes, as its header says, but got 292. The file is damaged or was cut short; write it again. [ERR_FILE]
      offset: container: section empty must begin at byte 256, but got 0. The file is damaged or was cut short; write it again. [ERR_FILE]
      size: container: section more/text of 1152921504606846976 bytes must fit into the 292 of the file. The file is damaged or was cut short; write it again. [ERR_FILE]
      short: container: the file must end after its last section, at byte 273, but got 292. The file is damaged or was cut short; write it again. [ERR_FILE]
      name: container: section names must be of lower-case letters, digits, -, . and /. The file is damaged or was cut short; write it again. [ERR_FILE]
      padding: container: the bytes between sections must be 0 before more/text. The file is damaged or was cut short; write it again. [ERR_FILE]"
    `);
    const twice = resealed(small(), (view) => {
      for (let i = 0; i < 40; i++) view.setUint8(64 + 64 + 24 + i, view.getUint8(64 + 24 + i));
    });
    expect(refusal(twice)).toMatchInlineSnapshot(
      `"container: section names must differ, but got 'empty'. The file is damaged or was cut short; write it again. [ERR_FILE]"`,
    );
  });

  it('refuses names it could not write', () => {
    const sections = new Map([['Name', new Uint8Array()]]);
    expect(() => packSections({ ...expected, sections })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: container: a section name must have 1 to 40 lower-case letters, digits, -, . and /, but got 'Name'. Choose another. [ERR_OPTION]]`,
    );
    expect(() => packSections({ kind: '', version: 1, sections: new Map() })).toThrow('ERR_OPTION');
    expect(() => packSections({ kind: 'x', version: 0, sections: new Map() })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: container: version must be a whole number from 1, but got 0. Choose another. [ERR_OPTION]]`,
    );
  });

  it('is written in parts, and with sections made as they are written', () => {
    const source = { length: 3, write: (into: Uint8Array): void => into.set([1, 2, 3]) };
    const sections = new Map<string, Uint8Array | SectionSource>([
      ['empty', new Uint8Array()],
      ['text', source],
      ['more/text', Uint8Array.from({ length: 20 }, (_, i) => i)],
    ]);
    const parts = sectionParts({ ...expected, sections });
    expect(Uint8Array.from(parts.flatMap((part) => [...part]))).toEqual(small());
    expect(parts).toContain(sections.get('more/text')); // not copied
    expect(packSections({ ...expected, sections })).toEqual(small());
  });

  it('is read where it lies, in any order, straight to where it is used', async () => {
    const size = 40_000_001; // several reads at a time
    const big = Uint8Array.from({ length: size }, (_, i) => i * 7);
    const file = packSections({
      ...expected,
      sections: new Map([...unpackSections(small(), expected).sections, ['big', big]]),
    });
    const reads: number[] = [];
    const stored = await openSections(sourceOf(file, reads), expected);
    expect([stored.kind, stored.version]).toEqual(['notes', 2]);
    expect([...stored.sizes]).toEqual([['empty', 0], ['text', 3], ['more/text', 20], ['big', size]]); // prettier-ignore
    expect(Math.max(...reads)).toBe(320); // header and table, no more
    const into = new Uint8Array(size);
    expect(await stored.read('big', into)).toBe(into);
    expect(Buffer.compare(into, big)).toBe(0);
    expect([...(await stored.read('text'))]).toEqual([1, 2, 3]);
    await expect(stored.read('other')).rejects.toThrow('must have a section other');
    await expect(stored.read('text', new Uint8Array(4))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: container: section text must have 4 bytes, but got 3. The file is damaged or was cut short; write it again. [ERR_FILE]]`,
    );
    expect(stored.readNow).toBeUndefined();
    const now = await openSections(
      { ...sourceOf(file, reads), readNow: (at, to) => to.set(file.subarray(at, at + to.length)) },
      expected,
    );
    const part = new Uint8Array(2);
    now.readNow!('text', 1, part);
    expect([...part]).toEqual([2, 3]);
    expect(() => now.readNow!('text', 2, part)).toThrow('ERR_FILE');
    expect(() => now.readNow!('other', 0, part)).toThrow('ERR_FILE');
    file[file.length - 1]! ^= 1;
    await expect(stored.read('big')).rejects.toThrow('the checksum of section big must be right');
  });

  it('read where it lies, refuses every flipped bit and every length too', async () => {
    const refused = async (file: Uint8Array): Promise<void> => {
      const all = async (): Promise<void> => {
        const stored = await openSections(sourceOf(file, []), expected);
        for (const name of stored.sizes.keys()) await stored.read(name);
      };
      await expect(all()).rejects.toThrow('[ERR_FILE]');
    };
    const file = small();
    for (let i = 0; i < file.length; i++) {
      const copy = file.slice();
      copy[i]! ^= 1 << (i % 8);
      await refused(copy);
      await refused(file.subarray(0, i));
    }
  });
});

const sourceOf = (file: Uint8Array, reads: number[]): ByteSource => ({
  size: file.length,
  read: async (at, into) => {
    reads.push(at + into.length);
    into.set(file.subarray(at, at + into.length));
  },
});
