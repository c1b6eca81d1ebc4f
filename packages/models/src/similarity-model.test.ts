import { defineLoss } from '@simile/core';
import { sliceItems, takeItems } from '@simile/core/items';
import { euclidean } from '@simile/distances';
import { multiSimilarity, ntXent } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import { mean, memory, setBackend, tensor1d, tensor2d, tensor3d, train, type Scalar } from '@tensorflow/tfjs-core';
import { input, layers, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { clusters, network } from '../test/clusters.ts';
import { similarityModel } from './similarity-model.ts';

beforeAll(() => setBackend('cpu'));

test('trains, indexes, looks up, calibrates and matches, and a new class joins without training', async () => {
  const data = clusters({ classes: 4, perClass: 24 });
  const model = similarityModel({ ...network(), seed: 3 });
  model.compile({ loss: multiSimilarity(), learningRate: 0.01 });
  const known = clusters({ classes: 3, perClass: 24 });
  const { losses } = await model.fit(known, { epochs: 12, batchSize: 24 });
  expect(losses.length).toBe(36);
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  expect(mean(losses.slice(-6))).toBeLessThan(0.6 * mean(losses.slice(0, 6)));

  await model.index(sliceItems(known.x, 0, 30), { labels: known.labels.subarray(0, 30) });
  const neighbors = await model.lookup(sliceItems(known.x, 30, 72), { k: 3 });
  const right = neighbors.filter(([first], i) => first!.label === known.labels[30 + i]).length;
  expect(right / 42).toBeGreaterThan(0.9);

  const fourth = takeItems(
    data.x,
    [...data.labels.keys()].filter((i) => data.labels[i] === 3),
  );
  await model.index(sliceItems(fourth, 0, 8), { labels: Array.from({ length: 8 }, () => 3) });
  const found = await model.lookup(sliceItems(fourth, 8, 24), { k: 1 });
  expect(found.filter(([first]) => first!.label === 3).length).toBeGreaterThanOrEqual(14);

  const calibration = await model.calibrate(sliceItems(known.x, 30, 72), known.labels.subarray(30, 72));
  expect(calibration.cutpoints.optimal.value).toBeGreaterThan(0.9);
  const matches = await model.match(sliceItems(known.x, 30, 72));
  expect(matches.filter(({ label }, i) => label === known.labels[30 + i]).length).toBeGreaterThan(36);
  expect(await model.match(sliceItems(known.x, 0, 3), { cutpoint: -1 })).toMatchObject([
    { label: null, known: false },
    { label: null, known: false },
    { label: null, known: false },
  ]);
  model.dispose();
});

const messageOf = (work: () => unknown): Promise<string> =>
  Promise.resolve()
    .then(work)
    .then(
      () => 'nothing was thrown',
      (error: Error) => error.message,
    );

describe('items of every form', () => {
  test('tensors, items, lists and a single item give the same embeddings, whatever the batch', async () => {
    const model = similarityModel({ ...network(), seed: 1 });
    const { x } = clusters();
    const all = await model.predict(x);
    expect(all.shape).toEqual([60, 3]);
    expect(await model.predict(x, { batchSize: 7 })).toEqual(all);
    const rows = tensor2d(x.data, [60, 4]);
    expect(await model.predict(rows, { batchSize: 50 })).toEqual(all);
    expect(rows.isDisposed).toBe(false);
    const list = Array.from({ length: 60 }, (_, i) => [...x.data.subarray(i * 4, i * 4 + 4)]);
    expect(await model.predict(list)).toEqual(all);
    expect((await model.predict(list[2]!)).data).toEqual(all.data.slice(6, 9));
    expect((await model.predict(tensor1d(list[2]!))).data).toEqual(all.data.slice(6, 9));
  });

  test('bytes and whole numbers are read as the numbers they are', async () => {
    const model = similarityModel({ ...network(), seed: 1 });
    const floats = await model.predict([[0, 200, 3, 4]]);
    expect(await model.predict({ data: Uint8Array.of(0, 200, 3, 4), shape: [1, 4] })).toEqual(floats);
    expect(await model.predict({ data: Int32Array.of(0, 200, 3, 4), shape: [1, 4] })).toEqual(floats);
    expect(await model.predict(tensor2d([[0, 200, 3, 4]], [1, 4], 'int32'))).toEqual(floats);
  });

  test('data stays with its record in its own dtype', async () => {
    const model = similarityModel({ ...network(), seed: 1 });
    const { x } = clusters({ perClass: 1 });
    const images = Uint8Array.from({ length: 3 * 4 }, (_, i) => i * 20);
    await model.index(x, { data: { data: images, shape: [3, 2, 2] } });
    await model.index(x, { data: tensor3d([...images], [3, 2, 2], 'int32') });
    await model.index(x, { data: tensor3d([...images], [3, 2, 2]), labels: tensor1d([4, 5, 6], 'int32') });
    await model.index(x, { data: ['a', { b: 1 }, null], labels: ['a', null, 3] });
    const at = (id: number): unknown => model.vectorIndex.get(id)!.data;
    expect(at(1)).toEqual({ shape: [2, 2], data: images.slice(4, 8) });
    expect(at(4)).toEqual({ shape: [2, 2], data: Int32Array.from(images.slice(4, 8)) });
    expect(at(7)).toEqual({ shape: [2, 2], data: Float32Array.from(images.slice(4, 8)) });
    expect(at(10)).toEqual({ b: 1 });
    expect([...model.vectorIndex].map(({ label }) => label)).toEqual([...Array(6).fill(null), 4, 5, 6, 'a', null, 3]);
    const [first] = await model.singleLookup([...x.data.subarray(4, 8)], { k: 1 });
    expect(first).toMatchObject({ rank: 1, id: 1, label: null });
  });

  test('no tensor is left by a hundred lookups, an index and a calibration', async () => {
    const model = similarityModel({ ...network(), seed: 1 });
    const { x, labels } = clusters();
    const rows = tensor2d(x.data, [60, 4]);
    const before = memory().numTensors;
    await model.index(rows, { labels, data: rows });
    for (let i = 0; i < 100; i++) await model.lookup(rows);
    await model.calibrate(rows, labels);
    await model.match(rows);
    await model.evaluate(rows, labels);
    expect(memory().numTensors).toBe(before);
    model.dispose();
    model.dispose();
    rows.dispose();
  });
});

describe('a model around a function', () => {
  const lengths = async (texts: readonly string[]): Promise<number[][]> => texts.map((text) => [text.length, 1]);

  test('takes lists of its items, and one item for a single lookup', async () => {
    const calls: number[] = [];
    const model = similarityModel({
      embed: (texts: readonly string[]) => {
        calls.push(texts.length);
        return lengths(texts);
      },
      distance: 'euclidean',
    });
    expect(model.dimension).toBe(undefined);
    await model.index(['a', 'bb', 'cccc'], { labels: ['x', 'y', 'z'], batchSize: 2 });
    expect(calls).toEqual([2, 1]);
    expect(model.dimension).toBe(2);
    expect(await model.singleLookup('dd', { k: 2 })).toEqual([
      { rank: 1, id: 1, label: 'y', distance: 0 },
      { rank: 2, id: 0, label: 'x', distance: 1 },
    ]);
    expect(model.layers).toBe(undefined);
  });

  test('takes vectors as items, as a tensor (which it frees) and as lists', async () => {
    const before = memory().numTensors;
    for (const result of [
      () =>
        tensor2d([
          [1, 2],
          [3, 4],
        ]),
      () => ({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }),
      () => [Float32Array.of(1, 2), [3, 4]],
    ]) {
      const model = similarityModel({ embed: result as () => number[][] });
      expect(await model.predict([0, 0])).toEqual({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
    }
    expect(memory().numTensors).toBe(before);
  });

  test.each([
    ['ragged vectors', () => [[1, 2], [3]]],
    ['too few vectors', () => [[1, 2]]],
    ['no numbers', () => [[], []]],
    ['another dimension', () => [[1], [2]]],
  ])('%s are refused', async (_, result) => {
    const model = similarityModel({ embed: result as () => number[][], dimension: 2 });
    expect(await messageOf(() => model.predict([0, 0]))).toMatch(
      /^model\.predict: embed must return one vector an item, \[2, 2\], but got \[.*\]\. Return Items.* \[ERR_SHAPE\]$/,
    );
  });

  test('a vector that is not finite names its row', async () => {
    const model = similarityModel({
      embed: () => [
        [1, 2],
        [Number.NaN, 1],
      ],
    });
    expect(await messageOf(() => model.index([0, 0]))).toMatchInlineSnapshot(
      `"model.index: the embedding of row 1 must have finite numbers only, but got NaN. Check that item for NaN, then the weights of the model. [ERR_NAN]"`,
    );
    expect(model.indexSize).toBe(0);
  });
});

describe('the distance of the index', () => {
  test('is that of the loss, and no other', async () => {
    const model = similarityModel(network());
    expect(model.metric).toBe('cosine');
    model.compile({ loss: multiSimilarity({ distance: euclidean() }) });
    expect(model.metric).toBe('euclidean');
    expect(
      await messageOf(() => model.compile({ loss: multiSimilarity(), distance: euclidean() })),
    ).toMatchInlineSnapshot(
      `"model.compile: distance must be cosine, which multi-similarity pulls on, but got 'euclidean'. Leave distance out, or give it to multi-similarity. [ERR_OPTION]"`,
    );
    expect(model.metric).toBe('euclidean');
  });

  test('is the one given where the loss has none', () => {
    const plain = defineLoss('plain', {}, (_, embeddings) => mean(embeddings) as Scalar);
    const model = similarityModel({ ...network(), distance: 'manhattan' });
    model.compile({ loss: plain });
    expect(model.metric).toBe('manhattan');
    model.compile({ loss: plain, distance: euclidean() });
    expect(model.metric).toBe('euclidean');
  });

  test('does not change under records', async () => {
    const model = similarityModel(network());
    await model.index(clusters().x);
    const loss = multiSimilarity({ distance: euclidean() });
    expect(await messageOf(() => model.compile({ loss }))).toMatchInlineSnapshot(
      `"model.compile: records in the index are compared by cosine, but got 'euclidean'. Call model.resetIndex first. [ERR_STATE]"`,
    );
    await model.resetIndex();
    model.compile({ loss });
    expect(model.metric).toBe('euclidean');
  });
});

test('evaluate finds recall, MAP@R and the figures at the cut-points, by hand', async () => {
  // Records on a line: a a b a; queries at 0 (a) and 2.1 (b). Euclidean.
  const model = similarityModel({
    embed: (points: readonly number[]) => points.map((point) => [point]),
    distance: 'euclidean',
  });
  await model.index([0, 1, 2, 3], { labels: ['a', 'a', 'b', 'a'] });
  const before = await model.evaluate([0.1, 2.1], ['a', 'b'], { k: [1, 2] });
  // 0.1: a a b a → P at 1, 2 are 1, at 3 wrong, R = 3: (1 + 1) / 3. 2.1: b → 1.
  expect(before).toEqual({
    queries: 2,
    recallAtK: { 1: 1, 2: 1 },
    mapAtR: expect.closeTo((2 / 3 + 1) / 2, 6),
    cutpoints: {},
  });
  await model.calibrate([0.1, 2.1, 1.6], ['a', 'b', 'a']);
  // nearest of 1.6 is b at 0.4: wrong, so the optimum stops at 0.1
  const { cutpoints } = await model.evaluate([0.05, 2.5, 2.4], ['a', 'a', 'b']);
  // 0.05: a at 0.05, right and accepted. 2.5: b at 0.5 (first of two), wrong, refused. 2.4: b at 0.4, right, refused.
  expect(cutpoints).toEqual({
    optimal: {
      distance: expect.closeTo(0.1, 5),
      metrics: { precision: 1, recall: 0.5, f1: expect.closeTo(2 / 3, 6), 'binary-accuracy': expect.closeTo(1 / 3, 6) },
    },
  });
  // The records themselves, each without itself: 0 → 1 a, 2 b, 3 a; 1 → 0 a; 2 (b) has no other b; 3 → 2 b, 1 a.
  const self = await model.evaluate([0, 1, 3], ['a', 'a', 'a'], { indexed: true });
  expect(self.recallAtK).toEqual({ 1: expect.closeTo(2 / 3, 6) });
  // R = 2: (1 + 0) / 2; (1 + 0) / 2 (0 and 2 are equally far, the older first); (0 + 1/2) / 2
  expect(self.mapAtR).toBeCloseTo((0.5 + 0.5 + 0.25) / 3, 6);
});

test('evaluate takes many queries in blocks, with the figures of all at once', async () => {
  const model = similarityModel({
    embed: (points: readonly number[]) => points.map((point) => [Math.cos(point), Math.sin(point)]),
  });
  const points = Array.from({ length: 1500 }, (_, i) => (i * 7919) % 1500);
  const labels = points.map((point) => Math.floor(point / 300));
  await model.index(points, { labels });
  await model.calibrate(points.slice(0, 50), labels.slice(0, 50));
  const turned = points.map((point) => point + 0.4);
  // 1,500 places a query put 1,333 queries into a block; halves go in one block each.
  const all = await model.evaluate(turned, labels, { k: [1500] });
  const [first, second] = [
    await model.evaluate(turned.slice(0, 750), labels.slice(0, 750), { k: [1500] }),
    await model.evaluate(turned.slice(750), labels.slice(750), { k: [1500] }),
  ];
  expect(all.mapAtR).toBeCloseTo((first.mapAtR + second.mapAtR) / 2, 9);
  const accuracy = [all, first, second].map(({ cutpoints }) => cutpoints['optimal']!.metrics['binary-accuracy']!);
  expect(accuracy[0]).toBeCloseTo((accuracy[1]! + accuracy[2]!) / 2, 9);
  expect(all.recallAtK).toEqual({ 1500: 1 });
});

test('the summary tells what is there, as an object and as text', async () => {
  const model = similarityModel({
    embed: (points: readonly number[]) => points.map((point) => [point]),
    name: 'line',
    distance: 'euclidean',
  });
  expect(model.indexSummary()).toMatchObject({ size: 0, labels: [], stale: false, cutpoints: [], calibrated: false });
  await model.index([0, 1, 2, 3], { labels: ['a', 'a', null, 'b'] });
  await model.calibrate([0, 1], ['a', 'a']);
  const summary = model.indexSummary();
  expect(summary).toMatchObject({
    name: 'line',
    size: 4,
    dimension: 1,
    metric: 'euclidean',
    labels: [
      { label: 'a', count: 2 },
      { label: null, count: 1 },
      { label: 'b', count: 1 },
    ],
    cutpoints: [{ name: 'optimal', distance: 0, value: 1 }],
  });
  expect(String(summary).replace(/search.*\nlookups.*/, 'search …')).toMatchInlineSnapshot(`
    "model       line
    records     4 of dimension 1
    labels      a (2), none (1), b (1)
    distance    euclidean
    search …
    calibrated  by f1, k = 1
      optimal   distance 0.000, f1 1.000"
  `);
});

describe('bad input is refused before anything changes', () => {
  const model = similarityModel({ ...network(), name: 'm' });
  const { x, labels } = clusters();

  test('lookups, calibration and evaluation of an empty index', async () => {
    expect(await messageOf(() => model.lookup(x))).toMatchInlineSnapshot(
      `"model.lookup: the index must have records. Add some with model.index first. [ERR_STATE]"`,
    );
    expect(await messageOf(() => model.singleLookup(x))).toMatch('ERR_STATE');
    expect(await messageOf(() => model.lookupVectors(x))).toMatch('ERR_STATE');
    expect(await messageOf(() => model.calibrate(x, labels))).toMatch('ERR_STATE');
    expect(await messageOf(() => model.evaluate(x, labels))).toMatch('ERR_STATE');
  });

  test('a match before the calibration', async () => {
    expect(await messageOf(() => model.match(x))).toMatchInlineSnapshot(
      `"model.match: cut-point optimal needs a calibration. Call model.calibrate first, or give the distance up to which a match counts. [ERR_STATE]"`,
    );
  });

  test('labels that do not match the items', async () => {
    expect(await messageOf(() => model.index(x, { labels: [1, 2] }))).toMatchInlineSnapshot(
      `"model.index: there must be one label for each of the 60 items, but got 2. Check that x and labels were cut alike. [ERR_SHAPE]"`,
    );
    const oneHot = tensor2d(x.data, [60, 4]);
    expect(await messageOf(() => model.index(x, { labels: oneHot }))).toMatchInlineSnapshot(
      `"model.index: there must be one label for each of the 60 items, but got [60, 4]. For one-hot labels, pass labels.argMax(1). [ERR_SHAPE]"`,
    );
    oneHot.dispose();
    expect(model.indexSize).toBe(0);
  });

  test('items of another shape, none at all, and more than one where one is asked for', async () => {
    expect(await messageOf(() => model.predict([[1, 2]]))).toMatchInlineSnapshot(
      `"model.predict: x must have shape [n, 4], as the inputs of the model say, but got [1, 2]. Reshape or resize the items. [ERR_SHAPE]"`,
    );
    expect(await messageOf(() => model.index({ data: new Float32Array(0), shape: [0, 4] }))).toMatchInlineSnapshot(
      `"model.index: x must have at least one item. Leave the call out where there is nothing to do. [ERR_DATA]"`,
    );
    expect(await messageOf(() => model.predict({ data: new Float32Array(5), shape: [1, 4] }))).toMatch('ERR_SHAPE');
    const full = similarityModel(network());
    await full.index(x);
    expect(await messageOf(() => full.singleLookup(x))).toMatchInlineSnapshot(
      `"model.single-lookup: x must be one item, but got 60. Use model.lookup for several. [ERR_SHAPE]"`,
    );
    expect(await messageOf(() => full.lookupVectors({ data: new Float32Array(4), shape: [1, 4] }))).toMatch(
      'ERR_SHAPE',
    );
  });

  test('NaN in an item names its row', async () => {
    const spoilt = x.data.slice();
    spoilt[14] = Number.NaN;
    expect(await messageOf(() => model.index({ data: spoilt, shape: [60, 4] }))).toMatchInlineSnapshot(
      `"model.index: the embedding of row 3 must have finite numbers only, but got NaN. Check that item for NaN, then the weights of the model. [ERR_NAN]"`,
    );
    expect(model.indexSize).toBe(0);
  });

  test('what is not a loss, an optimizer, a rate or a metric', async () => {
    const loss = multiSimilarity();
    expect(await messageOf(() => model.compile({ loss: 'triplet' as never }))).toMatchInlineSnapshot(
      `"model.compile: loss must be a loss such as multiSimilarity(), but got 'triplet'. Import one from @simile/losses, or make one with defineLoss. [ERR_OPTION]"`,
    );
    // @ts-expect-error a loss over two views
    expect(await messageOf(() => model.compile({ loss: ntXent() }))).toMatchInlineSnapshot(
      `"model.compile: loss must be one over labels and embeddings, not over two views, but got the function nt-xent. Wrap it in twoViews({ loss }) of @simile/losses, and train on batches of twoViewSampler. [ERR_OPTION]"`,
    );
    expect(await messageOf(() => model.compile({ loss, optimizer: 'best' as never }))).toMatchInlineSnapshot(
      `"model.compile: optimizer must be 'adam', 'sgd' or an optimizer of tfjs, but got 'best'. Leave optimizer out to use the default. [ERR_OPTION]"`,
    );
    expect(
      await messageOf(() => model.compile({ loss, optimizer: train.sgd(1), learningRate: 1 })),
    ).toMatchInlineSnapshot(
      `"model.compile: learningRate goes with an optimizer given by name, but got 1. Give the rate to the optimizer itself. [ERR_OPTION]"`,
    );
    expect(await messageOf(() => model.compile({ loss, learningRate: 0 }))).toMatch('learningRate must be a finite');
    expect(await messageOf(() => model.compile({ loss, metrics: [() => loss as never] }))).toMatchInlineSnapshot(
      `"model.compile: metrics must be functions with different names, none of them loss, but got ['']. Write them as named functions. [ERR_OPTION]"`,
    );
  });

  test('networks that are no embedding, and a seed for one that exists', async () => {
    const inputs = input({ shape: [4, 4] });
    const outputs = layers.dense({ units: 2 }).apply(inputs) as SymbolicTensor;
    expect(await messageOf(() => similarityModel({ inputs, outputs }))).toMatchInlineSnapshot(
      `"similarity-model: the model must have one input and one output of shape [n, dimension], but got '[n,4,4] → [n,4,2]'. Join inputs with a layer, and end the model with metricEmbedding, or with flatten. [ERR_SHAPE]"`,
    );
    const made = layersModel(network() as never);
    expect(await messageOf(() => similarityModel({ model: made, seed: 1 } as never))).toMatchInlineSnapshot(
      `"similarity-model: seed draws the weights of { inputs, outputs }; a model that exists keeps its own, but got 1. Leave seed out. [ERR_OPTION]"`,
    );
  });

  test('any use after dispose', async () => {
    const gone = similarityModel(network());
    gone.dispose();
    expect(await messageOf(() => gone.predict(x))).toMatchInlineSnapshot(
      `"model.predict: the model must not have been disposed of. Make or load it again. [ERR_STATE]"`,
    );
    expect(await messageOf(() => gone.save('x'))).toMatch('ERR_STATE');
    expect(await messageOf(() => gone.fit(clusters()))).toMatch('ERR_STATE');
  });

  test('a signal stops between batches', async () => {
    expect(await messageOf(() => model.predict(x, { signal: AbortSignal.abort() }))).toMatch('ERR_ABORTED');
  });
});
