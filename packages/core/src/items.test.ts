import { describe, expect, it } from 'vitest';
import { checkItems, itemSize, sliceItems, takeItems, type Items } from './items.ts';

const items: Items<Uint8Array> = { data: Uint8Array.from({ length: 12 }, (_, i) => i), shape: [3, 2, 2] };

describe('itemSize', () => {
  it('is the product of the shape without the count', () => {
    expect(itemSize([60000, 28, 28, 1])).toBe(784);
    expect(itemSize([5])).toBe(1);
    expect(itemSize([5, 0])).toBe(0);
  });
});

describe('checkItems', () => {
  it('takes data and shape that agree, and no items at all', () => {
    checkItems('unit', items);
    checkItems('unit', { data: new Float32Array(0), shape: [0, 28, 28] });
    checkItems('unit', { data: new Int32Array(3), shape: [3] });
  });

  it('refuses a shape that does not fit', () => {
    expect(() => checkItems('unit', { ...items, shape: [3, 5] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: unit: items of shape [3, 5] must have 15 values, but got 12. Give the shape as [count, ...shape of one item], row-major. [ERR_SHAPE]]`,
    );
  });

  it('refuses a shape that is none', () => {
    expect(() => checkItems('unit', { ...items, shape: [-3, -4] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: unit: the shape of items must be whole numbers, 0 or more, the first their count, but got [-3, -4]. Give the shape as [count, ...shape of one item]. [ERR_SHAPE]]`,
    );
    expect(() => checkItems('unit', { data: new Uint8Array(0), shape: [] })).toThrow(/shape of items must be/);
    expect(() => checkItems('unit', { ...items, shape: [2.4, 5] })).toThrow(/shape of items must be/);
  });
});

describe('takeItems', () => {
  it('copies the rows asked for, in order and again', () => {
    const taken = takeItems(items, [2, 0, 2]);
    expect(taken).toEqual({ data: Uint8Array.of(8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11), shape: [3, 2, 2] });
    taken.data[0] = 99;
    expect(items.data[8]).toBe(8);
  });

  it('keeps the type of the numbers and takes typed rows', () => {
    expect(takeItems({ data: new Float32Array([1, 2]), shape: [2] }, Int32Array.of(1)).data).toEqual(
      new Float32Array([2]),
    );
    expect(takeItems(items, [])).toEqual({ data: new Uint8Array(0), shape: [0, 2, 2] });
  });

  it('refuses rows that are not there', () => {
    expect(() => takeItems(items, [0, 3])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: take-items: rows must be from 0 to 2, but got 3. Check the list of rows. [ERR_SHAPE]]`,
    );
    for (const row of [-1, 0.5, NaN]) expect(() => takeItems(items, [row])).toThrow(/rows must be/);
  });
});

describe('sliceItems', () => {
  it('looks at the rows without a copy', () => {
    const view = sliceItems(items, 1, 3);
    expect(view).toEqual({ data: Uint8Array.of(4, 5, 6, 7, 8, 9, 10, 11), shape: [2, 2, 2] });
    expect(view.data.buffer).toBe(items.data.buffer);
  });

  it('ends where the items end', () => {
    expect(sliceItems(items, 2, 9).shape).toEqual([1, 2, 2]);
    expect(sliceItems(items, 5, 9).shape).toEqual([0, 2, 2]);
  });
});
