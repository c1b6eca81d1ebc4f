import { defineLoss } from '@simile/core';
import { createRandom } from '@simile/core/random';
import { metricEmbedding } from '@simile/layers';
import '@tensorflow/tfjs-backend-cpu';
import { mean, memory, setBackend, tensor, type Scalar, type Variable } from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  layers,
  model as layersModel,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { clusters, network } from '../../test/clusters.ts';
import { similarityModel } from '../similarity-model.ts';
import { drawWeights } from './repeatable-weights.ts';

beforeAll(() => setBackend('cpu'));

const weightsOf = (model: LayersModel): number[][] =>
  model.weights.map((weight) => [...(weight.read() as Variable).dataSync()]);

type Chain = (x: SymbolicTensor) => unknown;

function build(shape: number[], ...chain: Chain[]): LayersModel {
  const inputs = input({ shape });
  const outputs = chain.reduce((x, apply) => apply(x) as SymbolicTensor, inputs);
  return layersModel({ inputs, outputs });
}

const kinds: [string, () => LayersModel][] = [
  [
    'convolutions',
    () =>
      build(
        [8, 8, 2],
        (x) => layers.conv2d({ filters: 3, kernelSize: 3, kernelInitializer: 'heNormal' }).apply(x),
        (x) => layers.depthwiseConv2d({ kernelSize: 3 }).apply(x),
        (x) => layers.separableConv2d({ filters: 2, kernelSize: 2 }).apply(x),
      ),
  ],
  [
    'dense and batch norm',
    () =>
      build(
        [4],
        (x) =>
          layers.dense({ units: 5, kernelInitializer: 'truncatedNormal', biasInitializer: 'randomUniform' }).apply(x),
        (x) => layers.batchNormalization().apply(x),
        (x) => metricEmbedding({ units: 3 }).apply(x),
      ),
  ],
  [
    'recurrent layers',
    () =>
      build(
        [5, 3],
        (x) =>
          layers
            .bidirectional({
              layer: layers.lstm({ units: 4, returnSequences: true, recurrentInitializer: 'glorotUniform' }) as never,
              mergeMode: 'concat',
            })
            .apply(x),
        (x) => layers.gru({ units: 3, recurrentInitializer: 'randomNormal' }).apply(x),
      ),
  ],
  [
    'embeddings',
    () =>
      build(
        [6],
        (x) => layers.embedding({ inputDim: 10, outputDim: 4 }).apply(x),
        (x) => layers.timeDistributed({ layer: layers.dense({ units: 2, kernelInitializer: 'heUniform' }) }).apply(x),
      ),
  ],
  [
    'models inside models',
    () =>
      build(
        [4],
        (x) =>
          sequential({ layers: [layers.dense({ units: 4, inputShape: [4], kernelInitializer: 'leCunNormal' })] }).apply(
            x,
          ),
        (x) => layers.dense({ units: 2 }).apply(x),
      ),
  ],
];

test.each(kinds)('%s: one seed gives the same weights, another seed others', (_, make) => {
  const drawn = [7, 7, 8].map((seed) => {
    const model = make();
    const before = memory().numTensors;
    drawWeights(model, createRandom(seed));
    expect(memory().numTensors).toBe(before);
    const weights = weightsOf(model);
    model.dispose();
    return weights;
  });
  expect(drawn[1]).toEqual(drawn[0]);
  const random = drawn[0]!
    .map((values, i) => [values, drawn[2]![i]!] as const)
    .filter(([values]) => new Set(values).size > 2);
  expect(random.length).toBeGreaterThan(0);
  for (const [a, b] of random) expect(a).not.toEqual(b);
});

test('weights follow the distribution of their initializer, and two layers differ', () => {
  const model = build(
    [200],
    (x) =>
      layers.dense({ units: 100, kernelInitializer: initializers.randomNormal({ mean: 1, stddev: 0.1 }) }).apply(x),
    (x) =>
      layers.dense({ units: 100, kernelInitializer: initializers.randomNormal({ mean: 1, stddev: 0.1 }) }).apply(x),
  );
  drawWeights(model, createRandom(1));
  const [first, , second] = weightsOf(model) as [number[], number[], number[]];
  const average = first.reduce((a, b) => a + b, 0) / first.length;
  const deviation = Math.sqrt(first.reduce((total, value) => total + (value - average) ** 2, 0) / first.length);
  expect(average).toBeCloseTo(1, 2);
  expect(deviation).toBeCloseTo(0.1, 2);
  expect(second.slice(0, 50)).not.toEqual(first.slice(0, 50));
});

test('a seed of the caller and weights of the caller are left alone', () => {
  const kernel = tensor([1, 2, 3, 4], [2, 2]);
  const bias = tensor([5, 6], [2]);
  const make = (): LayersModel =>
    build(
      [2],
      (x) => layers.dense({ units: 2, weights: [kernel, bias] }).apply(x),
      (x) => layers.dense({ units: 3, kernelInitializer: initializers.glorotUniform({ seed: 4 }) }).apply(x),
    );
  const drawn = [1, 2].map((seed) => {
    const model = make();
    drawWeights(model, createRandom(seed));
    return weightsOf(model);
  });
  expect(drawn[0]).toEqual(drawn[1]);
  expect(drawn[0]!.slice(0, 2)).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
});

test('a seeded model drops other units at each step, and the same ones in the next run', async () => {
  const run = async (): Promise<string[]> => {
    const { inputs, outputs } = network();
    const model = similarityModel({
      inputs,
      outputs: layers.dropout({ rate: 0.5 }).apply(outputs) as SymbolicTensor,
      seed: 5,
    });
    const masks: string[] = [];
    model.compile({
      loss: defineLoss('spy', {}, (_, embeddings) => {
        masks.push([...embeddings.dataSync()].map((value) => (value === 0 ? '.' : 'x')).join(''));
        return mean(embeddings) as Scalar;
      }),
    });
    await model.fit(clusters(), { stepsPerEpoch: 3, batchSize: 20 });
    return masks;
  };
  const masks = await run();
  expect(new Set(masks).size).toBe(3);
  expect(await run()).toEqual(masks);
});
