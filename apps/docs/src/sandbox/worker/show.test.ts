import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { ShownTable } from '../output.ts';
import { show } from './show.ts';

test.each([
  1.5,
  -0,
  10n,
  null,
  undefined,
  true,
  Symbol('s'),
  [1, [2, [3, [4]]]],
  { a: { b: { c: { d: 1 } } } },
  new Map([[{ a: 1 }, new Set(['x'])]]),
  new (class Named {
    value = 1;
  })(),
  Float64Array.of(0.1, 2),
  new Error('no').message,
  Array.from({ length: 150 }, (_, i) => i),
  ['a long text of many words', 'a long text of many words', 'a long text of many words', 'another'],
])('%o is printed as Node does', async (value) => {
  const { text } = await show(value);
  expect(text).toBe(typeof value === 'string' ? value : inspect(value));
});

test('many values of one axis become lines of eight', async () => {
  const table = (await show(Float32Array.from({ length: 20 }, (_, i) => i / 3))) as ShownTable;
  expect(table.caption).toBe('Float32Array(20)');
  expect(table.columns).toEqual(['', '+0', '+1', '+2', '+3', '+4', '+5', '+6', '+7']);
  expect(table.rows[0]).toEqual(['0', '0', '0.33333', '0.66667', '1', '1.3333', '1.6667', '2', '2.3333']);
  expect(table.rows[2]).toEqual(['16', '5.3333', '5.6667', '6', '6.3333']);
  expect(table.more).toBe('');
});

test('rows of a large table are cut off, and it says so', async () => {
  const rows = Array.from({ length: 50 }, (_, i) => new Float32Array(30).fill(i));
  const table = (await show(rows)) as ShownTable;
  expect(table.caption).toBe('50 rows of 30');
  expect(table.rows).toHaveLength(40);
  expect(table.rows[7]!.slice(0, 3)).toEqual(['7', '7', '7']);
  expect(table.more).toBe('10 more rows, 6 more columns');
});

test('rows of unequal length, and rows that hold more than numbers, are no table', async () => {
  expect(await show([[1, 2], [3]])).toMatchObject({ kind: 'value' });
  expect(
    await show([
      [1, 'a'],
      [2, 'b'],
    ]),
  ).toMatchObject({ kind: 'value' });
  expect(await show([])).toMatchObject({ kind: 'value' });
});

test('a tensor is a table whose rows have their place along the outer axes', async () => {
  const values = Float32Array.from({ length: 12 }, (_, i) => i);
  const tensor = {
    shape: [2, 2, 3],
    dtype: 'float32',
    isDisposed: false,
    dataSync: () => values,
    data: async () => values,
  };
  const table = (await show(tensor)) as ShownTable;
  expect(table.caption).toBe('Tensor float32 [2, 2, 3]');
  expect(table.rows).toEqual([
    ['0, 0', '0', '1', '2'],
    ['0, 1', '3', '4', '5'],
    ['1, 0', '6', '7', '8'],
    ['1, 1', '9', '10', '11'],
  ]);
  expect(table.text).toBe(
    `Tensor float32 [2, 2, 3] ${inspect(
      [
        [
          [0, 1, 2],
          [3, 4, 5],
        ],
        [
          [6, 7, 8],
          [9, 10, 11],
        ],
      ],
      { depth: null },
    )}`,
  );
  const gone = { ...tensor, isDisposed: true };
  expect(await show(gone)).toEqual({ kind: 'value', text: 'Tensor float32 [2, 2, 3], disposed' });
});

test('objects of the same making become a row each', async () => {
  const table = (await show([
    { name: 'a', value: 0.25 },
    { name: 'b', value: null, more: true },
  ])) as ShownTable;
  expect(table.columns).toEqual(['', 'name', 'value', 'more']);
  expect(table.rows).toEqual([
    ['0', 'a', '0.25', ''],
    ['1', 'b', 'null', 'true'],
  ]);
});

test('an object with the text of an SVG document and a title is a picture', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  expect(await show({ svg, title: 'T', description: 'D', width: 5, height: 6 })).toEqual({
    kind: 'picture',
    text: 'T',
    svg,
    title: 'T',
    description: 'D',
    width: 5,
    height: 6,
  });
  expect(await show({ svg: 'no', title: 'T' })).toMatchObject({ kind: 'value' });
});
