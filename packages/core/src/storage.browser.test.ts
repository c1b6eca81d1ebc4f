import { expect, test } from 'vitest';
import { readBytes, removeBytes, writeBytes } from './storage.ts';

test('bytes live in IndexedDB under their name', async () => {
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i * 7);
  await writeBytes('indexeddb://test/one', bytes.subarray(1));
  expect(await readBytes('indexeddb://test/one')).toEqual(bytes.subarray(1));
  await writeBytes('indexeddb://test/one', new Uint8Array([1]));
  expect(await readBytes('indexeddb://test/one')).toEqual(new Uint8Array([1]));
  await removeBytes('indexeddb://test/one');
  await removeBytes('indexeddb://test/one');
  await expect(readBytes('indexeddb://test/one')).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: read-bytes: indexeddb://test/one must exist. Check the name. [ERR_FILE]]`,
  );
});

test('a page has no files and needs a name', async () => {
  await expect(writeBytes('model.simile', new Uint8Array(1))).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: write-bytes: a browser has no files, but got 'model.simile'. Write indexeddb://my-model, or use toBytes and a download. [ERR_OPTION]]`,
  );
  await expect(readBytes('indexeddb://')).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: read-bytes: target must have a name after indexeddb://, but got 'indexeddb://'. Write indexeddb://my-model. [ERR_OPTION]]`,
  );
});

test('a page reads what lies at an address, also one relative to it', async () => {
  const asked: unknown[] = [];
  const fetchFromNetwork = globalThis.fetch;
  globalThis.fetch = (input) => {
    asked.push(input);
    return Promise.resolve(new Response(Uint8Array.of(1, 2)));
  };
  try {
    expect(await readBytes('data/model.simile')).toEqual(Uint8Array.of(1, 2));
    expect(asked).toEqual(['data/model.simile']);
  } finally {
    globalThis.fetch = fetchFromNetwork;
  }
});
