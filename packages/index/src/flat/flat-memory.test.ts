import { expect, it } from 'vitest';
import { loadFlatKernel } from './flat-kernel.ts';
import { FlatMemory, memoryBytes } from './flat-memory.ts';

it('grows with what it holds, and begins what is new with zeros', async () => {
  const { module } = await loadFlatKernel('simd');
  const memory = new FlatMemory(module!, 100, [40, 8, 24]);
  let groups = 0;
  for (const wanted of [3, 4, 50, 1000, 10_000, 10_001]) {
    const [scratch] = memory.scratch(5000) as [number];
    memory.views.u8.fill(99, scratch, scratch + 5000);
    memory.reserve(wanted);
    expect(memory.groups).toBeGreaterThanOrEqual(wanted);
    for (const [region, bytes] of [40, 8, 24].entries()) {
      const held = memory.views.u8.subarray(memory.at(region), memory.at(region) + bytes * wanted);
      expect(held.subarray(0, bytes * groups).every((byte) => byte === region + 1)).toBe(true);
      expect(held.subarray(bytes * groups).every((byte) => byte === 0)).toBe(true);
      held.fill(region + 1);
    }
    groups = wanted;
  }
  expect(memory.bytes).toBeGreaterThanOrEqual(memoryBytes(100, [40, 8, 24], 10_001));
  expect(memory.bytes).toBeLessThan(memoryBytes(100, [40, 8, 24], 10_001) * 1.3 + 65536);
});

it('gives a search places that do not overlap', async () => {
  const { module } = await loadFlatKernel('simd');
  const memory = new FlatMemory(module!, 100, [64]);
  memory.reserve(10);
  const [a, b, c] = memory.scratch(100_000, 3, 200_000) as [number, number, number];
  expect([a, b - a, c - b]).toEqual([128 + 640, 100_032, 64]);
  expect(memory.bytes).toBeGreaterThanOrEqual(c + 200_000);
});
