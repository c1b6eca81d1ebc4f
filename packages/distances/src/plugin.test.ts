import { createRegistry } from '@simile/core';
import { describe, expect, test } from 'vitest';
import { distancesPlugin } from './index.ts';
import { distanceNames } from './vectors.ts';

const registry = createRegistry([distancesPlugin]);

describe('distancesPlugin', () => {
  test('offers every distance under its name', () => {
    expect(registry.ids('distances')).toEqual([...distanceNames, 'minkowski'].sort());
    expect(registry.distance('minkowski', { p: 4 }).metric).toBe('minkowski-4');
    for (const name of distanceNames) {
      expect(registry.distance(name).name).toBe(name);
      expect(registry.distance(name).metric).toBe(name);
    }
  });

  // Names and aliases of TensorFlow Similarity's Distance classes (tfsim-inventory 1.3), and others in use.
  test.each([
    ['CosineDistance', 'cosine'],
    ['LpDistance', 'minkowski'],
    ['LInf', 'chebyshev'],
    ['L2', 'euclidean'],
    ['pythagorean', 'euclidean'],
    ['EuclideanDistance', 'euclidean'],
    ['squared_euclidean', 'squared-euclidean'],
    ['SquaredEuclideanDistance', 'squared-euclidean'],
    ['sql2', 'squared-euclidean'],
    ['sqeuclidean', 'squared-euclidean'],
    ['l1', 'manhattan'],
    ['taxicab', 'manhattan'],
    ['ManhattanDistance', 'manhattan'],
    ['ip', 'inner-product'],
    ['inner_product', 'inner-product'],
    ['InnerProductSimilarity', 'inner-product'],
    ['signal-to-noise-ratio', 'snr'],
    ['SNRDistance', 'snr'],
  ])('knows %s as %s', (alias, name) => {
    expect(registry.distance(alias).name).toBe(name);
  });
});
