import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readBytes, removeBytes, writeBytes } from './storage.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simile-storage-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const message = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: Error) => thrown,
  );
  return error.message.replaceAll(folder, '/folder');
};

test('what is written to a path or a file URL is read again, and replaced whole', async () => {
  const path = join(folder, 'a.simile');
  await writeBytes(path, new Uint8Array([1, 2, 3]));
  await writeBytes(path, new Uint8Array([9]));
  expect(await readBytes(path)).toEqual(new Uint8Array([9]));
  const url = pathToFileURL(join(folder, 'ü b.simile'));
  await writeBytes(url, new Uint8Array(0));
  expect(await readBytes(String(url))).toEqual(new Uint8Array(0));
  expect((await readdir(folder)).sort()).toEqual(['a.simile', 'ü b.simile']);
});

test('a view into a larger buffer is written as the view', async () => {
  const path = join(folder, 'view');
  await writeBytes(path, new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
  expect([...(await readFile(path))]).toEqual([2, 3]);
});

test('parts are written one after the other', async () => {
  const path = join(folder, 'parts');
  await writeBytes(path, [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3)]);
  expect([...(await readFile(path))]).toEqual([1, 2, 3]);
});

test('a link stays a link, and its file is replaced', async () => {
  await writeFile(join(folder, 'real'), 'old');
  await symlink(join(folder, 'real'), join(folder, 'link'));
  await writeBytes(join(folder, 'link'), new Uint8Array([7]));
  expect([...(await readFile(join(folder, 'real')))]).toEqual([7]);
});

test('removing twice is no error', async () => {
  const path = join(folder, 'a');
  await writeBytes(path, new Uint8Array([1]));
  await removeBytes(path);
  await removeBytes(path);
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

test('a missing file or folder says so with its path', async () => {
  expect(await message(readBytes(join(folder, 'none')))).toBe(
    "read-bytes: /folder/none must be readable, but got 'ENOENT'. There is no such file or folder: check the path, and make the folder first. [ERR_FILE]",
  );
  expect(await message(writeBytes(join(folder, 'none', 'a'), new Uint8Array(1)))).toBe(
    "write-bytes: /folder/none/a must be writable, but got 'ENOENT'. There is no such file or folder: check the path, and make the folder first. [ERR_FILE]",
  );
});

test('a folder is no place for bytes, and nothing is left beside it', async () => {
  await mkdir(join(folder, 'inner'));
  expect(await message(writeBytes(join(folder, 'inner'), new Uint8Array(1)))).toBe(
    "write-bytes: /folder/inner must be writable, but got 'EISDIR'. It is a folder: give the path of a file in it. [ERR_FILE]",
  );
  expect(await readdir(folder)).toEqual(['inner']);
});

test.skipIf(process.platform === 'win32')('an unwritable folder says so', async () => {
  const locked = join(folder, 'locked');
  await mkdir(locked, { mode: 0o555 });
  const root = process.getuid!() === 0; // root may write anywhere, so be somebody else meanwhile
  await import('node:fs/promises').then(({ chmod }) => chmod(folder, 0o755));
  if (root) process.seteuid!(65534);
  try {
    expect(await message(writeBytes(join(locked, 'a'), new Uint8Array(1)))).toBe(
      "write-bytes: /folder/locked/a must be writable, but got 'EACCES'. This user may not: change the permissions or choose another place. [ERR_FILE]",
    );
  } finally {
    if (root) process.seteuid!(0);
  }
});

test.each(['ENOSPC', 'EROFS'])('a disk that fails with %s half-way leaves the old file and no part', async (code) => {
  const path = join(folder, 'a');
  await writeFile(path, 'old');
  const real = process.getBuiltinModule('node:fs/promises');
  const failing = {
    ...real,
    open: async (...args: Parameters<typeof real.open>) => {
      const file = await real.open(...args);
      file.writeFile = async () => {
        await file.write(new Uint8Array([1]));
        throw Object.assign(new Error(`${code}: write`), { code });
      };
      return file;
    },
  };
  const builtin = process.getBuiltinModule;
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) =>
    name === 'node:fs/promises' ? failing : builtin(name)) as typeof process.getBuiltinModule);
  const said = await message(writeBytes(path, new Uint8Array(8)));
  vi.restoreAllMocks();
  expect(said).toContain(`write-bytes: /folder/a must be writable, but got '${code}'. The `);
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a']);
});

test('targets that this platform lacks are refused', async () => {
  const bytes = new Uint8Array(1);
  expect(await message(writeBytes('indexeddb://a', bytes))).toMatchInlineSnapshot(
    `"write-bytes: indexeddb:// needs a browser, but got 'indexeddb://a'. Give the path of a file, such as my-model.simile. [ERR_OPTION]"`,
  );
  expect(await message(writeBytes('https://example.org/a', bytes))).toMatchInlineSnapshot(
    `"write-bytes: target must be a path, file:// or indexeddb://, but got 'https://example.org/a'. https:// is not a place that can be written. [ERR_OPTION]"`,
  );
  expect(await message(removeBytes(''))).toMatchInlineSnapshot(
    `"remove-bytes: target must be the path of a file, but got ''. Give one, such as my-model.simile. [ERR_OPTION]"`,
  );
});
