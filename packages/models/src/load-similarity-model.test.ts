import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packSections, unpackSections } from '@simile/core/container';
import { euclidean } from '@simile/distances';
import { multiSimilarity } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { memory, mul, setBackend, tidy, type io, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { input, layers, sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clusters, network } from '../test/clusters.ts';
import { loadSimilarityModel } from './load-similarity-model.ts';
import { similarityModel } from './similarity-model.ts';

let folder = '';
beforeEach(async () => {
  await setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'simile-models-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing was thrown',
    (error: Error) => error.message.replaceAll(folder, '/folder'),
  );

/** A trained model with batch norm, an index of labels and data, and a calibration. */
async function trained(): Promise<ReturnType<typeof similarityModel>> {
  const inputs = input({ shape: [4] });
  const normed = layers.batchNormalization().apply(inputs);
  const outputs = layers.dense({ units: 3 }).apply(normed) as SymbolicTensor;
  const model = similarityModel({ inputs, outputs, seed: 9, name: 'points' });
  model.compile({ loss: multiSimilarity() });
  const data = clusters();
  await model.fit(data, { epochs: 2 });
  await model.index(data.x, {
    labels: Array.from(data.labels, (label) => `class ${label}`),
    data: data.x,
    ids: Array.from(data.labels, (_, i) => `row ${i}`),
  });
  await model.calibrate(
    data.x,
    Array.from(data.labels, (label) => `class ${label}`),
  );
  return model;
}

const weightsOf = (model: ReturnType<typeof similarityModel>): Uint8Array[] =>
  model.layers!.weights.map((weight) => new Uint8Array((weight.read() as Variable).dataSync().slice().buffer));

test('bytes and files bring back the same embeddings, neighbours, calibration, labels and data', async () => {
  const model = await trained();
  const queries = clusters({ seed: 2 }).x;
  const path = join(folder, 'points.simile');
  await model.save(path);
  const tensors = memory().numTensors;
  const bytes = await model.toBytes();
  expect(memory().numTensors).toBe(tensors);
  expect(new Uint8Array(await readFile(path))).toEqual(bytes);
  for (const source of [bytes, path]) {
    const loaded = await loadSimilarityModel(source);
    expect(loaded.name).toBe('points');
    expect(loaded.seed).toBe(9);
    expect(loaded.metric).toBe('cosine');
    expect(weightsOf(loaded)).toEqual(weightsOf(model));
    expect(await loaded.predict(queries)).toEqual(await model.predict(queries));
    expect(await loaded.lookup(queries)).toEqual(await model.lookup(queries));
    expect(await loaded.match(queries)).toEqual(await model.match(queries));
    expect(loaded.vectorIndex.calibration).toEqual(model.vectorIndex.calibration);
    expect([...loaded.vectorIndex]).toEqual([...model.vectorIndex]);
    expect(await loaded.toBytes()).toEqual(bytes);
    loaded.dispose();
    expect(memory().numTensors).toBe(tensors);
  }
  model.dispose();
});

test('a loaded model can be trained further', async () => {
  const model = await trained();
  const loaded = await loadSimilarityModel(await model.toBytes());
  loaded.compile({ loss: multiSimilarity() });
  const { losses } = await loaded.fit(clusters());
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(loaded.indexSummary().stale).toBe(true);
  const again = await loadSimilarityModel(await loaded.toBytes());
  expect(again.indexSummary().stale).toBe(true);
});

test('saving while training goes on is one state of the weights, not a mixture', async () => {
  const model = similarityModel({ ...network(), seed: 1 });
  model.compile({ loss: multiSimilarity(), optimizer: 'sgd', learningRate: 0.5 });
  const states: string[] = [];
  const state = (from: ReturnType<typeof similarityModel>): string => weightsOf(from).join('|');
  const saves: Promise<Uint8Array>[] = [];
  await model.fit(clusters(), {
    epochs: 5,
    batchSize: 20,
    onStep: () => {
      states.push(state(model));
      saves.push(model.toBytes());
    },
  });
  for (const [i, bytes] of (await Promise.all(saves)).entries()) {
    const loaded = await loadSimilarityModel(bytes);
    expect(state(loaded) === states[i], `step ${i}`).toBe(true);
    loaded.dispose();
  }
});

test('every cut and every flipped bit is found', async () => {
  const model = await trained();
  const bytes = await model.toBytes();
  const tensors = memory().numTensors;
  for (let length = 0; length < bytes.length; length += 97) {
    await expect(loadSimilarityModel(bytes.subarray(0, length))).rejects.toMatchObject({ code: 'ERR_FILE' });
  }
  for (let at = 0; at < bytes.length; at += 13) {
    const flipped = bytes.slice();
    flipped[at]! ^= 1 << (at % 8);
    await expect(loadSimilarityModel(flipped), `byte ${at}`).rejects.toMatchObject({ code: 'ERR_FILE' });
  }
  expect(memory().numTensors).toBe(tensors);
});

/** The file with one section changed and its checksums right. */
function withSection(bytes: Uint8Array, name: string, change: (section: Uint8Array) => Uint8Array): Uint8Array {
  const { kind, version, sections } = unpackSections(bytes, { kind: 'similarity-model', version: 1 });
  const changed = new Map([...sections].map(([key, value]) => [key, key === name ? change(value) : value]));
  return packSections({ kind, version, sections: changed });
}

const text =
  (change: (text: string) => string) =>
  (section: Uint8Array): Uint8Array =>
    new TextEncoder().encode(change(new TextDecoder().decode(section)));

test('a file that was made wrong on purpose is refused, and nothing of it is kept', async () => {
  const model = await trained();
  const bytes = await model.toBytes();
  const tensors = memory().numTensors;
  const tried = (name: string, change: (section: Uint8Array) => Uint8Array): Promise<string> =>
    messageOf(loadSimilarityModel(withSection(bytes, name, change)));
  expect(await tried('manifest', () => new Uint8Array([1]))).toMatchInlineSnapshot(
    `"load-similarity-model: section manifest must be JSON. Save the model again. [ERR_FILE]"`,
  );
  expect(
    await tried(
      'manifest',
      text((json) => json.replace('"layers"', '"code"')),
    ),
  ).toMatch(/^load-similarity-model: the manifest must name network, seed, metric and dimension, but got .*ERR_FILE/);
  expect(
    await tried(
      'manifest',
      text((json) => json.replace('"cosine"', '"euclidean"')),
    ),
  ).toMatchInlineSnapshot(
    `"load-similarity-model: the index must be of euclidean, 3, but got 'cosine, 3'. Save the model again. [ERR_FILE]"`,
  );
  expect(
    await tried(
      'topology',
      text((json) => json.replace('"Dense"', '"Evil"')),
    ),
  ).toMatchInlineSnapshot(
    `"load-similarity-model: every layer must be known, but got 'Evil'. Give the classes of your own layers as customObjects. [ERR_FILE]"`,
  );
  expect(
    await tried(
      'weight-specs',
      text((json) => json.replace('[4]', '[5]')),
    ),
  ).toMatchInlineSnapshot(
    `"load-similarity-model: weights must be float32[4] float32[4] float32[4,3] float32[3] float32[4] float32[4], as the topology says, but got 'float32[5] float32[4] float32[4,3] float32[3] float32[4] float32[4]'. Save the model again. [ERR_FILE]"`,
  );
  expect(await tried('weights', (weights) => weights.subarray(4))).toMatchInlineSnapshot(
    `"load-similarity-model: weights must have 124 bytes, but got 120. Save the model again. [ERR_FILE]"`,
  );
  expect(memory().numTensors).toBe(tensors);
});

test('a missing file and a folder that is not there say so, and leave nothing', async () => {
  const model = await trained();
  expect(await messageOf(loadSimilarityModel(join(folder, 'none')))).toMatchInlineSnapshot(
    `"read-bytes: /folder/none must be readable, but got 'ENOENT'. There is no such file or folder: check the path, and make the folder first. [ERR_FILE]"`,
  );
  expect(await messageOf(model.save(join(folder, 'no', 'where')))).toMatchInlineSnapshot(
    `"write-bytes: /folder/no/where must be writable, but got 'ENOENT'. There is no such file or folder: check the path, and make the folder first. [ERR_FILE]"`,
  );
  expect(await readdir(folder)).toEqual([]);
});

test('a model around a function keeps its index, and needs the function again', async () => {
  const embed = async (texts: readonly string[]): Promise<number[][]> => texts.map((text) => [text.length, 1]);
  const model = similarityModel({ embed, distance: euclidean() });
  await model.index(['a', 'bb', 'cccc'], { labels: ['short', 'short', 'long'], data: ['a', 'bb', 'cccc'] });
  const bytes = await model.toBytes();
  const loaded = await loadSimilarityModel(bytes, { embed });
  expect(loaded.metric).toBe('euclidean');
  expect(await loaded.singleLookup('xxxxx', { k: 1 })).toEqual([
    { rank: 1, id: 2, label: 'long', distance: 1, data: 'cccc' },
  ]);
  expect(await messageOf(loadSimilarityModel(bytes))).toMatchInlineSnapshot(
    `"load-similarity-model: this file holds a model around a function. Pass the function it was made with as embed. [ERR_OPTION]"`,
  );
  expect(await messageOf(loadSimilarityModel(await (await trained()).toBytes(), { embed }))).toMatchInlineSnapshot(
    `"load-similarity-model: this file holds a model of layers. Leave embed out. [ERR_OPTION]"`,
  );
  const narrow = await loadSimilarityModel(bytes, { embed: async (texts: readonly string[]) => texts.map(() => [1]) });
  expect(await messageOf(narrow.predict(['a']))).toMatchInlineSnapshot(
    `"model.predict: embed must return one vector an item, [1, 2], but got [1, 1]. Return Items, a tensor, or a list of vectors of one length, in the order of the items. [ERR_SHAPE]"`,
  );
});

class Doubled extends (layers.layerNormalization({}).constructor as typeof layers.Layer) {
  static className = 'Doubled';
  override build(): void {
    this.built = true;
  }
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
  override call(x: Tensor | Tensor[]): Tensor {
    return tidy(() => mul(Array.isArray(x) ? x[0]! : x, 2));
  }
}

test('layers of the caller come through customObjects only', async () => {
  const { inputs, outputs } = network();
  const model = similarityModel({ inputs, outputs: new Doubled({}).apply(outputs) as SymbolicTensor });
  const bytes = await model.toBytes();
  expect(await messageOf(loadSimilarityModel(bytes))).toMatchInlineSnapshot(
    `"load-similarity-model: every layer must be known, but got 'Doubled'. Give the classes of your own layers as customObjects. [ERR_FILE]"`,
  );
  const loaded = await loadSimilarityModel(bytes, { customObjects: [Doubled as never] });
  const { x } = clusters();
  expect(await loaded.predict(x)).toEqual(await model.predict(x));
});

/** x · w, as a converter would write it. */
const artifacts: io.ModelArtifacts = {
  format: 'graph-model',
  modelTopology: {
    node: [
      {
        name: 'x',
        op: 'Placeholder',
        attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: [{ size: '-1' }, { size: '4' }] } } },
      },
      {
        name: 'w',
        op: 'Const',
        attr: {
          dtype: { type: 'DT_FLOAT' },
          value: { tensor: { dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '4' }, { size: '2' }] } } },
        },
      },
      {
        name: 'y',
        op: 'MatMul',
        input: ['x', 'w'],
        attr: { transpose_a: { b: false }, transpose_b: { b: false }, T: { type: 'DT_FLOAT' } },
      },
    ],
    versions: { producer: 1 },
  },
  weightSpecs: [{ name: 'w', shape: [4, 2], dtype: 'float32' }],
  weightData: Float32Array.of(1, 0, 0, 1, 1, 1, 2, -1).buffer,
};

