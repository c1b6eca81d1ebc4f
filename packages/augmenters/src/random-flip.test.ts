import { createRandom } from '@simile/core/random';
import { describe, expect, test } from 'vitest';
import { augmentWith } from './augment-with.ts';
import { flip } from './flip.ts';
import { randomFlip } from './random-flip.ts';

// Two rows of three pixels of two channels.
const pixels = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60]; // prettier-ignore
const image = { data: Uint8Array.from(pixels), shape: [1, 2, 3, 2] };

describe('randomFlip and flip', () => {
  test('swap left and right, channels kept together', () => {
    const { data, shape } = flip()(image, createRandom(0));
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
    expect(() => flip()(rows, createRandom(0))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random-flip: images must have shape [count, height, width] or [count, height, width, channels], but got [2, 2]. Give images, channels last. [ERR_SHAPE]]`,
    );
  });
});

describe('augmentWith', () => {
  test('applies its steps in order, to float32', () => {
    const add = (amount: number) => (x: typeof image | { data: Float32Array; shape: readonly number[] }) => ({
      data: Float32Array.from(x.data, (value) => value + amount),
      shape: x.shape,
    });
    const double = (x: { data: Float32Array | Uint8Array | Int32Array; shape: readonly number[] }) => ({
      data: Float32Array.from(x.data, (value) => value * 2),
      shape: x.shape,
    });
    expect(augmentWith(add(1) as never, double)(image, createRandom(0)).data[0]).toBe(4); // (1 + 1) · 2
    expect(augmentWith(double, add(1) as never)(image, createRandom(0)).data[0]).toBe(3); // 1 · 2 + 1
    expect(augmentWith()(image, createRandom(0)).data).toEqual(Float32Array.from(pixels));
  });

  test('gives each step random numbers of its own, other ones on each call', () => {
    const noise = (x: { shape: readonly number[] }, random: ReturnType<typeof createRandom>) => ({
      data: Float32Array.of(random.uniform(), random.uniform()),
      shape: x.shape,
    });
    const one = { data: new Float32Array(2), shape: [2] };
    const drawn: number[] = [];
    const watch: typeof noise = (x, random) => {
      drawn.push(random.uniform());
      return { data: new Float32Array(2), shape: x.shape };
    };
    const random = createRandom(6);
    const first = augmentWith(watch, noise)(one, random);
    const second = augmentWith(watch, noise)(one, random);
    expect(drawn[0]).not.toBe(drawn[1]);
    expect(first.data).not.toEqual(second.data);
    expect(first.data[0]).not.toBe(drawn[0]);
    expect(augmentWith(watch, noise)(one, createRandom(6))).toEqual(first);
  });

  test('refuses a step that is not an augmenter', () => {
    expect(() => augmentWith({ axis: 'horizontal' } as never)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: augment-with: each step must be an augmenter, a function of items and random numbers, but got an object with axis. Call the factory: randomFlip(), not its options. [ERR_OPTION]]`,
    );
  });
});
