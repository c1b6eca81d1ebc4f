import { createRandom } from '@simile/core/random';
import { expect, test } from 'vitest';
import { elasticDisplacement } from './elastic-displacement.ts';
import { randomWarp } from './random-warp.ts';

const x = { data: Float32Array.from({ length: 64 }, (_, i) => i), shape: [1, 8, 8, 1] };

test('elasticDisplacement with a grid of one moves the whole image by one random vector', () => {
  // A ramp of 1 a column and 8 a row: away from the edge, every pixel grows by the same amount.
  const { data } = elasticDisplacement({ grid: 1, deviation: 0.3 })(x, createRandom(5));
  const grown = [27, 28, 35, 36].map((i) => data[i]! - i);
  for (const amount of grown) expect(amount).toBeCloseTo(grown[0]!, 4);
  expect(Math.abs(grown[0]!)).toBeGreaterThan(0.01);
});

test('elasticDisplacement is the elastic part of randomWarp, with its defaults', () => {
  const elastic = { grid: 3, deviation: 1.5 };
  expect(elasticDisplacement(elastic)(x, createRandom(3))).toEqual(randomWarp({ elastic })(x, createRandom(3)));
  const usual = elasticDisplacement({ grid: 5, deviation: 0.8 })(x, createRandom(3));
  expect(elasticDisplacement()(x, createRandom(3))).toEqual(usual);
});

test('elasticDisplacement refuses what belongs to the affine part', () => {
  expect(() => elasticDisplacement({ shift: 1 } as object)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: random-warp: options are grid, deviation, but got 'shift'. Check the spelling. [ERR_OPTION]]`,
  );
});
