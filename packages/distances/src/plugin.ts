import { definePlugin, type Plugin } from '@simile/core';
import { angular } from './angular.ts';
import { chebyshev } from './chebyshev.ts';
import { cosine } from './cosine.ts';
import { euclidean } from './euclidean.ts';
import { hamming } from './hamming.ts';
import { innerProduct } from './inner-product.ts';
import { jaccard } from './jaccard.ts';
import { manhattan } from './manhattan.ts';
import { minkowski } from './minkowski.ts';
import { snr } from './snr.ts';
import { squaredEuclidean } from './squared-euclidean.ts';

/** The distances of this package by id, and by the names that TensorFlow Similarity knows them under. */
const plugin: Plugin = definePlugin({
  spec: 1,
  name: '@simile/distances',
  distances: {
    angular,
    chebyshev,
    cosine,
    euclidean,
    hamming,
    'inner-product': innerProduct,
    jaccard,
    manhattan,
    minkowski,
    snr,
    'squared-euclidean': squaredEuclidean,
  },
  aliases: {
    lpdistance: 'minkowski',
    linf: 'chebyshev',
    cosinedistance: 'cosine',
    euclideandistance: 'euclidean',
    l2: 'euclidean',
    pythagorean: 'euclidean',
    squared_euclidean: 'squared-euclidean',
    squaredeuclidean: 'squared-euclidean',
    squaredeuclideandistance: 'squared-euclidean',
    sql2: 'squared-euclidean',
    sqeuclidean: 'squared-euclidean',
    manhattandistance: 'manhattan',
    l1: 'manhattan',
    taxicab: 'manhattan',
    inner_product: 'inner-product',
    innerproduct: 'inner-product',
    innerproductsimilarity: 'inner-product',
    ip: 'inner-product',
    snrdistance: 'snr',
    'signal-to-noise-ratio': 'snr',
  },
});

export default plugin;
