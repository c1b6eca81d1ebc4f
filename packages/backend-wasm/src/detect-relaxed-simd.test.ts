import { expect, test } from 'vitest';
import { detectRelaxedSimd } from './detect-relaxed-simd.ts';
import { kernels } from './wasm/kernels-relaxed-simd.wasm.ts';

test('says yes exactly where our relaxed build is valid', () => {
  const bytes = Uint8Array.from(atob(kernels), (character) => character.charCodeAt(0));
  expect(detectRelaxedSimd()).toBe(WebAssembly.validate(bytes));
});

test('its module is well formed: without the relaxed instruction it is valid everywhere', () => {
  expect(detectRelaxedSimd()).toBe(Number(process.versions.v8.split('.')[0]) >= 12);
});
