import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { memory, setBackend, tensor1d, tensor2d, zeros, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { normalizedSoftmax } from './normalized-softmax.ts';
import { subCenterArcFace } from './sub-center-arc-face.ts';

beforeAll(() => setBackend('cpu'));

const weightsOf = (loss: ReturnType<typeof normalizedSoftmax>): number[] => [...loss.variables![0]!.dataSync()];

describe('weights of a class loss', () => {
  test('are normal numbers that hang on the seed alone, of lengths near 1', () => {
    const make = (seed?: number): number[] =>
      weightsOf(normalizedSoftmax({ classes: 50, dimension: 64, ...(seed !== undefined && { seed }) }));
    expect(make()).toEqual(make(0));
    expect(make(1)).not.toEqual(make(0));
    const all = make(2);
    const mean = all.reduce((total, x) => total + x, 0) / all.length;
    const squares = all.reduce((total, x) => total + x * x, 0) / all.length;
    // 3200 numbers of variance 1/64: their mean is good to 0.125/√3200, their variance to 1/64·√(2/3200), times 4.
    expect(Math.abs(mean)).toBeLessThan(0.009);
    expect(Math.abs(squares - 1 / 64)).toBeLessThan(0.0016);
  });

  test('may be given, as rows or as a tensor that stays with its owner', () => {
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const given = tensor2d(rows);
    for (const weights of [rows, given]) {
      const loss = normalizedSoftmax({ classes: 2, dimension: 3, weights });
      expect(weightsOf(loss)).toEqual([1, 2, 3, 4, 5, 6]);
      loss.variables![0]!.assign(zeros([2, 3]));
      loss.dispose!();
    }
    expect([...given.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('may be several a class', () => {
    const loss = subCenterArcFace({ classes: 4, dimension: 3, subCenters: 2 });
    expect(loss.variables![0]!.shape).toEqual([8, 3]);
    loss.dispose!();
  });

  test('are freed by dispose, twice or once, and the loss then says so', () => {
    const before = memory().numTensors;
    const loss = normalizedSoftmax({ classes: 2, dimension: 3 });
    expect(memory().numTensors).toBe(before + 1);
    loss.dispose!();
    loss.dispose!();
    expect(memory().numTensors).toBe(before);
    expect(() => loss(tensor1d([0]), tensor2d([[1, 2, 3]]))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: the loss must still have its weights. It was disposed of: make a new one. [ERR_STATE]]`,
    );
  });

  test('of two losses are two variables', () => {
    const [a, b] = [1, 1].map((seed) => normalizedSoftmax({ classes: 2, dimension: 3, seed }));
    expect(a!.variables![0]!.name).not.toBe(b!.variables![0]!.name);
    expect(a!.options).toEqual({ classes: 2, dimension: 3, seed: 1, temperature: 0.05 });
    expect(a!.distance!.name).toBe('cosine');
  });

  test('say what is wrong with an option', () => {
    const make = (options: object) => () => normalizedSoftmax({ classes: 2, dimension: 3, ...options });
    expect(make({ classes: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: classes must be a whole number of at least 2, but got 1. Say how many classes there are; labels run from 0 to one less. [ERR_OPTION]]`,
    );
    expect(make({ dimension: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: dimension must be a whole number of at least 1, but got 0. Say how wide the embeddings are. [ERR_OPTION]]`,
    );
    expect(make({ seed: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: seed must be a whole number of at least 0, but got 0.5. Leave seed out to use the default. [ERR_OPTION]]`,
    );
    expect(make({ weights: [[1, 2, 3]] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: weights must have shape [2, 3], but got [1, 3]. Leave weights out to start from random ones. [ERR_SHAPE]]`,
    );
    expect(make({ weights: [[1, 2, 3], [4]] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: weights must have shape [2, 3], but got 'rows of several lengths'. Leave weights out to start from random ones. [ERR_SHAPE]]`,
    );
    expect(make({ weights: zeros([3, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: weights must have shape [2, 3], but got [3, 2]. Leave weights out to start from random ones. [ERR_SHAPE]]`,
    );
    expect(make({ temperature: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: temperature must be a finite number above 0, but got 0. Leave temperature out to use the default. [ERR_OPTION]]`,
    );
    expect(make({ temprature: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: options are classes, dimension, seed, weights, temperature, reduce, but got 'temprature'. Check the spelling. [ERR_OPTION]]`,
    );
  });

  test('and of a call', () => {
    const loss = normalizedSoftmax({ classes: 2, dimension: 3 });
    const rows = tensor2d([[1, 2, 3]]);
    expect(() => loss(tensor1d([0]), tensor2d([[1, 2]]))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: embeddings must have shape [n, 3], as wide as the weights, but got [1, 2]. Give the loss the width of the embeddings as dimension. [ERR_SHAPE]]`,
    );
    expect(() =>
      loss(tensor1d([0]), rows, { labels: tensor1d([0]), embeddings: rows as Tensor2D }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: rows are compared with the weights of the loss, not with a reference. Leave the reference out, or use a loss over pairs. [ERR_OPTION]]`,
    );
  });
});
