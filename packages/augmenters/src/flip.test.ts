import { createRandom } from '@simile/core/random';
import { expect, test } from 'vitest';
import { flip } from './flip.ts';

const two = { data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), shape: [2, 2, 2] };

test('flip turns every image over, left to right unless told otherwise', () => {
  expect(flip()(two, createRandom(0))).toEqual({ data: Float32Array.of(2, 1, 4, 3, 6, 5, 8, 7), shape: [2, 2, 2] });
  expect([...flip({ axis: 'vertical' })(two, createRandom(0)).data]).toEqual([3, 4, 1, 2, 7, 8, 5, 6]);
});

test('flip refuses an axis that does not exist', () => {
  expect(() => flip({ axis: 'depth' as 'vertical' })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: random-flip: axis must be one of 'horizontal', 'vertical', but got 'depth'. Leave axis out to use the default. [ERR_OPTION]]`,
  );
});
