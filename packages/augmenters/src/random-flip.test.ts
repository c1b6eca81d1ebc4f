import { createRandom } from '@simile/core/random';
import { describe, expect, test } from 'vitest';
import { randomFlip } from './random-flip.ts';

// Two rows of three pixels of two channels.
const pixels = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60]; // prettier-ignore
const image = { data: Uint8Array.from(pixels), shape: [1, 2, 3, 2] };

describe('randomFlip', () => {
  test('swap left and right, channels kept together', () => {
    const { data, shape } = randomFlip({ probability: 1 })(image, createRandom(0));
    expect(data).toEqual(Float32Array.of(3, 30, 2, 20, 1, 10, 6, 60, 5, 50, 4, 40));
    expect(shape).toEqual([1, 2, 3, 2]);
    expect([...image.data]).toEqual(pixels);
  });

  test('swap top and bottom', () => {
    const { data } = randomFlip({ axis: 'vertical', probability: 1 })(image, createRandom(0));
    expect([...data]).toEqual([4, 40, 5, 50, 6, 60, 1, 10, 2, 20, 3, 30]);
  });

  test('leave every image alone at probability 0, and turn over as often as asked', () => {
    const many = { data: Uint8Array.from({ length: 4000 }, (_, i) => i % 2), shape: [2000, 1, 2] };
    expect(randomFlip({ probability: 0 })(many, createRandom(1)).data.every((value, i) => value === i % 2)).toBe(true);
    const turned = randomFlip({ probability: 0.3 })(many, createRandom(1)).data.filter(
      (value, i) => i % 2 === 0 && value === 1,
    ).length;
    expect(Math.abs(turned - 600)).toBeLessThan(100); // standard deviation √(2000 · 0.3 · 0.7) ≈ 20
  });

  test('refuse what makes no sense', () => {
    expect(() => randomFlip({ axis: 'diagonal' as 'vertical' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-flip: axis must be one of 'horizontal', 'vertical', but got 'diagonal'. Leave axis out to use the default. [ERR_OPTION]]`,
    );
    expect(() => randomFlip({ probability: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-flip: probability must be a number from 0 to 1, but got 1.5. Leave probability out to use the default. [ERR_OPTION]]`,
    );
    const rows = { data: new Uint8Array(4), shape: [2, 2] };
    expect(() => randomFlip()(rows, createRandom(0))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-flip: images must have shape [count, height, width] or [count, height, width, channels], but got [2, 2]. Give images, channels last. [ERR_SHAPE]]`,
    );
  });
});
