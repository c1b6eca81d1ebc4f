import '@tensorflow/tfjs-backend-cpu';
import { createRegistry } from '@simile/core';
import { describe, expect, test } from 'vitest';
import { lossesPlugin } from './index.ts';

/** Losses that own weights for each class. */
const OWN_WEIGHTS = [
  'arc-face',
  'cos-face',
  'large-margin-softmax',
  'normalized-softmax',
  'proxy-anchor',
  'proxy-nca',
  'soft-triple',
  'sphere-face',
  'sub-center-arc-face',
];

const registry = createRegistry([lossesPlugin]);

describe('lossesPlugin', () => {
  test('offers every loss under its name', () => {
    expect(registry.ids('losses')).toEqual(['multi-similarity', ...OWN_WEIGHTS, 'triplet-margin'].sort());
    for (const id of registry.ids('losses')) {
      const loss = registry.loss(id, OWN_WEIGHTS.includes(id) ? { classes: 2, dimension: 3 } : {});
      expect(loss.name).toBe(id);
      expect(loss.variables !== undefined).toBe(OWN_WEIGHTS.includes(id));
    }
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

  test('says what a loss with weights needs', () => {
    expect(() => registry.loss('normalized-softmax')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: classes must be a whole number of at least 2. Say how many classes there are; labels run from 0 to one less. [ERR_OPTION]]`,
    );
  });

  test('passes options on', () => {
    expect(registry.loss('triplet-margin', { margin: 0.7 }).options).toMatchObject({ margin: 0.7 });
  });
});
