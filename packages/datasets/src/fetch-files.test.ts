import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchFiles } from './fetch-files.ts';

const files: Readonly<Record<string, Uint8Array>> = {
  '/few/a.gz': Uint8Array.of(1, 2),
  '/few/a': Uint8Array.of(9),
  '/few/b': Uint8Array.of(3),
};
let server: Server;
let folder: string;

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    const bytes = files[url!];
    if (bytes) response.end(bytes);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = `http://127.0.0.1:${(server.address() as AddressInfo).port}/few`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('takes the packed file where there is one, else the plain one, whatever is in it', async () => {
  const tried: string[] = [];
  const wanted = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  expect(await fetchFiles(folder, ['a', 'b'], { tried })).toEqual(wanted);
  expect(await fetchFiles(`${folder}/`, ['a', 'b'], { tried })).toEqual(wanted);
  expect(tried).toEqual([]);
});

test('says which file is missing', async () => {
  const tried: string[] = [];
  expect(await fetchFiles(folder, ['a', 'c'], { tried })).toBeUndefined();
  const answer = 'the server answered 404 Not Found';
  expect(tried).toEqual([`${folder} (c.gz: ${answer}, c: ${answer})`]);
});

test('stops when its signal says so', async () => {
  const signal = AbortSignal.abort();
  await expect(fetchFiles(folder, ['a'], { tried: [], signal })).rejects.toThrow(/\[ERR_ABORTED\]$/);
});
