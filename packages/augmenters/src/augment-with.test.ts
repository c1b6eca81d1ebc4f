import { createRandom } from '@simile/core/random';
import { describe, expect, test } from 'vitest';
import { augmentWith } from './augment-with.ts';

const pixels = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60]; // prettier-ignore
const image = { data: Uint8Array.from(pixels), shape: [1, 2, 3, 2] };

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
