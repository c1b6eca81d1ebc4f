import type { Augmenter } from '@simile/core';
import type { Items } from '@simile/core/items';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { twoViewSampler, type TwoViewSamplerOptions } from './two-view-sampler.ts';

/** Items whose value is ten times their row. */
const tens = (count: number): Items<Float32Array> => ({
  data: Float32Array.from({ length: count }, (_, row) => 10 * row),
  shape: [count, 1],
});

/** Adds a random number from 0 to 1 to each. */
const shift: Augmenter = ({ data, shape }, random) => ({
  data: Float32Array.from(data, (value) => value + random.uniform()),
  shape,
});

function taken(x: Items, options: TwoViewSamplerOptions, steps: number, from = 0) {
  const stream = twoViewSampler(x, options).items(from);
  return Array.from({ length: steps }, () => {
    const { x, labels } = stream.next().value!;
    return { values: [...x.data], labels: [...labels] };
  });
}

beforeAll(() => tf.setBackend('cpu'));

describe('batches of the two-view sampler', () => {
  test('hold first views and then second ones, in one order, with the row of the item as label', () => {
    for (const { values, labels } of taken(tens(9), { itemsPerBatch: 4, augment: shift }, 30)) {
      expect(labels).toHaveLength(8);
      expect(labels.slice(4)).toEqual(labels.slice(0, 4));
      expect(new Set(labels).size).toBe(4);
      expect(values.map((value) => Math.floor(value / 10))).toEqual(labels);
    }
  });

  test('show each item in two views that differ, at every step anew', () => {
    const batches = taken(tens(4), { itemsPerBatch: 4, augment: shift, shuffle: false }, 20);
    const offsets = batches.flatMap(({ values, labels }) => values.map((value, i) => value - 10 * labels[i]!));
    // 160 numbers that float32 keeps to 2e-6: none should come twice.
    expect(new Set(offsets.map((x) => x.toFixed(5))).size).toBeGreaterThan(155);
  });

  test('bring every item once before any comes again, across batches and epochs', () => {
    const batches = taken(tens(7), { itemsPerBatch: 3, augment: shift, stepsPerEpoch: 2 }, 70);
    const rows = batches.flatMap(({ labels }) => labels.slice(0, 3));
    for (let at = 0; at + 7 <= rows.length; at += 7) expect(new Set(rows.slice(at, at + 7)).size).toBe(7);
    expect(rows.slice(0, 7)).not.toEqual(rows.slice(7, 14));
  });

  test('walk in the order of the data without shuffle', () => {
    const batches = taken(tens(5), { itemsPerBatch: 2, augment: shift, shuffle: false }, 3);
    expect(batches.flatMap(({ labels }) => labels.slice(0, 2))).toEqual([0, 1, 2, 3, 4, 0]);
  });

  test('make the second view by another augmenter where one is given', () => {
    const negate: Augmenter = ({ data, shape }) => ({ data: data.map((value) => -value) as Float32Array, shape });
    const [batch] = taken(tens(3), { itemsPerBatch: 3, augment: shift, secondAugment: negate, shuffle: false }, 1);
    expect(batch!.values.slice(3)).toEqual([-0, -10, -20]);
  });

  test('are the same for a seed each time, others for another, and go on from a step as from the beginning', () => {
    const options = { itemsPerBatch: 3, augment: shift, seed: 5 };
    expect(taken(tens(8), options, 10)).toEqual(taken(tens(8), options, 10));
    expect(taken(tens(8), { ...options, seed: 6 }, 10)).not.toEqual(taken(tens(8), options, 10));
    expect(taken(tens(8), options, 4, 6)).toEqual(taken(tens(8), options, 10).slice(6));
  });

  test('come as tensors from for await, which starts from the seed', async () => {
    const sampler = twoViewSampler(
      { data: new Uint8Array(24).fill(3), shape: [6, 2, 2] },
      { itemsPerBatch: 2, augment: shift },
    );
    const before = tf.memory().numTensors;
    for await (const { x, labels } of sampler) {
      expect([x.shape, x.dtype, labels.shape, labels.dtype]).toEqual([[4, 2, 2], 'float32', [4], 'int32']);
      tf.dispose([x, labels]);
      break;
    }
    expect(tf.memory().numTensors).toBe(before);
    expect([sampler.stepsPerEpoch, sampler.batchSize, sampler.size, sampler.seed]).toEqual([3, 4, 6, 0]);
  });

  test('leave the data as it is', () => {
    const x = tens(4);
    const wild: Augmenter = ({ data, shape }) => ({ data: (data as Float32Array).fill(7), shape });
    taken(x, { itemsPerBatch: 4, augment: wild }, 2);
    expect([...x.data]).toEqual([0, 10, 20, 30]);
  });
});

