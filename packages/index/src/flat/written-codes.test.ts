import { expect, it } from 'vitest';
import { CodeRows } from './code-rows.ts';
import { loadFlatKernel } from './flat-kernel.ts';
import { writtenCodes } from './written-codes.ts';

it('tells codes, bias, scale and error of a row, and the longest of all', async () => {
  const { module } = await loadFlatKernel('simd');
  const store = new CodeRows(3, 'euclidean', module!);
  store.reserve(10);
  // Their mean is 0, so codes are steps of a 127th of the largest value.
  store.put(Uint32Array.of(8, 9), Float32Array.of(127, -64, 1, -127, 64, -1));
  const [longest, reach, ...of8] = writtenCodes(store, [8]);
  const square = 127 ** 2 + 64 ** 2 + 1;
  expect(longest).toBe(Math.sqrt(square));
  expect(reach).toBeCloseTo(Math.sqrt(square), 9);
  const [first, second, third, bias, scale, error] = of8 as [number, number, number, number, number, number];
  expect([first, second, third, scale]).toEqual([127, 256 - 64, 1, 1]);
  // To the safe side, by little: the bias is half the square, nothing is left out.
  expect(bias).toBeLessThan(square / 2);
  expect(bias).toBeGreaterThan((square / 2) * (1 - 1e-6));
  expect(error).toBeGreaterThan(0);
  expect(error).toBeLessThan(Math.sqrt(square) * 2e-6);
});
