import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SimileError } from '@simile/core/errors';
import golden from '../../test/fixtures/npy.json' with { type: 'json' };
import { randomNumbers } from '../../test/random-changes.ts';
import { readNpy } from './read-npy.ts';
import { writeNpy } from './write-npy.ts';

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const file = (header: string, numbers = 0): Uint8Array => {
  const bytes = new Uint8Array(10 + header.length + numbers);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >>> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  return bytes;
};
const message = (bytes: Uint8Array): Promise<string> =>
  readNpy(bytes).then(
    () => 'it was read',
    (error: Error) => error.message,
  );

describe('readNpy', () => {
  it.each(golden.cases)('reads what NumPy wrote: $name', async ({ name, shape, values, file: base64 }) => {
    const { data, shape: read } = await readNpy(bytesOf(base64));
    expect(read).toEqual(shape.length === 0 ? [1] : shape);
    const isFloat = /f\d|order|version|dimension|number|nothing/.test(name) && name !== 'fortran order of three';
    const isByte = name === '|u1' || name === '|b1';
    expect(data).toBeInstanceOf(isFloat ? Float32Array : isByte ? Uint8Array : Int32Array);
    expect([...data]).toEqual(isFloat ? values.map(Math.fround) : values);
  });

  it('reads from a path, and a view that begins anywhere', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simile-npy-'));
    const bytes = writeNpy({ data: Float32Array.of(1, 2, 3), shape: [3, 1] });
    await writeFile(join(folder, 'a.npy'), bytes);
    const read = await readNpy(join(folder, 'a.npy'));
    await rm(folder, { recursive: true });
    const shifted = new Uint8Array(bytes.length + 1).subarray(1);
    shifted.set(bytes);
    expect(read).toEqual({ data: Float32Array.of(1, 2, 3), shape: [3, 1] });
    expect(await readNpy(shifted)).toEqual(read);
  });

  it('says what is wrong', async () => {
    const good = `{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }`;
    const wrong = [
      new Uint8Array(4),
      Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0),
      Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 4, 0, 0, 0),
      file(good).subarray(0, 30),
      file(good, 7),
      file(good, 9),
      file(good.replace('(2,)', `(${2 ** 40}, ${2 ** 40})`), 8),
      file(good.replace('(2,)', '(-1,)'), 8),
      file(good.replace('(2,)', '(2.5,)'), 8),
      file(good.replace('(2,)', '(2, , 3)'), 8),
      file(good.replace(`'<f4'`, `[('a', '<f4')]`), 8),
      file(good.replace(`'<f4'`, 'print()'), 8),
      file(good.replace('<f4', '|O'), 8),
      file(good.replace('<f4', '<c8'), 16),
      file(good.replace('<f4', '<U3'), 24),
      file(good.replace(`'fortran_order': False, `, ''), 8),
      file('no literal', 8),
      Uint8Array.of(...file(good.replace('<f4', '<u4')), 255, 255, 255, 255, 0, 0, 0, 0),
      Uint8Array.of(...file(good.replace('<f4', '<i8')), ...new Uint8Array(15), 128),
    ];
    const messages: string[] = [];
    for (const bytes of wrong) messages.push(await message(bytes));
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "read-npy: a .npy file begins with \\x93NUMPY. Write it with numpy.save; .npz files are ZIP archives of them. [ERR_FILE]
      read-npy: a .npy file begins with \\x93NUMPY. Write it with numpy.save; .npz files are ZIP archives of them. [ERR_FILE]
      read-npy: the version must be 1, 2 or 3, but got 4. The file is damaged or was cut short; write it again. [ERR_FILE]
      read-npy: a header of 57 bytes must fit into the file, but got 30. The file is damaged or was cut short; write it again. [ERR_FILE]
      read-npy: 2 numbers of <f4 must have 8 bytes, but got 7. The file is damaged or was cut short; write it again. [ERR_FILE]
      read-npy: 2 numbers of <f4 must have 8 bytes, but got 9. The file is damaged or was cut short; write it again. [ERR_FILE]
      read-npy: 1.2089258196146292e+24 numbers of <f4 must have 4.835703278458517e+24 bytes, but got 8. The file is damaged or was cut short; write it again. [ERR_FILE]
      read-npy: the header must be of texts, numbers and True or False, but got '{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }'. Records of several fields are not read; save one array of numbers. [ERR_FILE]
      read-npy: the header must be of texts, numbers and True or False, but got '{'descr': '<f4', 'fortran_order': False, 'shape': (2.5,), }'. Records of several fields are not read; save one array of numbers. [ERR_FILE]
      read-npy: the shape must be of whole numbers, but got '2, , 3'. The file is damaged or was cut short; write it again. [ERR_FILE]
      read-npy: the header must be of texts, numbers and True or False, but got '{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }'. Records of several fields are not read; save one array of numbers. [ERR_FILE]
      read-npy: the header must be of texts, numbers and True or False, but got '{'descr': print(), 'fortran_order': False, 'shape': (2,), }'. Records of several fields are not read; save one array of numbers. [ERR_FILE]
      read-npy: the array must be of one of the types f2, f4, f8, b1, u1, u2, u4, u8, i1, i2, i4, i8, but got '|O'. Save it with .astype(numpy.float32). [ERR_DTYPE]
      read-npy: the array must be of one of the types f2, f4, f8, b1, u1, u2, u4, u8, i1, i2, i4, i8, but got '<c8'. Save it with .astype(numpy.float32). [ERR_DTYPE]
      read-npy: the array must be of one of the types f2, f4, f8, b1, u1, u2, u4, u8, i1, i2, i4, i8, but got '<U3'. Save it with .astype(numpy.float32). [ERR_DTYPE]
      read-npy: the header must say descr, fortran_order and shape, but got '{'descr': '<f4', 'shape': (2,), }'. The file is damaged or was cut short; write it again. [ERR_FILE]
      read-npy: the header must say descr, fortran_order and shape, but got 'no literal'. The file is damaged or was cut short; write it again. [ERR_FILE]
      read-npy: whole numbers must be from -2147483648 to 2147483647, but got 4294967295. Save them as float32, or number the classes anew. [ERR_DATA]
      read-npy: whole numbers must be from -2147483648 to 2147483647, but got -9223372036854776000. Save them as float32, or number the classes anew. [ERR_DATA]"
    `);
  });

  it('reads or refuses any bytes', async () => {
    const all = golden.cases.map((one) => bytesOf(one.file));
    for (let seed = 1; seed <= 2000; seed++) {
      const random = randomNumbers(seed);
      const bytes = all[seed % all.length]!.slice();
      for (let i = 0; i <= random() * 4; i++)
        bytes[Math.floor(random() * Math.min(bytes.length, 100))] = random() * 256;
      const cut = random() < 0.3 ? bytes.subarray(0, random() * bytes.length) : bytes;
      await readNpy(cut).catch((error: unknown) => {
        if (!SimileError.is(error)) throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      });
    }
  });
});
