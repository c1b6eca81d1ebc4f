import { expect, test, vi } from 'vitest';
import { fetchFiles } from './fetch-files.ts';

const own = vi.fn(async () => new Response('own'));
const files: Record<string, Uint8Array> = { 'data/a.json': new TextEncoder().encode('{"a":1}') };
const get = fetchFiles(async (name) => files[name], own);

test.each(['data/a.json', './data/a.json', '/data/a.json'])('%s is a file of the page', async (name) => {
  const response = await get(name);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await response.json()).toEqual({ a: 1 });
  expect(own).not.toHaveBeenCalled();
});

test('a file that is not there is answered with 404', async () => {
  const response = await get('data/b.json');
  expect([response.ok, response.status, response.statusText]).toEqual([false, 404, 'the site has no file data/b.json']);
});

test.each(['https://example.com/', 'HTTP://example.com', '//example.com/', 'file:///etc/passwd'])(
  '%s is refused before anybody is asked',
  async (address) => {
    await expect(get(address)).rejects.toThrow(/^Programs here reach no host/);
    await expect(get(new Request(new URL(address, 'https://a.b')))).rejects.toThrow(TypeError);
    expect(own).not.toHaveBeenCalled();
  },
);

test('what the program made itself is fetched as ever', async () => {
  expect(await (await get('data:text/plain,x')).text()).toBe('own');
  expect(own).toHaveBeenCalledOnce();
});

test('a fetch that was given up throws', async () => {
  await expect(get('data/a.json', { signal: AbortSignal.abort() })).rejects.toThrow();
});
