import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchBytes } from './fetch-bytes.ts';
import { readBytes } from './storage.ts';

let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    if (url === '/model.simile') response.end(Uint8Array.of(1, 2, 3));
    else response.writeHead(404).end('no such page');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test('the bytes of an address come whole', async () => {
  expect(await fetchBytes(`${address}/model.simile`)).toEqual(Uint8Array.of(1, 2, 3));
  expect(await readBytes(`${address}/model.simile`)).toEqual(Uint8Array.of(1, 2, 3));
});

test('an answer that is no file is an error, and so is none', async () => {
  await expect(fetchBytes(`${address}/none`)).rejects.toThrow(
    `read-bytes: ${address}/none must be readable, but got '404 Not Found'. Check the address and the connection. [ERR_FILE]`,
  );
  await expect(fetchBytes('http://127.0.0.1:9/x')).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: read-bytes: http://127.0.0.1:9/x must be readable, but got 'fetch failed'. Check the address and the connection. [ERR_FILE]]`,
  );
});
