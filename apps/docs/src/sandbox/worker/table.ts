import { inspect } from 'node-inspect-extracted';
import type { ShownTable } from '../output.ts';

const MAX_ROWS = 40;
const MAX_COLUMNS = 24;
/** Values a line of a table of one axis. */
const WRAP = 8;

/** Values of one axis, in lines of eight, each with the place of its first. */
export function valuesTable(
  values: ArrayLike<unknown>,
  shape: readonly number[],
  text: string,
  caption: string,
): ShownTable {
  const size = shape[0]!;
  const lines = Math.min(Math.ceil(size / WRAP), MAX_ROWS);
  const rows = Array.from({ length: lines }, (_, line) => {
    const begin = line * WRAP;
    const cells = Array.from({ length: Math.min(WRAP, size - begin) }, (_, at) => cell(values[begin + at]));
    return [String(begin), ...cells];
  });
  const columns = ['', ...Array.from({ length: Math.min(WRAP, size) }, (_, at) => `+${at}`)];
  const left = size - lines * WRAP;
  return { kind: 'table', text, caption, columns, rows, more: left > 0 ? `${left} more values` : '' };
}

/** Values of two or more axes: a line is a row of the last axis, headed by its place. */
export function rowsTable(
  values: ArrayLike<unknown>,
  shape: readonly number[],
  text: string,
  caption: string,
): ShownTable {
  const width = shape.at(-1)!;
  const outer = shape.slice(0, -1);
  const count = outer.reduce((product, size) => product * size, 1);
  const columns = Math.min(width, MAX_COLUMNS);
  const rows = Array.from({ length: Math.min(count, MAX_ROWS) }, (_, row) => {
    const cells = Array.from({ length: columns }, (_, column) => cell(values[row * width + column]));
    return [place(row, outer), ...cells];
  });
  const more = [
    count > rows.length ? `${count - rows.length} more rows` : '',
    width > columns ? `${width - columns} more columns` : '',
  ];
  const heads = ['', ...Array.from({ length: columns }, (_, column) => String(column))];
  return { kind: 'table', text, caption, columns: heads, rows, more: more.filter(Boolean).join(', ') };
}

/** Objects of the same making, a row each. */
export function recordsTable(records: readonly Readonly<Record<string, unknown>>[], text: string): ShownTable {
  const names = [...new Set(records.flatMap(Object.keys))].slice(0, MAX_COLUMNS);
  const rows = records
    .slice(0, MAX_ROWS)
    .map((record, row) => [String(row), ...names.map((name) => (name in record ? cell(record[name]) : ''))]);
  const left = records.length - rows.length;
  const more = left > 0 ? `${left} more rows` : '';
  return { kind: 'table', text, caption: `${records.length} records`, columns: ['', ...names], rows, more };
}

/** Place of a row along all axes but the last: `2, 5`. */
function place(row: number, outer: readonly number[]): string {
  const places: number[] = [];
  for (const size of outer.toReversed()) {
    places.unshift(row % size);
    row = Math.floor(row / size);
  }
  return places.join(', ');
}

/** Numbers to five digits. */
function cell(value: unknown): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(5)));
  return typeof value === 'string' ? value : inspect(value);
}
