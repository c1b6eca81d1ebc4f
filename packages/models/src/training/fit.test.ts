import { defineLoss, type Batch, type Sampler } from '@simile/core';
import { selectBackend } from '@simile/core/backend';
import { multiSimilarity } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  copyRegisteredKernels,
  mean,
  memory,
  mul,
  registerBackend,
  setBackend,
  slice,
  sqrt,
  square,
  sub,
  sum,
  tensor1d,
  tensor2d,
  train,
  unregisterKernel,
  variable,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Variable,
} from '@tensorflow/tfjs-core';
import {
  Callback,
  callbacks,
  input,
  layers,
  regularizers,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clusters, network } from '../../test/clusters.ts';
import { registerQueuedBackend } from '../../test/queued-backend.ts';
import { similarityModel } from '../similarity-model.ts';

/** Mean over the rows of (first value − label)². */
const regression = defineLoss('regression', {}, (labels, embeddings) => {
  const first = sum(slice(embeddings, [0, 0], [-1, 1]), 1);
  return mean(square(sub(first, labels as Tensor1D))) as Scalar;
});

const batchOf = (rows: number[][], labels: number[]): Batch => ({
  x: tensor2d(rows),
  labels: tensor1d(labels, 'int32'),
});

/** The same batches in each stream. */
function samplerOf(batches: (() => Batch)[], stepsPerEpoch: number = batches.length): Sampler {
  const stream = async function* (): AsyncGenerator<Batch> {
    for (const make of batches) yield make();
  };
  return { stepsPerEpoch, seed: 0, [Symbol.asyncIterator]: stream };
}

const weightsOf = (model: { layers: LayersModel | undefined }): number[][] =>
  model.layers!.weights.map((weight) => [...(weight.read() as Variable).dataSync()]);

function linear(kernel: number[][], options: object = {}): ReturnType<typeof similarityModel> {
  const inputs = input({ shape: [kernel.length] });
  const dense = layers.dense({ units: kernel[0]!.length, useBias: false, ...options });
  const model = similarityModel({ inputs, outputs: dense.apply(inputs) as SymbolicTensor });
  dense.setWeights([tensor2d(kernel)]);
  return model;
}

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing was thrown',
    (error: Error) => error.message,
  );

beforeAll(() => selectBackend({ prefer: 'wasm' }));

