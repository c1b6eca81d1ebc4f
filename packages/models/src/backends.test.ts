import { selectBackend } from '@simile/core/backend';
import type { LabelledItems } from '@simile/core/items';
import { createRandom } from '@simile/core/random';
import { metricEmbedding } from '@simile/layers';
import { multiSimilarity } from '@simile/losses';
import { memory } from '@tensorflow/tfjs-core';
import { input, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { loadSimilarityModel } from './load-similarity-model.ts';
import { similarityModel } from './similarity-model.ts';

/** Squares and crosses of noise, 12 × 12. */
function shapes(perClass: number, seed: number): LabelledItems<Uint8Array> {
  const random = createRandom(seed);
  const labels = Int32Array.from({ length: perClass * 3 }, (_, i) => i % 3);
  const data = Uint8Array.from({ length: labels.length * 144 }, (_, at) => {
    const label = labels[Math.floor(at / 144)]!;
    const [row, column] = [Math.floor((at % 144) / 12), at % 12];
    const inside = label === 0 ? row < 6 : label === 1 ? column < 6 : Math.abs(row - column) < 2;
    return (inside ? 160 : 20) + random.integer(60);
  });
  return { x: { data, shape: [labels.length, 12, 12, 1] }, labels };
}

function convolutional(): ReturnType<typeof similarityModel> {
  const inputs = input({ shape: [12, 12, 1] });
  let x = layers.rescaling({ scale: 1 / 255 }).apply(inputs) as SymbolicTensor;
  x = layers.conv2d({ filters: 6, kernelSize: 3, activation: 'relu' }).apply(x) as SymbolicTensor;
  x = layers.batchNormalization().apply(x) as SymbolicTensor;
  x = layers.flatten().apply(layers.maxPooling2d({ poolSize: 2 }).apply(x)) as SymbolicTensor;
  return similarityModel({ inputs, outputs: metricEmbedding({ units: 8 }).apply(x), seed: 5 });
}

const losses: Record<string, readonly number[]> = {};

// Stock cpu takes its time, so the hundred steps are those of wasm.
test.each(['wasm', 'cpu'] as const)(
  'on %s: a convolutional model trains, and leaves no tensor behind',
  async (name) => {
    await selectBackend({ prefer: name });
    const nothing = memory().numTensors;
    const model = convolutional();
    model.compile({ loss: multiSimilarity(), learningRate: 0.003 });
    const data = shapes(20, 1);
    losses[name] = (await model.fit(data, { stepsPerEpoch: 5, batchSize: 12 })).losses;

    const before = memory().numTensors;
    await model.fit(data, { epochs: name === 'cpu' ? 3 : 10, stepsPerEpoch: 10, batchSize: 12 });
    await model.index(data.x, { labels: data.labels, data: data.x });
    for (let i = 0; i < 100; i++)
      await model.singleLookup({ data: data.x.data.subarray(0, 144), shape: [1, 12, 12, 1] });
    const bytes = await model.toBytes();
    const loaded = await loadSimilarityModel(bytes);
    expect(await loaded.lookup(data.x)).toEqual(await model.lookup(data.x));
    loaded.dispose();
    expect(memory().numTensors).toBe(before);

    const queries = shapes(10, 2);
    const { recallAtK, mapAtR } = await model.evaluate(queries.x, queries.labels);
    expect(recallAtK[1]).toBeGreaterThan(0.9);
    expect(mapAtR).toBeGreaterThan(0.8);
    model.dispose();
    expect(memory().numTensors).toBe(nothing);
  },
);

test('the losses of five steps agree', () => {
  expect(losses['wasm']!.length).toBe(5);
  losses['wasm']!.forEach((loss, i) => expect(Math.abs(loss - losses['cpu']![i]!), `step ${i}`).toBeLessThan(1e-4));
});
