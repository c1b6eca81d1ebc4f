import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SimileError } from '@simile/core/errors';
import { randomNumbers } from '../../test/random-changes.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { importHnswlib } from './import-hnswlib.ts';
import { readHnswlib } from './read-hnswlib.ts';

/*
 * Written by hnswlib-node 3.0.0 on 2026-11-24: new HierarchicalNSW(space, 3), initIndex(n + 10, 4, 30, 7), then
 * addPoint([i + 1, i² / 8, −i], 3 i) for i from 0 to n − 1, markDelete(15), markDelete(27), writeIndexSync; n is 40 for l2, 12 for
 * cosine. searchKnn([5, 3, −4], 3) there gave the neighbours and distances below.
 */
const fixture = async (space: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(new URL(`../../test/fixtures/hnswlib-${space}.bin`, import.meta.url)));
const engine = flatEngine({ kernel: 'scalar' });
const query = Float32Array.of(5, 3, -4);
const message = (work: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'it was read',
      (error: Error) => error.message,
    );

describe('importHnswlib', () => {
  it('brings labels and vectors, without what is marked as deleted', async () => {
    const index = await importHnswlib(await fixture('l2'), { space: 'l2', dimension: 3, engine });
    const kept = Array.from({ length: 40 }, (_, i) => i).filter((i) => i !== 5 && i !== 9);
    expect([...index].map(({ id, vector }) => [id, ...vector])).toEqual(
      kept.map((i) => [3 * i, i + 1, (i * i) / 8, -i]),
    );
    expect(index.metric).toBe('squared-euclidean');
    const [neighbors] = await index.search(query, { k: 3 });
    expect(neighbors!.map(({ id, distance }) => [id, distance])).toEqual([
      [12, 1],
      [9, 5.515625],
      [18, 10.25],
    ]);
  });

  it('brings rows of length 1 for cosine', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simile-hnswlib-'));
    const path = join(folder, 'index.bin');
    await writeFile(path, await fixture('cosine'));
    const index = await importHnswlib(path, { space: 'cosine', engine });
    await rm(folder, { recursive: true });
    const length = Math.hypot(2, 1 / 8, 1);
    [2, 1 / 8, -1].forEach((value, j) => expect(index.get(3)!.vector[j]).toBeCloseTo(value / length, 6));
    const [neighbors] = await index.search(query, { k: 3 });
    expect(neighbors!.map(({ id }) => id)).toEqual([18, 21, 12]);
    [0.000594019889831543, 0.00433725118637085, 0.009153008460998535].forEach((distance, i) => {
      expect(neighbors![i]!.distance).toBeCloseTo(distance, 6);
    });
  });

  it('says what is wrong', async () => {
    const bytes = await fixture('l2');
    const changed = (at: number, value: bigint): Uint8Array => {
      const copy = bytes.slice();
      new DataView(copy.buffer).setBigUint64(at, value, true);
      return copy;
    };
    const stride = 56;
    const label = 96 + stride - 8;
    const tries = [
      () => importHnswlib(bytes, { space: 'euclidean' as 'l2' }),
      () => importHnswlib(bytes, { space: 'l2', dimension: 4 }),
      () => importHnswlib(bytes, { space: 'l2', metric: 'cosine' } as never),
      () => readHnswlib(bytes.subarray(0, 95)),
      () => readHnswlib(bytes.subarray(0, 400)),
      () => readHnswlib(bytes.subarray(0, bytes.length - 1)),
      () => readHnswlib(changed(0, 8n)),
      () => readHnswlib(changed(16, 2n ** 60n)),
      () => readHnswlib(changed(24, 57n)),
      () => readHnswlib(changed(32, 36n)),
      () => readHnswlib(changed(40, 32n)),
      () => readHnswlib(changed(56, 5n)),
      () => readHnswlib(changed(label, 6n)),
      () => readHnswlib(changed(label - 8, 0xffffffffffffffffn)),
    ];
    const messages: string[] = [];
    for (const attempt of tries) messages.push(await message(attempt));
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "import-hnswlib: space must be l2, ip or cosine, but got 'euclidean'. Give the space that the index was made with; the file does not say. [ERR_OPTION]
      import-hnswlib: dimension must be that of the file, 3, but got 4. Leave dimension out, or give another file. [ERR_OPTION]
      import-hnswlib: options are space, dimension, signal, onProgress, engine, precision, recall, threads, but got 'metric'. Check the spelling. [ERR_OPTION]
      import-hnswlib: a file of hnswlib has at least 96 bytes, but got 95. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: elements must fit into the file, but got 40. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: links of the upper levels must be there, but got 2675. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: elements must begin at the lowest level, but got 8. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: elements must not be more than there is room for, but got 1152921504606847000. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: labels must end an element, but got 57. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: rows must be of float32, but got 0. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: rows must lie after the links of the lowest level, but got 32. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: links of a level must have 24 bytes, but got 20. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: labels must differ, but got 6. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]
      import-hnswlib: row 0 must be finite, but got NaN. Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short. [ERR_FILE]"
    `);
    expect(readHnswlib(changed(label, 2n ** 63n + 1n)).ids[0]).toBe('9223372036854775809');
  });

  it('reads or refuses any bytes', async () => {
    const all = [await fixture('l2'), await fixture('cosine')];
    for (let seed = 1; seed <= 2000; seed++) {
      const random = randomNumbers(seed);
      const bytes = all[seed % 2]!.slice();
      const most = random() < 0.5 ? 96 : bytes.length;
      for (let i = 0; i <= random() * 4; i++) bytes[Math.floor(random() * most)] = random() * 256;
      const cut = random() < 0.2 ? bytes.subarray(0, random() * bytes.length) : bytes;
      try {
        readHnswlib(cut);
      } catch (error) {
        if (!SimileError.is(error)) throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
  });
});
