import { createRegistry } from '@simile/core';
import { describe, expect, test } from 'vitest';
import { lossesPlugin } from './index.ts';

const registry = createRegistry([lossesPlugin]);

describe('lossesPlugin', () => {
  test('offers every loss under its name', () => {
    expect(registry.ids('losses')).toEqual(['multi-similarity', 'triplet-margin']);
    for (const id of registry.ids('losses')) expect(registry.loss(id).name).toBe(id);
  });

  // Names of TensorFlow Similarity and PyTorch Metric Learning.
  test.each([
    ['multisim_loss', 'multi-similarity'],
    ['MultiSimilarityLoss', 'multi-similarity'],
    ['triplet_loss', 'triplet-margin'],
    ['TripletLoss', 'triplet-margin'],
    ['TripletMarginLoss', 'triplet-margin'],
  ])('knows %s as %s', (alias, id) => {
    expect(registry.loss(alias).name).toBe(id);
  });

  test('passes options on', () => {
    expect(registry.loss('triplet-margin', { margin: 0.7 }).options).toMatchObject({ margin: 0.7 });
  });
});
