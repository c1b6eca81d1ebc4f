import { encode } from 'fast-png';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPng } from './read-png.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simile-png-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(...[image]: Parameters<typeof encode>): Promise<string> {
  const path = join(folder, 'image.png');
  await writeFile(path, encode(image));
  return path;
}
const read = async (path: string, channels: number): Promise<number[]> =>
  Array.from((await readPng(path, [1, 2, channels])).data);
const two = { width: 2, height: 1 };

test('grey stays grey, or becomes three equal channels', async () => {
  const path = await file({ ...two, channels: 1, data: Uint8Array.of(0, 200) });
  expect(await read(path, 1)).toEqual([0, 200]);
  expect(await read(path, 3)).toEqual([0, 0, 0, 200, 200, 200]);
  expect((await readPng(path, [null, null, 3])).shape).toEqual([1, 1, 2, 3]);
});

test('colours keep, or become grey by how bright they seem', async () => {
  const path = await file({ ...two, channels: 3, data: Uint8Array.of(255, 0, 0, 10, 20, 30) });
  expect(await read(path, 3)).toEqual([255, 0, 0, 10, 20, 30]);
  expect(await read(path, 1)).toEqual([76, 18]); // 0.299 · 255 = 76.2; 2.99 + 11.74 + 3.42 = 18.15
});

test('what is transparent lies on white', async () => {
  const path = await file({ ...two, channels: 4, data: Uint8Array.of(9, 9, 9, 0, 0, 0, 0, 51) });
  expect(await read(path, 1)).toEqual([255, 204]); // 51 of 255 is a fifth of black
  const grey = await file({ ...two, channels: 2, data: Uint8Array.of(9, 255, 0, 51) });
  expect(await read(grey, 1)).toEqual([9, 204]);
});

test('sixteen bits become eight, and a palette its colours', async () => {
  const deep = await file({ ...two, channels: 1, depth: 16, data: Uint16Array.of(0x8080, 0xffff) });
  expect(await read(deep, 1)).toEqual([128, 255]);
  const palette = [
    [10, 20, 30],
    [255, 0, 0],
  ];
  const indexed = await file({ ...two, channels: 1, data: Uint8Array.of(1, 0), palette });
  expect(await read(indexed, 3)).toEqual([255, 0, 0, 10, 20, 30]);
});

test('another size, another kind of file and a model of something else are refused in a sentence', async () => {
  const path = await file({ ...two, channels: 1, data: Uint8Array.of(0, 200) });
  const plain = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'nothing was thrown',
      (error: Error) => error.message.replaceAll(folder, '/folder'),
    );
  expect(await plain(readPng(path, [28, 28, 1]))).toMatchInlineSnapshot(
    `"match: images must be 28 × 28 pixels, as the model says, but got '2 × 1 in /folder/image.png'. Resize it first. [ERR_SHAPE]"`,
  );
  expect(await plain(readPng(path, [64]))).toMatchInlineSnapshot(
    `"match: the model must take images of 1 or 3 channels, but got '[64]'. Match it from code. [ERR_SHAPE]"`,
  );
  await writeFile(path, 'no picture');
  expect(await plain(readPng(path, [1, 2, 1]))).toMatchInlineSnapshot(
    `"match: /folder/image.png must be a PNG file. Convert it first. [ERR_FILE]"`,
  );
  await writeFile(path, encode({ ...two, channels: 1, data: Uint8Array.of(0, 200) }).subarray(0, 40));
  expect(await plain(readPng(path, [1, 2, 1]))).toMatchInlineSnapshot(
    `"match: /folder/image.png must be a whole PNG file, but got 'RangeError: Offset is outside the bounds of the DataView'. Save it again. [ERR_FILE]"`,
  );
  expect(await plain(readPng(join(folder, 'none.png'), [1, 2, 1]))).toMatchInlineSnapshot(
    `"read-bytes: /folder/none.png must be readable, but got 'ENOENT'. There is no such file or folder: check the path, and make the folder first. [ERR_FILE]"`,
  );
});