// "queued" stands for a GPU: same numbers, other path.
describe.each(['cpu', registerQueuedBackend(), 'simile-wasm'])('on %s', (backend) => {
  beforeEach(() => setBackend(backend));

  test('a step of sgd is the gradient on paper, penalty of the layer included', async () => {
    // e = w·x; L = mean (e − label)² + 0.5 w²; dL/dw = mean 2 (w x − label) x + w.
    const model = linear([[2]], { kernelRegularizer: regularizers.l2({ l2: 0.5 }) });
    model.compile({ optimizer: 'sgd', learningRate: 0.1, loss: regression });
    const { losses } = await model.fit(samplerOf([() => batchOf([[1], [3]], [1, 2])]));
    expect(losses[0]).toBeCloseTo(((2 - 1) ** 2 + (6 - 2) ** 2) / 2 + 0.5 * 4, 5);
    const gradient = (2 * (2 - 1) * 1 + 2 * (6 - 2) * 3) / 2 + 2;
    expect(weightsOf(model)[0]![0]).toBeCloseTo(2 - 0.1 * gradient, 5);
  });

  test('weights of the loss are trained too, and a schedule sets the rate of each step', async () => {
    const shift = variable(tensor1d([0]), true, `shift-${backend}`);
    const loss = defineLoss(
      'shifted',
      {},
      (labels, embeddings) => mean(square(sub(add(sum(embeddings, 1), shift), labels as Tensor1D))) as Scalar,
      { variables: [shift] },
    );
    const model = linear([[0]]);
    model.compile({ optimizer: train.sgd(1), loss });
    const rates = [0.25, 0.5];
    const seen: (number | undefined)[] = [];
    await model.fit(samplerOf([() => batchOf([[0], [0]], [1, 1]), () => batchOf([[0], [0]], [1, 1])]), {
      learningRateSchedule: (step) => rates[step]!,
      onStep: ({ learningRate }) => seen.push(learningRate),
    });
    // s ← s − rate · 2 (s − 1): 0 → 0.5 → 1
    expect(shift.dataSync()[0]).toBeCloseTo(1, 6);
    expect(seen).toEqual(rates);
    shift.dispose();
  });

  test.each(['adam', 'sgd'] as const)(
    'a rate of 0 moves no weight with %s, and its last rate stays',
    async (optimizer) => {
      const model = linear([[2]]);
      model.compile({ optimizer, loss: regression });
      const sampler = samplerOf([() => batchOf([[1], [3]], [1, 2])]);
      await model.fit(sampler, { epochs: 2, learningRateSchedule: () => 0 });
      expect(weightsOf(model)).toEqual([[2]]);
      await model.fit(sampler);
      expect(weightsOf(model)).toEqual([[2]]);
      await model.fit(sampler, { learningRateSchedule: () => 0.01 });
      expect(weightsOf(model)[0]![0]).toBeLessThan(2);
    },
  );

  test('layers run in training: batch norm moves its averages, and dropout drops', async () => {
    const inputs = input({ shape: [2] });
    const normed = layers.batchNormalization({ momentum: 0.5 }).apply(inputs);
    const outputs = layers.dropout({ rate: 0.5 }).apply(normed) as SymbolicTensor;
    const model = similarityModel({ inputs, outputs });
    let zeros = 0;
    const spy = defineLoss('spy', {}, (labels, embeddings) => {
      zeros += [...embeddings.dataSync()].filter((value) => value === 0).length;
      return regressionOf(labels as Tensor1D, embeddings);
    });
    model.compile({ loss: spy });
    const rows = Array.from({ length: 40 }, (_, i) => [i % 2 ? 3 : 1, i % 2 ? -2 : 2]);
    await model.fit(
      samplerOf([
        () =>
          batchOf(
            rows,
            rows.map((_, i) => i % 2),
          ),
      ]),
    );
    expect(zeros).toBeGreaterThan(20);
    expect(zeros).toBeLessThan(60);
    // moving average ← 0.5 · old + 0.5 · batch: mean of 1 and 3 is 2, of −2 and 2 is 0; variances are 1 and 4
    const [, , movingMean, movingVariance] = weightsOf(model);
    expect(movingMean).toEqual([1, 0].map((value) => expect.closeTo(value, 5)));
    expect(movingVariance).toEqual([1, 2.5].map((value) => expect.closeTo(value, 4)));
    const { data } = await model.predict([[1, 2]]);
    expect(data.every((value) => value !== 0)).toBe(true);
  });

  test('constraints of weights hold after each step', async () => {
    const model = linear([[0.1]], { kernelConstraint: 'nonNeg' });
    model.compile({ optimizer: 'sgd', learningRate: 1, loss: regression });
    await model.fit(samplerOf([() => batchOf([[1], [1]], [-3, -4])]));
    expect(weightsOf(model)).toEqual([[0]]);
  });

  test('no tensor is left after a hundred steps, and the inputs are as they were', async () => {
    const model = similarityModel({ ...network(), seed: 1 });
    model.compile({ loss: multiSimilarity(), metrics: [spread] });
    const data = clusters();
    await model.fit(data, { stepsPerEpoch: 2 });
    const before = memory().numTensors;
    await model.fit(data, { epochs: 10, stepsPerEpoch: 10, batchSize: 16, validationData: data });
    expect(memory().numTensors).toBe(before);
    const owned = { x: tensor2d([...data.x.data], [60, 4]), labels: tensor1d(data.labels, 'int32') };
    await model.fit(owned, { batchSize: 16 });
    expect(memory().numTensors).toBe(before + 2);
    owned.x.dispose();
    owned.labels.dispose();
  });

  test('callbacks of every kind come in the order of tfjs, with its logs', async () => {
    const model = similarityModel({ ...network(), seed: 1 });
    model.compile({ loss: multiSimilarity(), metrics: [spread] });
    const calls: string[] = [];
    class Recorder extends Callback {
      override async onTrainBegin(): Promise<void> {
        calls.push(`class ${this.model === model.layers} ${this.params['epochs']}`);
      }
      override async onEpochEnd(epoch: number): Promise<void> {
        calls.push(`class epoch ${epoch}`);
      }
    }
    const data = clusters();
    const { epochs, losses, cancelled } = await model.fit(data, {
      epochs: 2,
      stepsPerEpoch: 2,
      batchSize: 16,
      validationData: data,
      callbacks: [
        new Recorder(),
        {
          onTrainBegin: () => void calls.push('begin'),
          onTrainEnd: () => void calls.push('end'),
          onEpochBegin: (epoch) => void calls.push(`epoch ${epoch}`),
          onEpochEnd: (epoch, logs) => {
            calls.push(`epoch ${epoch} end: ${Object.keys(logs!).join(' ')}`);
            logs!['mine'] = epoch;
          },
          onBatchBegin: (batch, logs) => void calls.push(`${batch} of ${logs!['size']}`),
          onBatchEnd: (batch, logs) => void calls.push(`${batch} end: ${Object.keys(logs!).join(' ')}`),
        },
      ],
    });
    const steps = calls.filter((call) => /^\d/.test(call));
    expect(calls.filter((call) => !/^\d/.test(call))).toEqual([
      'class true 2',
      'begin',
      'epoch 0',
      'class epoch 0',
      'epoch 0 end: loss spread val_loss val_spread',
      'epoch 1',
      'class epoch 1',
      'epoch 1 end: loss spread val_loss val_spread',
      'end',
    ]);
    expect(steps.filter((call) => call.endsWith('of 15'))).toEqual(['0 of 15', '1 of 15', '0 of 15', '1 of 15']);
    const ends = [0, 1, 0, 1].map((batch) => `${batch} end: batch size loss spread`);
    expect(steps.filter((call) => !call.endsWith('of 15'))).toEqual(ends);
    expect(epochs.map(({ mine }) => mine)).toEqual([0, 1]);
    expect(epochs[0]!['loss']).toBeCloseTo((losses[0]! + losses[1]!) / 2, 6);
    expect(cancelled).toBe(false);
  });

  test('tf.callbacks.earlyStopping stops', async () => {
    const model = linear([[0]]);
    model.compile({ optimizer: 'sgd', learningRate: 1e-9, loss: regression });
    const sampler = samplerOf([() => batchOf([[1], [1]], [1, 2])]);
    const { epochs } = await model.fit(sampler, {
      epochs: 9,
      callbacks: callbacks.earlyStopping({ monitor: 'loss', patience: 2, minDelta: 1 }),
    });
    expect(epochs.length).toBe(3);
  });

  test('a signal ends training between steps; the history and the weights so far stay', async () => {
    const model = similarityModel({ ...network(), seed: 1 });
    model.compile({ loss: multiSimilarity() });
    const before = weightsOf(model);
    const controller = new AbortController();
    const history = await model.fit(clusters(), {
      epochs: 50,
      batchSize: 16,
      signal: controller.signal,
      onStep: ({ step }) => step === 4 && controller.abort(),
    });
    expect(history.cancelled).toBe(true);
    expect(history.losses.length).toBeGreaterThanOrEqual(5);
    expect(history.losses.length).toBeLessThanOrEqual(6);
    expect(history.epochs.length).toBe(2);
    expect(weightsOf(model)).not.toEqual(before);
    const { losses } = await model.fit(clusters(), { batchSize: 16, signal: controller.signal });
    expect(losses).toEqual([]);
  });

  test('onStep tells where training is', async () => {
    const model = similarityModel({ ...network(), seed: 1 });
    model.compile({ loss: multiSimilarity() });
    const told: [number, number, number][] = [];
    let last = Number.NaN;
    const { losses } = await model.fit(clusters(), {
      epochs: 2,
      batchSize: 20,
      onStep: ({ epoch, step, steps, loss, milliseconds, secondsLeft }) => {
        told.push([epoch, step, steps]);
        expect(milliseconds).toBeGreaterThan(0);
        expect(loss).toBeGreaterThan(0);
        last = secondsLeft;
      },
    });
    expect(told).toEqual([0, 1, 2, 3, 4, 5].map((step) => [Math.floor(step / 3), step, 6]));
    expect(last).toBe(0);
    expect(losses.length).toBe(6);
  });

  test('a sampler with an end is begun again with each epoch', async () => {
    const model = linear([[0]]);
    model.compile({ loss: regression });
    const { losses } = await model.fit(samplerOf([() => batchOf([[1], [1]], [1, 2])], 3), { epochs: 2 });
    expect(losses.length).toBe(2);
  });

  test('loss after one validation batch is the mean over rows, by hand', async () => {
    const model = linear([[1]]);
    model.compile({ optimizer: 'sgd', learningRate: 1e-12, loss: regression });
    const batch = (): Batch => batchOf([[1], [2]], [0, 1]);
    const validation = samplerOf([
      () => batchOf([[3], [5]], [1, 1]),
      () => batchOf([[2], [2], [2], [3]], [1, 2, 1, 1]),
    ]);
    const { epochs } = await model.fit(samplerOf([batch]), { validationData: validation });
    expect(epochs[0]!['val_loss']).toBeCloseTo((4 + 16 + 1 + 0 + 1 + 4) / 6, 5);
  });

  describe('bad input is refused before anything changes', () => {
    const fitting = async (bad: () => Batch, loss = multiSimilarity()): Promise<string> => {
      const inputs = input({ shape: [2] });
      const normed = layers.batchNormalization().apply(inputs);
      const model = similarityModel({
        inputs,
        outputs: layers.dense({ units: 2 }).apply(normed) as SymbolicTensor,
        seed: 1,
      });
      model.compile({ loss });
      const good = (): Batch =>
        batchOf(
          [
            [1, 2],
            [3, 4],
            [5, 7],
          ],
          [0, 1, 0],
        );
      await model.fit(samplerOf([good]));
      const [before, tensors] = [weightsOf(model), memory().numTensors];
      const said = await messageOf(model.fit(samplerOf([bad])));
      expect(weightsOf(model)).toEqual(before);
      expect(memory().numTensors).toBeLessThanOrEqual(tensors);
      await model.fit(samplerOf([good]));
      expect(weightsOf(model).flat().every(Number.isFinite)).toBe(true);
      return said;
    };

    test('NaN in the data names the row', async () => {
      expect(
        await fitting(() =>
          batchOf(
            [
              [1, 2],
              [3, Number.NaN],
              [5, 7],
            ],
            [0, 1, 0],
          ),
        ),
      ).toMatchInlineSnapshot(
        `"model.fit, step 0: row 1 of x of a batch must have finite numbers only, but got NaN. Repair or leave out that item. Nothing was changed. [ERR_NAN]"`,
      );
    });

    test('a loss that is not finite', async () => {
      const loss = defineLoss(
        'broken',
        {},
        (_, embeddings) => mul(mean(embeddings), Number.POSITIVE_INFINITY) as Scalar,
      );
      const model = linear([[1]]);
      model.compile({ loss });
      const before = weightsOf(model);
      expect(await messageOf(model.fit(samplerOf([() => batchOf([[1], [2]], [0, 1])])))).toMatchInlineSnapshot(
        `"model.fit, step 0: the loss must be finite, but got Infinity. All embeddings are finite, so broken made it of them: try a smaller learningRate, a larger temperature or a smaller scale. The weights are as before this step. [ERR_NAN]"`,
      );
      expect(weightsOf(model)).toEqual(before);
    });

    test('a finite loss with a gradient that is not', async () => {
      // d √u / du at u = 0 is infinite, while √0 is 0.
      const loss = defineLoss('steep', {}, (_, embeddings) => mean(sqrt(sub(embeddings, embeddings))) as Scalar);
      const model = linear([[1]]);
      model.compile({ loss });
      const before = weightsOf(model);
      const said = await messageOf(model.fit(samplerOf([() => batchOf([[1], [2]], [0, 1])])));
      expect(said.replace(/dense_Dense\d+/, 'dense')).toMatchInlineSnapshot(
        `"model.fit, step 0: the gradients must be finite, but got NaN. They are those of dense/kernel (1 of 1). Try a smaller learningRate, or end the model with metricEmbedding. The weights are as before this step. [ERR_NAN]"`,
      );
      expect(weightsOf(model)).toEqual(before);
    });

    test('one class in a batch, unless the loss has weights to compare with', async () => {
      expect(
        await fitting(() =>
          batchOf(
            [
              [1, 2],
              [3, 4],
            ],
            [7, 7],
          ),
        ),
      ).toMatchInlineSnapshot(
        `"model.fit, step 0: a batch must have items of at least two classes, but got [7, 7]. Use multiShotSampler with classesPerBatch of 2 or more. [ERR_DATA]"`,
      );
    });

    test('an empty batch', async () => {
      const empty = (): Batch => ({ x: tensor2d([], [0, 2]), labels: tensor1d([], 'int32') });
      expect(await fitting(empty)).toMatchInlineSnapshot(
        `"model.fit, step 0: x must have at least one item. Leave the call out where there is nothing to do. [ERR_DATA]"`,
      );
    });

    test('labels that do not match the rows', async () => {
      expect(
        await fitting(() =>
          batchOf(
            [
              [1, 2],
              [3, 4],
            ],
            [0, 1, 2],
          ),
        ),
      ).toMatchInlineSnapshot(
        `"model.fit, step 0: there must be one label for each of the 2 rows of x, but got 3. Check that x and labels were cut alike. [ERR_SHAPE]"`,
      );
    });

    test('labels one-hot', async () => {
      const oneHot = (): Batch => ({
        x: tensor2d([
          [1, 2],
          [3, 4],
        ]),
        labels: tensor2d([
          [0, 1],
          [1, 0],
        ]) as never,
      });
      expect(await fitting(oneHot)).toMatchInlineSnapshot(
        `"model.fit, step 0: labels must have shape [n], one class id a row of x, but got [2, 2]. For one-hot labels, pass labels.argMax(1). [ERR_SHAPE]"`,
      );
    });

    test('items of another shape', async () => {
      expect(
        await fitting(() =>
          batchOf(
            [
              [1, 2, 3],
              [3, 4, 5],
            ],
            [0, 1],
          ),
        ),
      ).toMatchInlineSnapshot(
        `"model.fit, step 0: x must have shape [n, 2], as the inputs of the model say, but got [2, 3]. Reshape or resize the items. [ERR_SHAPE]"`,
      );
    });
  });
});

