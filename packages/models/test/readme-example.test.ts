import { selectBackend } from '@simile/core/backend';
import { mnist } from '@simile/datasets';
import { metricEmbedding } from '@simile/layers';
import { multiSimilarity } from '@simile/losses';
import { loadSimilarityModel, similarityModel } from '@simile/models';
import { multiShotSampler } from '@simile/samplers';
import { dispose } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';

// The example of the root README, line by line, with fewer steps; what it draws is tested in @simile/visualization.
test('the example of the README runs from MNIST to neighbours', async () => {
  await selectBackend();
  const sampler = multiShotSampler(await mnist(), { classesPerBatch: 10, stepsPerEpoch: 15 });
  const inputs = tf.input({ shape: [28, 28, 1] });
  let x = tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs);
  x = tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }).apply(x);
  x = tf.layers.flatten().apply(x);
  x = tf.layers.dense({ units: 64, activation: 'relu' }).apply(x);
  const model = similarityModel({ inputs, outputs: metricEmbedding({ units: 64 }).apply(x), seed: 1 });
  model.compile({ optimizer: 'adam', loss: multiSimilarity() });
  await model.fit(sampler, { epochs: 4 });
  const gallery = sampler.slice(0, 100);
  await model.index(gallery.x, { labels: gallery.labels, data: gallery.x });
  const query = sampler.slice(3713, 1);
  const neighbors = await model.singleLookup(query.x, { k: 5 });

  expect(neighbors.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
  expect(neighbors[0]!.data).toMatchObject({ shape: [28, 28, 1] });
  expect(neighbors.map(({ distance }) => distance)).toEqual(
    neighbors.map(({ distance }) => distance).toSorted((a, b) => a - b),
  );
  // Sixty steps: MAP@R of the untrained network is about .26, recall@1 .58.
  const queries = sampler.slice(1000, 500);
  const { recallAtK, mapAtR } = await model.evaluate(queries.x, queries.labels);
  expect(mapAtR).toBeGreaterThan(0.4);
  expect(recallAtK[1]).toBeGreaterThan(0.7);

  const loaded = await loadSimilarityModel(await model.toBytes());
  expect(await loaded.singleLookup(query.x, { k: 5 })).toEqual(neighbors);
  for (const { x: images, labels } of [gallery, query, queries]) dispose([images, labels]);
});
