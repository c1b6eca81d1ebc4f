import { createRandom } from '@simile/core/random';
import { expect, test } from 'vitest';
import { randomAffine } from './random-affine.ts';
import { randomWarp } from './random-warp.ts';

const x = { data: Float32Array.from({ length: 64 }, (_, i) => i), shape: [1, 8, 8, 1] };

test('randomAffine shifts by whole pixels exactly, as in its example', () => {
  const two = { data: Uint8Array.of(1, 2, 3, 4), shape: [1, 2, 2] };
  expect([...randomAffine({ shift: [1, 1] })(two, createRandom(0)).data]).toEqual([0, 0, 0, 1]);
});

test('randomAffine is the affine part of randomWarp', () => {
  const options = { rotation: 10, logScale: 0.2, shear: 0.1, shift: 1 };
  expect(randomAffine(options)(x, createRandom(3))).toEqual(randomWarp(options)(x, createRandom(3)));
  expect(randomAffine(options)(x, createRandom(3)).data).not.toEqual(x.data);
});

test('randomAffine refuses what belongs to elastic displacement', () => {
  expect(() => randomAffine({ elastic: {} } as object)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: random-affine: options are rotation, logScale, shear, shift, but got 'elastic'. Check the spelling. [ERR_OPTION]]`,
  );
});