describe('plain data', () => {
  beforeEach(() => setBackend('cpu'));

  test('comes in shuffled batches, each item once an epoch, the same with the same seed', async () => {
    const seen = async (seed: number): Promise<number[][]> => {
      const batches: number[][] = [];
      const model = similarityModel({ ...network(), seed });
      const loss = defineLoss('spy', {}, (labels, embeddings) => {
        batches.push([...(labels as Tensor1D).dataSync()]);
        return mean(embeddings) as Scalar;
      });
      model.compile({ loss });
      const { x } = clusters();
      await model.fit({ x, labels: Int32Array.from({ length: 60 }, (_, i) => i) }, { epochs: 2, batchSize: 25 });
      return batches;
    };
    const first = await seen(1);
    expect(first.map(({ length }) => length)).toEqual([20, 20, 20, 20, 20, 20]);
    expect(
      first
        .slice(0, 3)
        .flat()
        .toSorted((a, b) => a - b),
    ).toEqual([...Array(60).keys()]);
    expect(first.slice(3).flat()).not.toEqual(first.slice(0, 3).flat());
    expect(await seen(1)).toEqual(first);
    expect(await seen(2)).not.toEqual(first);
  });

  test.each([
    ['NaN', (data: Float32Array) => void (data[9] = Number.NaN), 60],
    ['too few labels', () => undefined, 59],
  ])('%s is refused', async (_, spoil, count) => {
    const model = similarityModel({ ...network(), seed: 1 });
    model.compile({ loss: multiSimilarity() });
    const { x, labels } = clusters();
    spoil(x.data);
    const message = await messageOf(model.fit({ x, labels: labels.subarray(0, count) }));
    expect(message).toBe(
      count === 60
        ? 'model.fit: row 2 of x must have finite numbers only, but got NaN. Repair or leave out that item. Nothing was changed. [ERR_NAN]'
        : 'model.fit: there must be one label for each of the 60 rows of x, but got 59. Check that x and labels were cut alike. [ERR_SHAPE]',
    );
  });

  test('a sampler without a batch, no data, and a fit within a fit are refused', async () => {
    const model = similarityModel({ ...network(), seed: 1 });
    expect(await messageOf(model.fit(clusters()))).toMatchInlineSnapshot(
      `"model.fit: the model must be compiled. Call model.compile({ loss }) first. [ERR_STATE]"`,
    );
    model.compile({ loss: multiSimilarity() });
    expect(await messageOf(model.fit(samplerOf([], 3)))).toMatchInlineSnapshot(
      `"model.fit: the sampler must have at least one batch. Check its options and its data. [ERR_DATA]"`,
    );
    expect(await messageOf(model.fit([[1]] as never))).toMatchInlineSnapshot(
      `"model.fit: data must be a sampler or { x, labels } of tensors or items, but got [[1]]. Make a sampler with multiShotSampler, or pass { x: { data, shape }, labels }. [ERR_OPTION]"`,
    );
    const running = model.fit(clusters());
    expect(await messageOf(model.fit(clusters()))).toMatchInlineSnapshot(
      `"model.fit: the model must not be in training. Await the fit before. [ERR_STATE]"`,
    );
    await running;
  });
});

