import { inspect } from 'node-inspect-extracted';
import type { Shown } from '../output.ts';
import { pictureOf } from './picture-of.ts';
import { recordsTable, rowsTable, valuesTable } from './table.ts';
import { isTensor, type TensorLike } from './tensor-like.ts';

/** An argument of `console.log`; later where the values of a tensor have to come from a GPU. */
export function show(value: unknown): Shown | Promise<Shown> {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (isTensor(value)) return showTensor(value);
  const text = inspect(value);
  if (isNumbers(value) && value.length > SHORT) return valuesTable(value, [value.length], text, head(text));
  if (Array.isArray(value) && value.length > 0) {
    const width = value.every(isRow) ? value[0]!.length : 0;
    if (width > 0 && value.every((row: ArrayLike<number>) => row.length === width)) {
      const flat = (value as ArrayLike<number>[]).flatMap((row) => Array.from(row));
      return rowsTable(flat, [value.length, width], text, `${value.length} rows of ${width}`);
    }
    if (value.length > 1 && value.every(isRecord)) return recordsTable(value, text);
  }
  return pictureOf(value) ?? { kind: 'value', text };
}

/** Up to here a line reads better than a table. */
const SHORT = 8;

function showTensor(tensor: TensorLike): Shown | Promise<Shown> {
  const { shape, dtype } = tensor;
  const caption = `Tensor ${dtype} [${shape.join(', ')}]`;
  const shown = (values: ArrayLike<unknown>): Shown => {
    if (shape.length === 0) return { kind: 'value', text: `${caption} ${inspect(values[0])}` };
    const text = `${caption} ${inspect(nested(values, shape), { depth: null })}`;
    if (values.length === 0) return { kind: 'value', text };
    return shape.length === 1 ? valuesTable(values, shape, text, caption) : rowsTable(values, shape, text, caption);
  };
  if (tensor.isDisposed) return { kind: 'value', text: `${caption}, disposed` };
  // Only where the values are on a GPU and cannot be had at once must the line wait for them.
  return globalThis._tfengine?.backendName === 'webgpu' ? tensor.data().then(shown) : shown(tensor.dataSync());
}

/** Values as arrays of arrays, the first hundred of each, which is what is printed. */
function nested(values: ArrayLike<unknown>, [size = 1, ...rest]: readonly number[], begin = 0): unknown[] {
  const step = rest.reduce((product, each) => product * each, 1);
  // One more than is printed, so that it says there are more.
  return Array.from({ length: Math.min(size, 101) }, (_, at) =>
    rest.length === 0 ? values[begin + at] : nested(values, rest, begin + at * step),
  );
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function isRow(value: unknown): value is ArrayLike<number> {
  return isNumbers(value) || (Array.isArray(value) && value.every((each) => typeof each === 'number'));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  const cells = Object.values(value);
  return cells.length > 0 && cells.every((cell) => typeof cell !== 'object' || cell === null);
}

/** `Float32Array(20)`, of `Float32Array(20) [ … ]`. */
function head(text: string): string {
  return text.slice(0, text.indexOf(' '));
}
