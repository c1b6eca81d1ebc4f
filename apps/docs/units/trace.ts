// What the traced examples call: it keeps each value as text, and which kernels a unit ran, forwards and backwards.
import { inspect } from 'node:util';
import { engine, Tensor } from '@tensorflow/tfjs-core';
import { gradientOf, recordKernels } from './kernels.ts';

/** What one example came to. */
export interface ExampleRun {
  /** The values that comments speak of, as text. */
  readonly values: string[];
  /** The same as numbers, where they are a number or tensors. */
  readonly numbers: (readonly number[] | undefined)[];
  /** Kernels that the unit ran. */
  readonly kernels: string[];
  /** Those that its gradient ran besides. */
  readonly gradientKernels: string[];
  /** It waits for values of tensors, which webgpu does not allow. */
  readsBack: boolean;
  /** It has a gradient by its float32 inputs. */
  trains: boolean;
}

const runs: Record<string, ExampleRun> = {};
let current: ExampleRun = empty();

function empty(): ExampleRun {
  return { values: [], numbers: [], kernels: [], gradientKernels: [], readsBack: false, trains: false };
}

async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

export const trace = {
  async start(unit: string): Promise<void> {
    current = empty();
    runs[unit] = current;
  },
  /** Keeps a value of the example that is running. */
  async show(given: unknown): Promise<void> {
    const value = await (typeof given === 'function' ? errorOf(given as () => unknown) : given);
    const plain = await plainOf(value);
    current.values.push(textOf(plain));
    current.numbers.push(numbersIn(plain));
  },
  async end(): Promise<void> {
    engine().disposeVariables();
  },
  /**
   * Calls what a unit made, keeping account of kernels; then its gradient by rows (labels have one axis), so that the account has
   * those as well.
   */
  call<A extends unknown[], R>(made: (...inputs: A) => R, ...inputs: A): R {
    const { result, kernels, readsBack } = recordKernels(() => made(...inputs));
    keep(current.kernels, kernels);
    current.readsBack ||= readsBack;
    const floats = floatsIn(inputs);
    if (result instanceof Tensor && result.dtype === 'float32' && floats.length > 0) {
      const { kernels: both } = recordKernels(() => gradientOf(() => made(...inputs) as Tensor, floats));
      keep(current.gradientKernels, both, kernels);
      current.trains = true;
    }
    return result;
  },
  runs: runs as Readonly<Record<string, ExampleRun>>,
};

function keep(into: string[], kernels: readonly string[], without: readonly string[] = []): void {
  into.push(...kernels.filter((name) => !into.includes(name) && !without.includes(name)));
}

function floatsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return value.dtype === 'float32' && value.rank > 1 ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(floatsIn);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap(floatsIn);
}

/** A value with tensors as nested arrays. */
async function plainOf(value: unknown): Promise<unknown> {
  if (value instanceof Tensor) return value.array();
  if (Array.isArray(value)) return Promise.all(value.map(plainOf));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(async ([key, held]) => [key, await plainOf(held)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function numbersIn(value: unknown): number[] | undefined {
  if (typeof value === 'number') return [value];
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (!Array.isArray(value)) return undefined;
  const inside = value.map(numbersIn);
  return inside.every((one) => one !== undefined) ? (inside as number[][]).flat() : undefined;
}

/** Texts as they are, numbers to four decimals, the rest as Node prints it. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (isTriplets(value)) return tripletsOf(value).join(', ') || 'no triplets';
  return inspect(rounded(value), { depth: 6, breakLength: 100, compact: 6, maxArrayLength: 64, maxStringLength: 400 });
}

interface PlainTriplets {
  readonly kind: 'triplets';
  readonly anchors: ArrayLike<number>;
  readonly positives: ArrayLike<number>;
  readonly negatives: ArrayLike<number>;
}

function isTriplets(value: unknown): value is PlainTriplets {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'triplets';
}

function tripletsOf({ anchors, positives, negatives }: PlainTriplets): string[] {
  return Array.from(anchors, (anchor, at) => `(${anchor}, ${positives[at]}, ${negatives[at]})`);
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value + 0 : Number(value.toFixed(4));
  if (value instanceof Float32Array || value instanceof Float64Array) return Array.from(value, rounded);
  if (ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, rounded(held)]));
}