test('the event loop has its turn while a long fit runs', async () => {
  await setBackend('cpu');
  const model = similarityModel({ ...network(), seed: 1 });
  model.compile({ loss: multiSimilarity() });
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const { milliseconds } = await model.fit(clusters(), { epochs: 30, batchSize: 20 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(milliseconds / 100);
});

test('a backend that lacks a kernel is named, with the way out', async () => {
  if (registerBackend('partial', () => new MathBackendCPU(), 0)) copyRegisteredKernels('cpu', 'partial');
  unregisterKernel('BatchMatMul', 'partial');
  await setBackend('partial');
  const model = similarityModel(network());
  model.compile({ loss: multiSimilarity() });
  expect(await messageOf(model.fit(clusters()))).toMatchInlineSnapshot(
    `"model.fit, step 0: the backend partial must be able to train this model, but got 'Kernel 'BatchMatMul' not registered for backend 'partial''. Call await selectBackend({ training: true }) from '@simile/core/backend' first. [ERR_BACKEND]"`,
  );
  await setBackend('cpu');
});

function regressionOf(labels: Tensor1D, embeddings: Tensor2D): Scalar {
  return mean(square(sub(sum(embeddings, 1), labels))) as Scalar;
}

function spread(_: Tensor1D, embeddings: Tensor2D): Scalar {
  return mean(square(sub(embeddings, mean(embeddings, 0)))) as Scalar;
}