test('a graph model is wrapped, indexed, saved as it came, and loaded with the function of its package', async () => {
  const graph = await loadGraphModel({ load: async () => artifacts });
  const model = similarityModel({ model: graph });
  expect((await model.predict([[1, 2, 3, 4]])).data).toEqual(Float32Array.of(1 + 3 + 8, 2 + 3 - 4));
  const { x, labels } = clusters();
  await model.index(x, { labels });
  expect(() => model.compile({ loss: multiSimilarity() })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: model.compile: only a model of tfjs-layers can be trained, but got 'a model of kind graph'. Train it where it was made, or build it of layers: similarityModel({ inputs, outputs }). [ERR_STATE]]`,
  );
  const bytes = await model.toBytes();
  expect(await messageOf(loadSimilarityModel(bytes))).toMatchInlineSnapshot(
    `"load-similarity-model: this file holds a graph model, which its own package must load. Pass { loadGraphModel } from @tensorflow/tfjs-converter. [ERR_OPTION]"`,
  );
  const loaded = await loadSimilarityModel(bytes, { loadGraphModel });
  expect(await loaded.predict(x)).toEqual(await model.predict(x));
  expect(await loaded.lookup(x)).toEqual(await model.lookup(x));
});

test('a layers model that exists is wrapped and trained further', async () => {
  const made = sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] });
  const model = similarityModel({ model: made, distance: 'euclidean' });
  expect(model.metric).toBe('euclidean');
  model.compile({ loss: multiSimilarity() });
  expect(model.metric).toBe('cosine');
  await model.fit(clusters());
  const loaded = await loadSimilarityModel(await model.toBytes());
  const { x } = clusters();
  expect(await loaded.predict(x)).toEqual(await model.predict(x));
});

test('an index with a graph goes on where it was saved, and searches as it was told to', async () => {
  const embed = async (items: readonly number[]): Promise<Float32Array[]> =>
    items.map((item) => Float32Array.from({ length: 8 }, (_, j) => Math.sin(item * (j + 1))));
  const model = similarityModel({ embed, search: { engine: 'hnsw', recall: 0.9 } });
  const numbers = Array.from({ length: 1500 }, (_, i) => i / 7);
  await model.index(numbers, { labels: numbers.map((_, i) => i % 3) });
  expect(model.indexSummary().engine).toMatch(/^hnsw i4 \(wasm/);
  const bytes = await model.toBytes();
  const queries = [0.05, 3.21, 99.9];
  for (const search of [{}, { engine: 'hnsw' as const }]) {
    const loaded = await loadSimilarityModel(bytes, { embed, search });
    expect(loaded.indexSummary().engine).toMatch(/^hnsw i4 \(wasm/); // auto, too: the graph is there
    expect(await loaded.lookup(queries, { k: 7 })).toEqual(await model.lookup(queries, { k: 7 }));
  }
  const exact = await loadSimilarityModel(bytes, { embed, search: { engine: 'flat' } });
  expect(exact.indexSummary()).toMatchObject({ size: 1500, engine: expect.stringMatching(/^flat/) });
});
