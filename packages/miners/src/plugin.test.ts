import { createRegistry } from '@simile/core';
import { expect, test } from 'vitest';
import { minersPlugin } from './index.ts';

const registry = createRegistry([minersPlugin]);

test('offers every miner of a batch under its id', () => {
  expect(registry.ids('miners')).toEqual([
    'angular-miner',
    'batch-easy-hard',
    'batch-hard',
    'distance-weighted',
    'hdc',
    'multi-similarity-miner',
    'pair-margin-miner',
    'triplet-margin-miner',
    'uniform-histogram',
  ]);
  for (const id of registry.ids('miners'))
    expect(registry.miner(id, id === 'distance-weighted' ? { dimension: 8 } : {})).toBeTypeOf('function');
});

test.each([
  ['AngularMiner', 'angular-miner'],
  ['BatchEasyHardMiner', 'batch-easy-hard'],
  ['BatchHardMiner', 'batch-hard'],
  ['DistanceWeightedMiner', 'distance-weighted'],
  ['HDCMiner', 'hdc'],
  ['MultiSimilarityMiner', 'multi-similarity-miner'],
  ['PairMarginMiner', 'pair-margin-miner'],
  ['TripletMarginMiner', 'triplet-margin-miner'],
  ['UniformHistogramMiner', 'uniform-histogram'],
])('knows %s as %s', (alias, id) => {
  expect(registry.factory('miners', alias)).toBe(registry.factory('miners', id));
});
