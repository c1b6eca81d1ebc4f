import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIndex } from '../create-index.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { FileStore } from './file-store.ts';
import { openIndex } from './open-index.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simile-store-'));
  path = join(folder, 'index');
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const message = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: Error) => thrown,
  );
  return error.message
    .replaceAll(folder, '/folder')
    .replaceAll(hostname(), 'host')
    .replaceAll(String(process.pid), 'PID');
};
const options = { dimension: 2, metric: 'euclidean', engine: flatEngine({ kernel: 'scalar' }) };
const two = Float32Array.of(1, 2, 3, 4);

describe('a store of files', () => {
  it('is a snapshot, a journal and a lock, and leaves two files', async () => {
    const index = await openIndex(pathToFileURL(path), options);
    expect(index.path).toBe(path);
    await index.add(two, { ids: ['a', 'b'], labels: ['x', null], data: [{ page: 1 }, undefined] });
    expect((await readdir(folder)).toSorted()).toEqual(['index', 'index.journal', 'index.lock']);
    await index.remove('a');
    await index.close();
    expect((await readdir(folder)).toSorted()).toEqual(['index', 'index.journal']);
    const again = await openIndex(path, { engine: options.engine });
    expect([...again]).toEqual([{ id: 'b', label: null, vector: Float32Array.of(3, 4) }]);
    expect([again.metric, again.dimension]).toEqual(['euclidean', 2]);
    await again.save();
    expect((await readFile(`${path}.journal`)).length).toBe(64);
    await again.close();
  });

  it('is appended to, not written anew, for a few records more', async () => {
    const index = await openIndex(path, { ...options, dimension: 64 });
    await index.add(new Float32Array(64 * 1000).fill(1));
    await index.save();
    const before = await readFile(path);
    await index.add(new Float32Array(64 * 10).fill(2));
    expect(Buffer.compare(await readFile(path), before)).toBe(0);
    expect((await readFile(`${path}.journal`)).length).toBeLessThan(64 * 10 * 4 + 600);
    await index.close();
  });

  it('writes a new snapshot by itself once the journal is long', async () => {
    const index = await openIndex(path, { ...options, dimension: 64 });
    for (let i = 0; i < 12; i++) await index.add(new Float32Array(64 * 100).fill(i));
    await index.flush();
    expect((await readFile(path)).length).toBeGreaterThan(64 * 1000 * 4);
    expect((await readFile(`${path}.journal`)).length).toBeLessThan(100_000);
    await index.close();
    const again = await openIndex(path, { engine: options.engine });
    expect(again.size).toBe(1200);
    await again.close();
  });

  it('opens a file that toBytes wrote, and goes on from there', async () => {
    const plain = createIndex(options);
    await plain.add(two);
    await writeFile(path, plain.toBytes());
    const index = await openIndex(path, { engine: options.engine });
    await index.add(two, { ids: ['c', 'd'] });
    await index.close();
    const again = await openIndex(path, { engine: options.engine });
    expect([...again].map(({ id }) => id)).toEqual([0, 1, 'c', 'd']);
    await again.close();
    await writeFile(path, createIndex(options).toBytes());
    expect(await message(openIndex(path, { engine: options.engine }))).toMatchInlineSnapshot(
      `"open-index: the journal must be that of the snapshot beside it, but got 'file-6161df6d-160'. Restore the file from a copy, or open it with onDamage: 'cut' to go on with what was written before. [ERR_FILE]"`,
    );
  });

  it('keeps a calibration, also one that was set or removed', async () => {
    const index = await openIndex(path, options);
    await index.add(two, { labels: ['x', 'y'] });
    const calibration = await index.calibrate(two, ['x', 'z']);
    await index.close();
    const again = await openIndex(path, options);
    expect(again.calibration).toEqual(calibration);
    again.setCalibration(undefined);
    await again.flush();
    await again.close();
    expect((await openIndex(path, { ...options, readOnly: true })).calibration).toBeUndefined();
  });

  it('shares one turn of the disk among changes made together, and confirms them in order', async () => {
    const index = await openIndex(path, options);
    const done: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await index.upsert(Float32Array.of(i, i), { ids: [i] });
        done.push(i);
      }),
    );
    expect(done).toEqual(Array.from({ length: 20 }, (_, i) => i));
    await index.close();
    expect((await openIndex(path, { ...options, readOnly: true })).size).toBe(20);
  });

  it('cuts off what a killed process left half-written, and says of damage before that', async () => {
    const index = await openIndex(path, options);
    for (let i = 0; i < 3; i++) await index.add(two);
    await index.close();
    const whole = await readFile(`${path}.journal`);
    const size = async (): Promise<number> => {
      const opened = await openIndex(path, { ...options, readOnly: true });
      return opened.size;
    };
    await truncate(`${path}.journal`, whole.length - 33); // the seal, and one byte of the last entry
    expect(await size()).toBe(4);
    await writeFile(`${path}.journal`, Buffer.concat([whole, Buffer.alloc(100)])); // zeros that a file grew by
    expect(await size()).toBe(6);
    const damaged = Buffer.from(whole);
    damaged[whole.length - 60]! ^= 1; // in the last entry, which the seal says was safe
    await writeFile(`${path}.journal`, damaged);
    expect(await message(openIndex(path, options))).toMatchInlineSnapshot(
      `"open-index: the entry of the journal that begins there must be whole, but got 832. Restore the file from a copy, or open it with onDamage: 'cut' to go on with what was written before. [ERR_FILE]"`,
    );
    const cut = await openIndex(path, { ...options, onDamage: 'cut' });
    expect(cut.size).toBe(4);
    await cut.add(two);
    await cut.close();
    expect(await size()).toBe(6);
    await writeFile(`${path}.journal`, Buffer.from('not a journal'));
    expect(await message(openIndex(path, options))).toMatchInlineSnapshot(
      `"open-index: a journal begins with a head of 64 bytes and \\x89SIMJNL\\n. Restore the file from a copy, or open it with onDamage: 'cut' to go on with what was written before. [ERR_FILE]"`,
    );
    damaged.set(whole);
    damaged[13]! ^= 1;
    await writeFile(`${path}.journal`, damaged);
    expect(await message(openIndex(path, options))).toMatchInlineSnapshot(
      `"open-index: the checksum of the head of the journal must be right. Restore the file from a copy, or open it with onDamage: 'cut' to go on with what was written before. [ERR_FILE]"`,
    );
    const none = await openIndex(path, { ...options, onDamage: 'cut' });
    expect(none.size).toBe(0);
    await none.add(two);
    await none.close();
    expect(await size()).toBe(2);
  });

  it('changes nothing when the disk is full, and takes the next change', async () => {
    const index = await openIndex(path, options);
    await index.add(two);
    const { append } = FileStore.prototype;
    FileStore.prototype.append = async function full(file, at, parts) {
      await append.call(this, file, at, [parts[0]!]); // the frame fits
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    try {
      expect(await message(index.add(two, { ids: ['x', 'y'] }))).toMatchInlineSnapshot(
        `"index: /folder/index must be writable, but got 'ENOSPC'. The disk is full: make room or choose another place. What was there before is unchanged. [ERR_FILE]"`,
      );
    } finally {
      FileStore.prototype.append = append;
    }
    expect([index.size, index.has('x')]).toEqual([2, false]);
    await index.add(two, { ids: ['x', 'y'] });
    await index.close();
    expect((await openIndex(path, { ...options, readOnly: true })).size).toBe(4);
  });

  it('takes nothing more once the disk did not keep what it was given', async () => {
    const index = await openIndex(path, options);
    await index.add(two);
    const { sync } = FileStore.prototype;
    FileStore.prototype.sync = async () => {
      throw Object.assign(new Error('input or output'), { code: 'EIO' });
    };
    try {
      expect(await message(index.add(two))).toMatchInlineSnapshot(
        `"index: /folder/index must be writable, but got 'EIO'. See the cause of this error. [ERR_FILE]"`,
      );
    } finally {
      FileStore.prototype.sync = sync;
    }
    expect(await message(index.add(two))).toMatchInlineSnapshot(
      `"index: a write to the disk failed, so nothing more can be changed. See the cause. Close the index and open it again: it then has what was confirmed. [ERR_STATE]"`,
    );
    await index.close();
    expect((await openIndex(path, { ...options, readOnly: true })).size).toBeGreaterThanOrEqual(2);
  });

  it('takes back what did not happen after it was written', async () => {
    const made = options.engine;
    const failing: typeof made = async (parts) => {
      const engine = await made(parts);
      const set = engine.set.bind(engine);
      engine.set = (slots, rows, more) => {
        if (rows[0] === 13) throw new Error('no room');
        return set(slots, rows, more);
      };
      return engine;
    };
    const index = await openIndex(path, { ...options, engine: failing });
    await index.add(two);
    await expect(index.add(Float32Array.of(13, 1))).rejects.toThrow('no room');
    await index.add(two);
    await index.close();
    expect((await openIndex(path, { ...options, readOnly: true })).size).toBe(4);
  });

  it('is read beside its owner, and changed by it alone', async () => {
    const index = await openIndex(path, options);
    await index.add(two);
    expect(await message(openIndex(path, options))).toMatchInlineSnapshot(
      `"open-index: /folder/index must not be open elsewhere, but got 'open in this process, PID'. Close it there, or open it with readOnly. [ERR_STATE]"`,
    );
    const reader = await openIndex(path, { ...options, readOnly: true });
    expect(reader.size).toBe(2);
    expect(await message(reader.add(two))).toMatchInlineSnapshot(
      `"index: /folder/index must be open for changes, but got 'one opened with readOnly'. Open it without readOnly. [ERR_STATE]"`,
    );
    expect(await message(reader.save())).toContain('ERR_STATE');
    await reader.close();
    await index.close();
    expect(await message(index.add(two))).toMatchInlineSnapshot(
      `"index: /folder/index must be open for changes, but got 'a closed index'. Open it again with openIndex. [ERR_STATE]"`,
    );
  });

  it('wants the metric and the dimension that are there, and a place that can be', async () => {
    const index = await openIndex(path, options);
    await index.close();
    const refusals = [
      () => openIndex(path, { metric: 'manhattan', engine: options.engine }),
      () => openIndex(path, { dimension: 3 }),
      () => openIndex(path, { metric: 'no such' }),
      () => openIndex(path, { durability: 'fast' as 'strict' }),
      () => openIndex(path, { journalShare: -1 }),
      () => openIndex(path, { onDamage: 'x' as 'cut' }),
      () => openIndex(path, { readonly: true } as object),
      () => openIndex(join(folder, 'none'), { readOnly: true }),
      () => openIndex(join(folder, 'no', 'folder')),
      () => openIndex('indexeddb://x'),
      () => openIndex('opfs://x'),
      () => openIndex('https://x'),
      () => openIndex('indexeddb://'),
      () => openIndex('opfs://'),
      () => openIndex(''),
    ];
    const messages: string[] = [];
    for (const refused of refusals) messages.push(await message(refused()));
    expect(messages.join('\n')).toMatchInlineSnapshot(`
      "open-index: metric must be that of the index there, euclidean, but got 'manhattan'. Leave metric out, or open another target. [ERR_OPTION]
      open-index: dimension must be that of the index there, 2, but got 3. Leave dimension out, or open another target. [ERR_OPTION]
      open-index: metric must be one of angular, chebyshev, cosine, euclidean, hamming, inner-product, jaccard, manhattan, snr, squared-euclidean, or minkowski-P with P from 1 to 1000, or normalized- before one that depends on length, but got 'no such'. Check the spelling. [ERR_OPTION]
      open-index: durability must be one of 'strict', 'relaxed', but got 'fast'. Leave durability out to use the default. [ERR_OPTION]
      open-index: journalShare must be a finite number, 0 or more, but got -1. Leave journalShare out to use the default. [ERR_OPTION]
      open-index: onDamage must be one of 'error', 'cut', but got 'x'. Leave onDamage out to use the default. [ERR_OPTION]
      open-index: options are dimension, metric, engine, precision, threads, recall, readOnly, durability, journalShare, onDamage, but got 'readonly'. Check the spelling. [ERR_OPTION]
      open-index: /folder/none must exist. Check the name. [ERR_FILE]
      index: /folder/no/folder must be writable, but got 'ENOENT'. There is no such file or folder: check the path, and make the folder first. [ERR_FILE]
      open-index: indexeddb:// needs a browser, but got 'indexeddb://x'. Give the path of a file, such as my-index.simile. [ERR_OPTION]
      open-index: opfs:// needs a browser with an origin private file system, but got 'opfs://x'. Use indexeddb://, or a path in Node. [ERR_OPTION]
      open-index: target must be a path, file://, indexeddb:// or opfs://, but got 'https://x'. https:// is not a place that can be written. [ERR_OPTION]
      open-index: target must have a name after indexeddb://, but got 'indexeddb://'. Write indexeddb://my-index. [ERR_OPTION]
      open-index: target must have a name after opfs://, but got 'opfs://'. Write opfs://my-index. [ERR_OPTION]
      open-index: target must be the path of a file, but got ''. Give one, such as my-index.simile. [ERR_OPTION]"
    `);
    await writeFile(join(folder, 'alone.journal'), '');
    expect(await message(openIndex(join(folder, 'alone')))).toMatchInlineSnapshot(
      `"open-index: a journal must have its index beside it, /folder/alone. Restore the index from a copy, or move the journal away. [ERR_FILE]"`,
    );
    expect((await readdir(folder)).toSorted()).toEqual(['alone.journal', 'index']);
  });
});
