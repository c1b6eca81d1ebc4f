import { expect, test } from 'vitest';
import { captureMemory } from './capture-memory.ts';

// A module that exports one page of memory as `memory` and an empty function as `register_tensor`.
const NAME = [...new TextEncoder().encode('register_tensor')];
const BYTES = new Uint8Array(
  [
    [0, 97, 115, 109, 1, 0, 0, 0],
    [1, 4, 1, 96, 0, 0],
    [3, 2, 1, 0],
    [5, 3, 1, 0, 1],
    [7, 28, 2, 6, 109, 101, 109, 111, 114, 121, 2, 0, NAME.length, ...NAME, 0, 0],
    [10, 4, 1, 2, 0, 11],
  ].flat(),
);

test('finds the memory of the module that registers tensors, and lets go of WebAssembly', async () => {
  const { instantiate, instantiateStreaming } = WebAssembly;
  const { result, memory } = await captureMemory(async () => (await WebAssembly.instantiate(BYTES)).instance);
  expect(memory).toBe(result.exports['memory']);
  expect(WebAssembly.instantiate).toBe(instantiate);
  expect(WebAssembly.instantiateStreaming).toBe(instantiateStreaming);
});

test('finds it through instantiateStreaming and in a module made before', async () => {
  const response = (): Response => new Response(BYTES, { headers: { 'content-type': 'application/wasm' } });
  const streamed = await captureMemory(() => WebAssembly.instantiateStreaming(response()));
  expect(streamed.memory).toBe(streamed.result.instance.exports['memory']);
  const made = await captureMemory(() => WebAssembly.instantiate(new WebAssembly.Module(BYTES)));
  expect(made.memory).toBe(made.result.exports['memory']);
});

test('finds nothing elsewhere, and cleans up after an error', async () => {
  const { instantiate } = WebAssembly;
  expect(await captureMemory(async () => 3)).toEqual({ result: 3 });
  await expect(captureMemory(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(WebAssembly.instantiate).toBe(instantiate);
});