describe('the two-view sampler says what is wrong', () => {
  const make =
    (options: object, x: Items = tens(4)) =>
    () =>
      twoViewSampler(x, { itemsPerBatch: 2, augment: shift, ...options });

  test('with an option', () => {
    expect(make({ itemsPerBatch: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: itemsPerBatch must be a whole number from 2 to the number of items, 4, but got 1. Say how many items a batch has two views of. [ERR_OPTION]]`,
    );
    expect(make({ itemsPerBatch: 5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: itemsPerBatch must be a whole number from 2 to the number of items, 4, but got 5. Say how many items a batch has two views of. [ERR_OPTION]]`,
    );
    expect(make({ augment: undefined })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: augment must be an augmenter. Pass one of @simile/augmenters, or your own. [ERR_OPTION]]`,
    );
    expect(make({ secondAugment: 'flip' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: secondAugment must be an augmenter, but got 'flip'. Pass one of @simile/augmenters, or your own. [ERR_OPTION]]`,
    );
    expect(make({ stepsPerEpoch: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: stepsPerEpoch must be a whole number of at least 1, but got 0. Leave stepsPerEpoch out to use the default. [ERR_OPTION]]`,
    );
    expect(make({ seed: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: seed must be a whole number of at least -9007199254740991, but got 0.5. Leave seed out to use the default. [ERR_OPTION]]`,
    );
    expect(make({ shuffle: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: shuffle must be one of true, false, but got 1. Leave shuffle out to use the default. [ERR_OPTION]]`,
    );
    expect(make({ classesPerBatch: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: options are itemsPerBatch, augment, secondAugment, stepsPerEpoch, seed, shuffle, but got 'classesPerBatch'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => twoViewSampler(tens(4), { itemsPerBatch: 2, augment: shift }).items(-1).next()).toThrow(
      /from must be/,
    );
  });

  test('with the data', () => {
    expect(make({}, { data: new Float32Array(0), shape: [0, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: the data must hold items, but got [0, 1]. Give at least one item. [ERR_DATA]]`,
    );
    expect(make({}, { data: new Float32Array([1, NaN, 3]), shape: [3, 1] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: row 1 of the data must hold finite numbers, but got NaN. Repair that row or leave it out. [ERR_DATA]]`,
    );
    expect(make({}, { data: new Float32Array(3), shape: [2, 1] })).toThrow(/must have 2 values/);
  });

  test('with what an augmenter returns', () => {
    const fewer: Augmenter = () => ({ data: new Float32Array(1), shape: [1, 1] });
    const wider: Augmenter = () => ({ data: new Float32Array(4), shape: [2, 2] });
    expect(() => make({ augment: fewer })().items().next()).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: augment must return 2 items, as many as it got, but got 1. Return one item for each. [ERR_SHAPE]]`,
    );
    expect(() => make({ secondAugment: wider })().items().next()).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: two-view-sampler: both views must have items of shape [1], as the first has, but got [2]. Let both augmenters return one shape. [ERR_SHAPE]]`,
    );
  });
});
