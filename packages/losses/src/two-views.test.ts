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
import { byol } from './byol.ts';
import { clip } from './clip.ts';
import { dino } from './dino.ts';
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

  test('takes targets from a slower copy of network and head, which follows them', () => {
    const before = memory().numTensors;
    const [network, weights] = [variable(tensor2d([[1, 2]])), variable(tensor2d([[3], [-1]]))];
    const head = (rows: Tensor2D): Tensor2D => matMul(rows, weights as unknown as Tensor2D);
    const steps: number[] = [];
    const momentum = (step: number): number => 1 - 0.5 ** (1 + (steps.push(step) - 1)); // ½, then ¾
    const loss = twoViews({ loss: dino({ dimension: 1 }), head, headVariables: [weights], targetHead: head, momentum });
    expect(loss.variables).toEqual([weights]);
    for (let i = 0; i < 2; i++) loss.prepare!({ dimension: 2, variables: [network] });
    expect(loss.state!.map((each) => [...each.dataSync()])).toEqual([[0], [1, 2], [3, -1]]);
    network.assign(tensor2d([[5, 2]]));
    weights.assign(tensor2d([[1], [-1]]));
    const embed = (): Tensor2D => matMul(tensor2d([[1], [2]]), network as unknown as Tensor2D);
    // With the weights of before: (1, 2) · (3, −1) = 1, and twice that; then those of now are back.
    const slow = loss.slower!.embed(embed);
    expect([...slow.dataSync()]).toEqual([1, 2]);
    expect([...network.dataSync(), ...weights.dataSync()]).toEqual([5, 2, 1, -1]);
    loss.slower!.follow();
    expect(loss.state!.slice(1).map((each) => [...each.dataSync()])).toEqual([
      [3, 2],
      [2, -1],
    ]);
    loss.slower!.follow();
    expect(loss.state!.slice(1).map((each) => [...each.dataSync()])).toEqual([
      [3.5, 2],
      [1.75, -1],
    ]);
    expect(steps).toEqual([0, 1]);
    expect(() => loss.prepare!({ dimension: 2, variables: [weights] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: the slower network follows the one that the loss was compiled with first. Make one loss a model. [ERR_STATE]]`,
    );
    loss.dispose!();
    dispose([network, weights, slow]);
    expect(memory().numTensors - before).toBe(4); // what the variables were made of and assigned
  });

  test('compares each view with the target of the other', () => {
    const loss = twoViews({ loss: byol(), momentum: 0.9 });
    const targets = tensor2d([
      [2, 1],
      [0, 3],
      [1, 1],
      [4, -1],
    ]);
    const [one, other] = [slice(targets, 0, 2), slice(targets, 2, 2)];
    expect(number(loss(items, batch, { labels: items, embeddings: targets }))).toBeCloseTo(
      number(byol()(first, second, { first: one, second: other })),
      6,
    );
    expect(loss.options).toEqual({ loss: 'byol', momentum: 0.9 });
    expect(() => loss(items, batch)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: the batch is compared with what a slower network makes of it, which must be given as the reference. Train with fit, which does that. [ERR_OPTION]]`,
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
      `[SimileError: two-views: sim-siam takes targets, so there must be a head or a momentum. Pass the predictor as head: (rows) => predictor.apply(rows), with its weights as headVariables. [ERR_OPTION]]`,
    );
    expect(() => twoViews({ loss: ntXent(), head: {} as never })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: head must be a function of embeddings, but got an object with no keys. Pass the predictor as head: (rows) => predictor.apply(rows), with its weights as headVariables. [ERR_OPTION]]`,
    );
    expect(() => twoViews({ loss: byol(), momentum: 0.9, targetHead: 3 as never })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: targetHead must be a function of embeddings, but got 3. Pass the predictor as head: (rows) => predictor.apply(rows), with its weights as headVariables. [ERR_OPTION]]`,
    );
    expect(() => twoViews({ loss: byol(), momentum: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: momentum must be a number from 0 to 1, but got 1.5. Leave momentum out to use the default. [ERR_OPTION]]`,
    );
    expect(() => twoViews({ loss: ntXent(), momentum: 0.9 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: momentum is for a loss that takes targets, which nt-xent does not, but got 0.9. Leave momentum out. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => twoViews({ loss: ntXent(), predictor: () => first })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-views: options are loss, head, headVariables, momentum, targetHead, but got 'predictor'. Check the spelling. [ERR_OPTION]]`,
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
