import { defineLoss, type Loss } from '@simile/core';
import { euclidean } from '@simile/distances';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { memory, scalar, setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { logSumExp, meanOf, partners } from '../test/pairs.ts';
import { arcFace } from './arc-face.ts';
import { contrastive } from './contrastive.ts';
import { crossBatchMemory } from './cross-batch-memory.ts';
import { margin } from './margin.ts';
import { multipleLosses } from './multiple-losses.ts';
import { nPairs } from './n-pairs.ts';

interface Options {
  weights?: readonly number[];
}

const make = (options: Options = {}): Loss => multipleLosses({ losses: [contrastive(), nPairs()], ...options });

/** Half squares of what is too far or too near, and log(1 + Σ e^(s_n − s_p)), each by loops, added. */
function oracle(input: LossOracleInput, { weights = [1, 1] }: Options): number {
  const far = partners(input, 'euclidean');
  const pull = far.flatMap(({ positives }) => positives.map(({ d }) => d ** 2 / 2));
  const push = far.flatMap(({ negatives }) => negatives.map(({ d }) => Math.max(0, 1 - d) ** 2 / 2));
  const tuplets = partners(input, 'inner-product').flatMap(({ positives, negatives }) =>
    positives.map(({ d }) => logSumExp([0, ...negatives.map((other) => d - other.d)])),
  );
  return weights[0]! * (meanOf(pull) + meanOf(push)) + weights[1]! * meanOf(tuplets);
}

testLoss(
  make,
  {
    oracle,
    worked: [
      // One class: contrastive has positives at 2 and no negatives, 2² / 2; nPairs has no negative: log 1.
      { labels: [0, 0], rows: [[0], [2]], value: 2 },
      // Strangers at 0.5: ½ · 0.5², times 3; nPairs has no positive.
      { options: { weights: [3, 1] }, labels: [0, 1], rows: [[0], [0.5]], value: 3 * 0.125 },
      { options: { weights: [3, 0] }, labels: [0, 1], rows: [[0], [0.5]], value: 3 * 0.125 },
    ],
    options: [{ weights: [0.25, 2] }],
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('multipleLosses', () => {
  test('has the first distance, and the variables of all, each once', () => {
    const before = memory().numTensors;
    const none = defineLoss('none', {}, () => scalar(0));
    const weighted = arcFace({ classes: 2, dimension: 3 });
    const bounded = margin({ learnBeta: true });
    const loss = multipleLosses({ losses: [none, weighted, bounded, weighted] });
    expect(loss.distance!.name).toBe('cosine');
    expect(loss.variables).toEqual([...weighted.variables!, ...bounded.variables!]);
    expect(loss.options).toEqual({ losses: ['none', 'arc-face', 'margin', 'arc-face'], weights: [1, 1, 1, 1] });
    loss.dispose!();
    expect(memory().numTensors).toBe(before);
    expect(multipleLosses({ losses: [none] }).variables).toBe(undefined);
    expect(multipleLosses({ losses: [none] }).distance).toBe(undefined);
  });

  test('lets a loss with a memory keep it', () => {
    const loss = multipleLosses({ losses: [crossBatchMemory({ loss: contrastive({ power: 1 }), memorySize: 4 })] });
    const values = [0, 2].map((x) => loss(tensor1d([0]), tensor2d([[x]])).dataSync()[0]);
    expect(values).toEqual([0, 2]);
    loss.dispose!();
  });

  test('says what is wrong with an option', () => {
    expect(() => multipleLosses({ losses: [] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multiple-losses: losses must be a list of one loss or more, but got []. Pass losses: [multiSimilarity(), …]. [ERR_OPTION]]`,
    );
    expect(() => multipleLosses({ losses: [contrastive(), 'circle' as never] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multiple-losses: losses[1] must be a loss, such as multiSimilarity(), but got 'circle'. Pass what its factory returns. [ERR_OPTION]]`,
    );
    expect(() => multipleLosses({ losses: [contrastive()], weights: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multiple-losses: weights must be 1 finite numbers, 0 or more, but got [1, 2]. Leave weights out to let all count alike. [ERR_OPTION]]`,
    );
    expect(() => multipleLosses({ losses: [contrastive()], weights: [-1] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multiple-losses: weights must be 1 finite numbers, 0 or more, but got [-1]. Leave weights out to let all count alike. [ERR_OPTION]]`,
    );
    const misspelt = { losses: [contrastive({ distance: euclidean() })], weight: 1 };
    expect(() => multipleLosses(misspelt)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multiple-losses: options are losses, weights, but got 'weight'. Check the spelling. [ERR_OPTION]]`,
    );
    // @ts-expect-error no losses
    expect(() => multipleLosses({})).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multiple-losses: losses must be a list of one loss or more. Pass losses: [multiSimilarity(), …]. [ERR_OPTION]]`,
    );
  });
});
