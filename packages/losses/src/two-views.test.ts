import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  dispose,
  matMul,
  memory,
  setBackend,
  slice,
  tensor1d,
  tensor2d,
  valueAndGrad,
  variable,
  variableGrads,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { barlowTwins } from './barlow-twins.ts';
import { clip } from './clip.ts';
import { ntXent } from './nt-xent.ts';
import { simSiam } from './sim-siam.ts';
import { twoViews } from './two-views.ts';
import { vicReg } from './vic-reg.ts';

beforeAll(() => setBackend('cpu'));

const first = tensor2d([
  [1, 2],
  [3, -1],
]);
const second = tensor2d([
  [0, 1],
  [2, 2],
]);
const batch = tensor2d([
  [1, 2],
  [3, -1],
  [0, 1],
  [2, 2],
]);
const items = tensor1d([7, 9, 7, 9], 'int32');
const number = (x: Tensor): number => x.dataSync()[0]!;

describe('twoViews', () => {
  test('takes the first half of a batch for one view and the second for the other', () => {
    const loss = twoViews({ loss: ntXent() });
    expect(number(loss(items, batch))).toBeCloseTo(number(ntXent()(first, second)), 6);
  });

  test('can be differentiated, and leaves its result alone', () => {
    const loss = twoViews({ loss: vicReg() });
    const before = memory().numTensors;
    const value = loss(items, batch);
    expect(memory().numTensors).toBe(before + 1);
    const { value: again, grad } = valueAndGrad((x: Tensor) => loss(items, x as Tensor2D))(batch);
    expect(grad.shape).toEqual([4, 2]);
    expect(grad.dataSync().some((x) => x !== 0)).toBe(true);
    dispose([value, again, grad]);
    expect(memory().numTensors).toBe(before);
  });

  test('lets a head stand between embeddings and loss, which is trained as well', () => {
    const weights = variable(
      tensor2d([
        [1, 0.5, 0],
        [0, 1, -1],
      ]),
    );
    const head = (rows: Tensor2D): Tensor2D => matMul(rows, weights as unknown as Tensor2D);
    const loss = twoViews({ loss: ntXent(), head, headVariables: [weights] });
    expect(number(loss(items, batch))).toBeCloseTo(number(ntXent()(head(first), head(second))), 6);
    expect(loss.variables).toEqual([weights]);
    const { grads } = variableGrads(() => loss(items, batch), [weights]);
    expect(grads[weights.name]!.dataSync().some((x) => x !== 0)).toBe(true);
  });

  test('gives a loss that takes targets what its predictor was given, as constants', () => {
    const weights = variable(
      tensor2d([
        [1, 2],
        [-1, 1],
      ]),
    );
    const head = (rows: Tensor2D): Tensor2D => matMul(rows, weights as unknown as Tensor2D);
    const loss = twoViews({ loss: simSiam(), head, headVariables: [weights] });
    expect(number(loss(items, batch))).toBeCloseTo(number(simSiam()(head(first), head(second), { first, second })), 6);
    // A head that hands its input on is its own target: only the other view pulls, and not through the target.
    const bare = twoViews({ loss: simSiam(), head: (rows) => rows });
    const { grad } = valueAndGrad((x: Tensor) => bare(items, x as Tensor2D))(batch);
    const { grad: alone } = valueAndGrad((x: Tensor) => simSiam()(x as Tensor2D, second, { first, second }))(first);
    expect([...grad.dataSync().subarray(0, 4)].map((x) => x.toFixed(5))).toEqual(
      [...alone.dataSync()].map((x) => x.toFixed(5)),
    );
  });

  test('has the parts of its loss, and frees them', () => {
    const before = memory().numTensors;
    const inner = clip();
    const loss = twoViews({ loss: inner });
    expect(loss.variables).toEqual(inner.variables);
    expect([loss.name, loss.options, loss.distance!.name]).toEqual(['two-views', { loss: 'clip' }, 'cosine']);
    loss.dispose!();
    expect(memory().numTensors).toBe(before);
    expect(twoViews({ loss: barlowTwins() }).distance).toBe(undefined);
    expect(twoViews({ loss: barlowTwins() }).variables).toBe(undefined);
  });

  test('says what is wrong with an option', () => {
    expect(() => twoViews({ loss: 'simclr' as never })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: loss must be a loss, such as ntXent(), but got 'simclr'. Pass what its factory returns. [ERR_OPTION]]`,
    );
    expect(() => twoViews({ loss: simSiam() })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: sim-siam takes targets, so there must be a head. Pass the predictor as head: (rows) => predictor.apply(rows), with its weights as headVariables. [ERR_OPTION]]`,
    );
    expect(() => twoViews({ loss: ntXent(), head: {} as never })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: head must be a function of embeddings, but got an object with no keys. Pass the predictor as head: (rows) => predictor.apply(rows), with its weights as headVariables. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => twoViews({ loss: ntXent(), predictor: () => first })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: options are loss, head, headVariables, but got 'predictor'. Check the spelling. [ERR_OPTION]]`,
    );
  });

  test('and of a call', () => {
    const loss = twoViews({ loss: ntXent() });
    expect(() => loss(tensor1d([0, 1, 2]), slice(batch, 0, 3))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: a batch must have an even number of rows, first views and then second views, but got [3, 2]. Draw batches with twoViewSampler. [ERR_SHAPE]]`,
    );
    expect(() => loss(items, batch, { labels: items, embeddings: batch })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: the two halves of the batch are compared with each other, not with a reference. Leave the reference out. [ERR_OPTION]]`,
    );
    expect(() => loss(tensor1d([0]), batch)).toThrow('labels must have shape [4]');
  });
});
