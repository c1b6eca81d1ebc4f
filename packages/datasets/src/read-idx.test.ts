import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { SimileError } from '@simile/core/errors';
import { describe, expect, test } from 'vitest';
import { readIdx } from './read-idx.ts';

/** An IDX file by hand: two zeros, type, dimensions, sizes as big-endian uint32, then the numbers. */
function idx(type: number, shape: readonly number[], body: readonly number[]): Uint8Array {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Uint8Array.from([0, 0, type, shape.length, ...sizes, ...body]);
}

const six = idx(8, [2, 3], [1, 2, 3, 253, 254, 255]);

describe('readIdx', () => {
  test('reads bytes with their shape, without copying them', () => {
    const { data, shape } = readIdx(six);
    expect(shape).toEqual([2, 3]);
    expect(data).toEqual(Uint8Array.of(1, 2, 3, 253, 254, 255));
    expect(data.buffer).toBe(six.buffer);
    expect(Object.getPrototypeOf(data)).toBe(Uint8Array.prototype);
  });

  test('reads an ArrayBuffer, a part of a larger one, and a Buffer', () => {
    const larger = new Uint8Array(six.length + 5);
    larger.set(six, 5);
    for (const bytes of [six.buffer as ArrayBuffer, larger.subarray(5), Buffer.from(six)]) {
      const { data } = readIdx(bytes);
      expect([...data]).toEqual([1, 2, 3, 253, 254, 255]);
      expect(data.constructor).toBe(Uint8Array);
    }
  });

  test('reads every other number type, big-endian', () => {
    expect(readIdx(idx(0x09, [2], [0xff, 0x7f])).data).toEqual(Int32Array.of(-1, 127));
    expect(readIdx(idx(0x0b, [2], [0xff, 0xfe, 0x01, 0x00])).data).toEqual(Int32Array.of(-2, 256));
    expect(readIdx(idx(0x0c, [1], [0x80, 0, 0, 1])).data).toEqual(Int32Array.of(-(2 ** 31) + 1));
    expect(readIdx(idx(0x0d, [1], [0x3f, 0xc0, 0, 0])).data).toEqual(Float32Array.of(1.5));
    expect(readIdx(idx(0x0e, [1], [0xbf, 0xd0, 0, 0, 0, 0, 0, 0])).data).toEqual(Float32Array.of(-0.25));
  });

  test('reads files packed with gzip, of any level, with a name inside', () => {
    const body = Array.from({ length: 70000 }, (_, i) => (i * i) % 251);
    const large = idx(8, [70, 1000], body);
    for (const level of [0, 1, 9]) expect([...readIdx(gzipSync(large, { level })).data]).toEqual(body);
    const packed = gzipSync(six);
    const named = Buffer.concat([packed.subarray(0, 3), Buffer.from([8]), packed.subarray(4, 10), Buffer.from('six\0'), packed.subarray(10)]); // prettier-ignore
    expect([...readIdx(named).data]).toEqual([1, 2, 3, 253, 254, 255]);
  });

  test('reads a file without items', () => {
    expect(readIdx(idx(8, [0, 28, 28], []))).toEqual({ data: new Uint8Array(0), shape: [0, 28, 28] });
  });

  test('takes a damaged file for an error of data, never for another', () => {
    const packed = gzipSync(
      idx(
        8,
        [40, 50],
        Array.from({ length: 2000 }, (_, i) => i % 13),
      ),
    );
    const sources = fc.constantFrom(six, packed, idx(0x0d, [3], Array(12).fill(7) as number[]));
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sources, damage, fc.nat(3000), (source, changes, length) => {
        const bytes = Uint8Array.from(source);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          readIdx(bytes.subarray(0, length), { maxBytes: 1e6 });
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_DATA', where: 'read-idx' });
        }
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});

describe('readIdx refuses', () => {
  const message = (bytes: Uint8Array, maxBytes?: number): string => {
    try {
      readIdx(bytes, maxBytes === undefined ? {} : { maxBytes });
    } catch (error) {
      if (SimileError.is(error)) return error.message;
    }
    return 'nothing was thrown';
  };

  test('what is no IDX file, saying what was found', () => {
    expect(message(new TextEncoder().encode('<!doctype html>'))).toMatchInlineSnapshot(
      `"read-idx: an IDX file must begin with two zero bytes, but got [60, 33, 100, 111]. Check that this is an IDX file, plain or packed with gzip. [ERR_DATA]"`,
    );
    expect(message(idx(7, [1], [1]))).toMatchInlineSnapshot(
      `"read-idx: the type code of an IDX file must be 8, 9, 11, 12, 13 or 14, but got 7. Check that this is an IDX file, plain or packed with gzip. [ERR_DATA]"`,
    );
    expect(message(idx(8, [], []))).toMatchInlineSnapshot(
      `"read-idx: an IDX file must have 1 to 8 dimensions, but got 0. Check that this is an IDX file, plain or packed with gzip. [ERR_DATA]"`,
    );
    expect(message(Uint8Array.of(0, 0, 8, 200, 1, 2))).toMatchInlineSnapshot(
      `"read-idx: an IDX file must have 1 to 8 dimensions, but got 200. Check that this is an IDX file, plain or packed with gzip. [ERR_DATA]"`,
    );
    expect(message(new Uint8Array(0))).toMatchInlineSnapshot(
      `"read-idx: an IDX file must have a header of 4 bytes and 4 more a dimension, but got '0 bytes'. Check that this is an IDX file, plain or packed with gzip. [ERR_DATA]"`,
    );
    expect(message(six.subarray(0, 9))).toMatchInlineSnapshot(
      `"read-idx: an IDX file must have a header of 4 bytes and 4 more a dimension, but got '9 bytes'. Check that this is an IDX file, plain or packed with gzip. [ERR_DATA]"`,
    );
  });

  test('a file that is cut short, or goes on after its end', () => {
    expect(message(six.subarray(0, -1))).toMatchInlineSnapshot(
      `"read-idx: a file of shape [2, 3] in uint8 must have 18 bytes, but got 17. It is cut short: copy or download it again. [ERR_DATA]"`,
    );
    expect(message(Uint8Array.from([...six, 0]))).toMatchInlineSnapshot(
      `"read-idx: a file of shape [2, 3] in uint8 must have 18 bytes, but got 19. Something was added to it: copy it again. [ERR_DATA]"`,
    );
    expect(message(gzipSync(six.subarray(0, -1)))).toMatchInlineSnapshot(
      `"read-idx: a file of shape [2, 3] in uint8 must have 18 bytes, but got 17. It is cut short: copy or download it again. [ERR_DATA]"`,
    );
    expect(message(gzipSync(Uint8Array.from([...six, 0])))).toMatchInlineSnapshot(
      `"read-idx: the header inside announces 18 bytes, and more come out of the packed bytes. The file is damaged or not gzip: copy or download it again. [ERR_DATA]"`,
    );
    expect(message(gzipSync(six).subarray(0, -9))).toMatchInlineSnapshot(
      `"read-idx: packed bytes must be a whole deflate stream. The file is damaged or not gzip: copy or download it again. [ERR_DATA]"`,
    );
    expect(message(gzipSync(six).subarray(0, 12))).toMatchInlineSnapshot(
      `"read-idx: a gzip file must have a sound header and a trailer of 8 bytes. The file is damaged or not gzip: copy or download it again. [ERR_DATA]"`,
    );
  });

  test('a header that announces more than is allowed, before taking memory for it', () => {
    expect(message(idx(8, [0xffffffff, 0xffffffff, 0xffffffff], []))).toMatchInlineSnapshot(
      `"read-idx: an IDX file must unpack to at most maxBytes = 2147483648 bytes, but got 'shape [4294967295, 4294967295, 4294967295]'. The header may be damaged; raise maxBytes if the file is that large. [ERR_DATA]"`,
    );
    expect(message(six, 10)).toMatchInlineSnapshot(
      `"read-idx: an IDX file must unpack to at most maxBytes = 10 bytes, but got 'shape [2, 3]'. The header may be damaged; raise maxBytes if the file is that large. [ERR_DATA]"`,
    );
  });

  test('packed bytes whose content differs from their checksum', () => {
    const packed = gzipSync(six, { level: 0 }); // stored as they are: the last byte of the content is 9 before the end
    packed[packed.length - 9]! ^= 1;
    expect(message(packed)).toMatchInlineSnapshot(
      `"read-idx: the length and CRC-32 at the end must be those of the 18 unpacked bytes. The file is damaged or not gzip: copy or download it again. [ERR_DATA]"`,
    );
    const length = gzipSync(six);
    length[length.length - 1] = 1;
    expect(message(length)).toMatchInlineSnapshot(
      `"read-idx: the length and CRC-32 at the end must be those of the 18 unpacked bytes. The file is damaged or not gzip: copy or download it again. [ERR_DATA]"`,
    );
  });

  test('a bomb: few packed bytes under a header that announces gigabytes, or that unpack to more than announced', () => {
    const zeros = gzipSync(Buffer.concat([idx(8, [100], []), Buffer.alloc(64 * 2 ** 20)]), { level: 9 });
    expect(zeros.length).toBeLessThan(70000);
    const before = process.memoryUsage().arrayBuffers;
    expect(message(zeros)).toMatchInlineSnapshot(
      `"read-idx: the header inside announces 108 bytes, and more come out of the packed bytes. The file is damaged or not gzip: copy or download it again. [ERR_DATA]"`,
    );
    expect(message(gzipSync(idx(8, [2000, 1000, 1000], [])))).toMatchInlineSnapshot(
      `"read-idx: 15 packed bytes cannot unpack to the 2000000016 bytes of the header inside. The file is damaged or not gzip: copy or download it again. [ERR_DATA]"`,
    );
    // 4 KiB a push unpack to at most 4.2 MB, in a buffer that grows by doubling: far below the 64 MiB inside.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30e6);
  });

  test('a limit that is no count', () => {
    expect(message(six, 0)).toMatchInlineSnapshot(
      `"read-idx: maxBytes must be a whole number of at least 1, but got 0. Leave maxBytes out to use the default. [ERR_OPTION]"`,
    );
  });
});
