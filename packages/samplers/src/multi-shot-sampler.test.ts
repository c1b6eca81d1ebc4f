import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LabelledItems } from '@simile/core/items';
import { multiShotSampler, type MultiShotSamplerOptions } from './multi-shot-sampler.ts';

/** `counts[i]` rows of class `i`, dealt in turn, so that classes are not in blocks; the value of a row is its number. */
function numbered(...counts: number[]): LabelledItems<Float32Array> {
  const labels: number[] = [];
  for (let round = 0; round < Math.max(...counts); round++) {
    for (const [label, count] of counts.entries()) if (round < count) labels.push(label);
  }
  const x = { data: Float32Array.from(labels, (_, row) => row), shape: [labels.length, 1] };
  return { x, labels: Int32Array.from(labels) };
}

/** Labels and rows (values) of the first `steps` batches. */
function taken(data: LabelledItems, options: MultiShotSamplerOptions, steps: number, from = 0) {
  const stream = multiShotSampler(data, options).items(from);
  return Array.from({ length: steps }, () => {
    const { x, labels } = stream.next().value!;
    return { rows: [...x.data], labels: [...labels] };
  });
}

beforeAll(() => tf.setBackend('cpu'));

describe('batches of the multi-shot sampler', () => {
  test('hold examplesPerClass examples of classesPerBatch different classes, class after class', () => {
    const data = numbered(5, 6, 7, 8, 9);
    for (const { rows, labels } of taken(data, { classesPerBatch: 3, examplesPerClass: 4 }, 200)) {
      expect(labels).toHaveLength(12);
      const classes = [labels[0]!, labels[4]!, labels[8]!];
      expect(new Set(classes).size).toBe(3);
      expect(labels).toEqual(classes.flatMap((id) => [id, id, id, id]));
      expect(new Set(rows).size).toBe(12); // no row twice, also where a pass over a class ends inside a batch
      for (const [i, row] of rows.entries()) expect(data.labels[row]).toBe(labels[i]);
    }
  });

  test('bring every example of a class once before any comes again, across epochs', () => {
    const options = { classesPerBatch: 2, examplesPerClass: 3, stepsPerEpoch: 2 };
    const batches = taken(numbered(7, 10), options, 70);
    for (const [label, size] of [7, 10].entries()) {
      const rows = batches.flatMap(({ rows, labels }) => rows.filter((_, i) => labels[i] === label));
      expect(rows.length).toBe(210); // both classes are in every batch
      for (let at = 0; at + size <= rows.length; at += size) {
        expect(new Set(rows.slice(at, at + size)).size).toBe(size);
      }
    }
  });

  test('are balanced, without repeats and fair to every example, whatever the sizes', () => {
    const sample = fc.record({
      counts: fc.array(fc.integer({ min: 3, max: 12 }), { minLength: 1, maxLength: 6 }),
      examplesPerClass: fc.integer({ min: 1, max: 3 }),
      seed: fc.integer(),
      shuffle: fc.boolean(),
      share: fc.nat(),
    });
    fc.assert(
      fc.property(sample, ({ counts, share, ...options }) => {
        const classesPerBatch = 1 + (share % counts.length);
        const data = numbered(...counts);
        const seen = new Map<number, number[]>();
        for (const { rows, labels } of taken(data, { classesPerBatch, ...options }, 40)) {
          expect(new Set(labels).size).toBe(classesPerBatch);
          expect(rows).toHaveLength(classesPerBatch * options.examplesPerClass);
          expect(new Set(rows).size).toBe(rows.length);
          for (const [i, row] of rows.entries()) {
            expect(data.labels[row]).toBe(labels[i]);
            seen.set(labels[i]!, [...(seen.get(labels[i]!) ?? []), row]);
          }
        }
        for (const [label, rows] of seen) {
          const times = Array.from(new Set(rows), (row) => rows.filter((other) => other === row).length);
          const most = Math.max(...times);
          const least = new Set(rows).size < counts[label]! ? 0 : Math.min(...times);
          expect(most - least).toBeLessThanOrEqual(1); // none comes twice more than another
        }
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  test('shuffle differently in every pass', () => {
    const batches = taken(numbered(30), { classesPerBatch: 1, examplesPerClass: 30 }, 2);
    expect(batches[0]!.rows).not.toEqual(batches[1]!.rows);
  });

  test('draw all classes about equally often', () => {
    const batches = taken(numbered(4, 4, 4, 4, 4), { classesPerBatch: 2, examplesPerClass: 1 }, 5000);
    const counts = [0, 0, 0, 0, 0];
    for (const { labels } of batches) for (const label of labels) counts[label]!++;
    // 2000 expected, standard deviation √(5000 · 0.4 · 0.6) ≈ 35
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(175);
  });

  test('walk each class in the order of the data without shuffle, and begin again', () => {
    const data = numbered(3, 5);
    const batches = taken(data, { classesPerBatch: 2, examplesPerClass: 2, shuffle: false }, 4);
    const of = (label: number) => batches.flatMap(({ rows, labels }) => rows.filter((_, i) => labels[i] === label));
    expect(of(0)).toEqual([0, 2, 4, 0, 2, 4, 0, 2]); // rows of class 0 are 0, 2, 4
    expect(of(1)).toEqual([1, 3, 5, 6, 7, 1, 3, 5]);
    const orders = taken(data, { classesPerBatch: 2, shuffle: false }, 50).map(({ labels }) => labels[0]);
    expect(new Set(orders).size).toBe(2); // the order of classes stays random
  });

  test('are the same for a seed each time, others for another seed', async () => {
    const data = numbered(8, 8, 8);
    const options = { classesPerBatch: 2, seed: 7 };
    expect(taken(data, options, 20)).toEqual(taken(data, options, 20));
    expect(taken(data, { ...options, seed: 8 }, 20)).not.toEqual(taken(data, options, 20));
    const sampler = multiShotSampler(data, options);
    const first = async () => {
      for await (const { x, labels } of sampler) {
        const got = [...x.dataSync(), ...labels.dataSync()];
        tf.dispose([x, labels]);
        return got;
      }
    };
    expect(await first()).toEqual(await first());
  });

  test('go on from a step as a stream from the beginning does, augmentation included', () => {
    const augment: MultiShotSamplerOptions['augment'] = ({ data, shape }, random) => ({
      data: Float32Array.from(data, (value) => value + random.uniform()),
      shape,
    });
    const options = { classesPerBatch: 2, examplesPerClass: 3, augment };
    const data = numbered(7, 9, 11);
    expect(taken(data, options, 5, 13)).toEqual(taken(data, options, 18).slice(13));
  });

  test('are augmented by other random numbers in each step', () => {
    const drawn: number[] = [];
    const augment: MultiShotSamplerOptions['augment'] = (x, random) => {
      drawn.push(random.uniform());
      return { data: Float32Array.from(x.data), shape: x.shape };
    };
    taken(numbered(4, 4), { classesPerBatch: 2, augment }, 30);
    expect(new Set(drawn).size).toBe(30);
  });

  test('use only the classes that are listed, and only the first examples of each', () => {
    const options = { classesPerBatch: 2, classes: [3, 1], totalExamplesPerClass: 2 };
    const sampler = multiShotSampler(numbered(4, 4, 4, 4), options);
    expect(sampler.classes).toEqual([3, 1]);
    expect([...sampler.counts]).toEqual([[3, 2], [1, 2]]); // prettier-ignore
    expect(sampler).toMatchObject({ size: 4, batchSize: 4, stepsPerEpoch: 1000, seed: 0 });
    for (const { rows } of taken(numbered(4, 4, 4, 4), options, 20)) {
      expect(rows.toSorted((a, b) => a - b)).toEqual([1, 3, 5, 7]); // rows of class 1: 1, 5; of class 3: 3, 7
    }
  });

  test('turn the examples of flipped classes over, and number these classes after the largest label', () => {
    const image = [1, 2, 3, 4, 5, 6]; // 2 rows of 3 pixels
    const data = {
      x: { data: Uint8Array.from([...image, ...image]), shape: [2, 2, 3, 1] },
      labels: Int32Array.of(4, 9),
    };
    const flippedClasses = [
      { from: 4, flip: 'horizontal' },
      { from: 9, flip: 'vertical' },
    ] as const;
    const sampler = multiShotSampler(data, { classesPerBatch: 4, examplesPerClass: 1, flippedClasses });
    expect(sampler.classes).toEqual([4, 9, 10, 11]);
    expect(sampler.size).toBe(2);
    const { x, labels } = sampler.items().next().value!;
    const of = (label: number) => [...x.data.subarray(labels.indexOf(label) * 6, labels.indexOf(label) * 6 + 6)];
    expect(of(4)).toEqual(image);
    expect(of(10)).toEqual([3, 2, 1, 6, 5, 4]);
    expect(of(11)).toEqual([4, 5, 6, 1, 2, 3]);
    expect([...data.x.data]).toEqual([...image, ...image]); // the data is not written to
  });

  test('become float32 and int32 tensors that belong to the caller, and nothing else is left', async () => {
    const before = tf.memory().numTensors;
    const data = { x: { data: Uint8Array.of(255, 1, 2, 3), shape: [4, 1, 1] }, labels: Int32Array.of(5, 5, 6, 6) };
    for await (const { x, labels } of multiShotSampler(data, { classesPerBatch: 2 })) {
      expect(x).toMatchObject({ shape: [4, 1, 1], dtype: 'float32' });
      expect(labels).toMatchObject({ shape: [4], dtype: 'int32' });
      expect([...x.dataSync()].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 255]);
      tf.dispose([x, labels]);
      break;
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('classes with few examples', () => {
  const data = numbered(4, 1, 4);
  const options = { classesPerBatch: 2, examplesPerClass: 2 };

  test('are an error that names class and counts', () => {
    expect(() => multiShotSampler(data, options)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: class 1 must have at least examplesPerClass = 2 examples, but got 1. Lower examplesPerClass, or set onShortClass to 'repeat' or 'drop'. [ERR_DATA]]`,
    );
  });

  test('are left out on demand', () => {
    const sampler = multiShotSampler(data, { ...options, onShortClass: 'drop' });
    expect(sampler.classes).toEqual([0, 2]);
    expect(sampler.size).toBe(8);
    expect(() =>
      multiShotSampler(data, { ...options, classesPerBatch: 3, onShortClass: 'drop' }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: classesPerBatch must be at most the number of classes in use, 2, of those with 2 examples or more, but got 3. Lower classesPerBatch, or use more classes. [ERR_OPTION]]`,
    );
  });

  test('repeat their examples on demand', () => {
    const batches = taken(data, { ...options, classesPerBatch: 3, onShortClass: 'repeat' }, 10);
    for (const { rows, labels } of batches) {
      expect(rows.filter((_, i) => labels[i] === 1)).toEqual([1, 1]);
      expect(new Set(rows).size).toBe(5);
    }
  });
});

describe('a slice', () => {
  test('holds rows in the order of the data, of the classes in use', () => {
    const data = numbered(3, 3, 3); // labels 0 1 2 0 1 2 0 1 2
    const sampler = multiShotSampler(data, { classesPerBatch: 1, classes: [2, 1] });
    const before = tf.memory().numTensors;
    const { x, labels } = sampler.slice(1, 3);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect([...x.dataSync()]).toEqual([2, 4, 5]);
    expect([...labels.dataSync()]).toEqual([2, 1, 2]);
    expect(sampler.slice().x.shape).toEqual([6, 1]);
    expect(sampler.slice(6).x.shape).toEqual([0, 1]);
  });

  test('must lie inside', () => {
    const sampler = multiShotSampler(numbered(3, 3), { classesPerBatch: 2 });
    expect(() => sampler.slice(4, 3)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: a slice must end at 6 or before, but got '4 + 3'. Ask for fewer, or begin earlier. [ERR_OPTION]]`,
    );
    expect(() => sampler.slice(-1, 3)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: begin must be a whole number of at least 0, but got -1. Leave begin out to use the default. [ERR_OPTION]]`,
    );
  });
});

describe('the multi-shot sampler refuses', () => {
  const data = numbered(4, 4);
  const make = (options: Partial<MultiShotSamplerOptions>, from: LabelledItems = data) =>
    multiShotSampler(from, { classesPerBatch: 2, ...options });

  test('more classes in a batch than there are', () => {
    expect(() => make({ classesPerBatch: 3 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: classesPerBatch must be at most the number of classes in use, 2, but got 3. Lower classesPerBatch, or use more classes. [ERR_OPTION]]`,
    );
  });

  test('options that are missing, unknown or out of range', () => {
    expect(() => multiShotSampler(data, {} as MultiShotSamplerOptions)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: classesPerBatch must be given. Say how many classes a batch has. [ERR_OPTION]]`,
    );
    expect(() => make({ examplesPerBatch: 2 } as object)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: options are classesPerBatch, examplesPerClass, classes, flippedClasses, totalExamplesPerClass, stepsPerEpoch, seed, augment, shuffle, onShortClass, but got 'examplesPerBatch'. Check the spelling. [ERR_OPTION]]`,
    );
    expect(() => make({ examplesPerClass: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: examplesPerClass must be a whole number of at least 1, but got 0. Leave examplesPerClass out to use the default. [ERR_OPTION]]`,
    );
    expect(() => make({ seed: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: seed must be a whole number of at least -9007199254740991, but got 0.5. Leave seed out to use the default. [ERR_OPTION]]`,
    );
    expect(() => make({ onShortClass: 'ignore' as 'drop' })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: onShortClass must be one of 'error', 'repeat', 'drop', but got 'ignore'. Leave onShortClass out to use the default. [ERR_OPTION]]`,
    );
  });

  test('classes that are not in the data or listed twice', () => {
    expect(() => make({ classes: [0, 5] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: classes must be among those of the data: 0, 1, but got 5. Check the class ids. [ERR_DATA]]`,
    );
    expect(() => make({ classes: [0, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: classes must differ, but got 0. Name each class once. [ERR_OPTION]]`,
    );
  });

  test('flips of classes that are not in use, and of items that are not images', () => {
    expect(() => make({ flippedClasses: [{ from: 7, flip: 'vertical' }] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: a flipped class must come from a class in use, but got 7. Add it to classes, or leave its flip out. [ERR_OPTION]]`,
    );
    expect(() => make({ flippedClasses: [{ from: 1, flip: 'vertical' }] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: flip-items: images must have shape [count, height, width] or [count, height, width, channels], but got [0, 1]. Flip images only. [ERR_SHAPE]]`,
    );
  });

  test('data without items, with too few labels or labels of another kind', () => {
    const empty = { x: { data: new Float32Array(0), shape: [0, 2] }, labels: new Int32Array(0) };
    expect(() => make({}, empty)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: the data must hold items, but got [0, 2]. Give at least one item. [ERR_DATA]]`,
    );
    expect(() => make({}, { ...data, labels: Int32Array.of(1, 2) })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: labels must have 8 values, one for each item, but got 2. Give one class id for each item. [ERR_SHAPE]]`,
    );
    expect(() =>
      make({}, { ...data, labels: [0, 1, 0, 1, 0, 1, 0, 1] as unknown as Int32Array }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: labels must be an Int32Array, but got [0, 1, 0, 1, 0, 1, 0, 1]. Convert with Int32Array.from(labels). [ERR_DTYPE]]`,
    );
  });

  test('numbers that are not finite, naming the row', () => {
    const x = { data: Float32Array.of(1, 2, 3, NaN), shape: [2, 2] };
    expect(() => make({}, { x, labels: Int32Array.of(0, 1) })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: row 1 of the data must hold finite numbers, but got NaN. Repair that row or leave it out. [ERR_DATA]]`,
    );
  });

  test('an augmenter that returns another number of items', () => {
    const sampler = make({ augment: () => ({ data: new Float32Array(3), shape: [3, 1] }) });
    expect(() => sampler.items().next()).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: multi-shot-sampler: augment must return 4 items, as many as it got, but got 3. Return one item for each. [ERR_SHAPE]]`,
    );
  });
});
