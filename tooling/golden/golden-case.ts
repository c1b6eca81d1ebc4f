// A recorded case, and how its numbers are read. The forms are those of golden/tfsim ({ cases: […] }), golden/pml and
// golden/papers (a bare list).
import { readFileSync } from 'node:fs';

/** Row-major numbers; NaN and infinities are strings in the file. */
export interface RecordedTensor {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

export interface GoldenCase {
  readonly name: string;
  readonly unit: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  /** What the paper or the plain word asks for; its keys replace those of `expected`. */
  readonly expectedFixed?: Readonly<Record<string, unknown>>;
  readonly tolerance: { readonly rel: number; readonly abs: number; readonly gradientAbs?: number };
  /** Entries of a row share an extreme, so that the gradient is a convention. */
  readonly gradientAtTie?: unknown;
  readonly affectedBy?: string;
}

/**
 * Cases of a file; undefined where it holds something else.
 *
 * @throws an `Error` for a file that is no JSON, or whose list has something that is no case
 */
export function readCases(file: string): GoldenCase[] | undefined {
  const content = JSON.parse(readFileSync(file, 'utf8')) as unknown;
  const cases = Array.isArray(content) ? content : (content as { cases?: unknown }).cases;
  const isCase = (one: unknown): boolean => {
    const { name, unit, inputs, expected } = (one ?? {}) as Partial<GoldenCase>;
    return typeof name === 'string' && typeof unit === 'string' && !!inputs && !!expected;
  };
  if (!Array.isArray(cases)) return undefined;
  const broken = cases.findIndex((one) => !isCase(one));
  if (broken >= 0) throw new Error(`number ${broken} of its list is no case`);
  return (cases as GoldenCase[]).map((one) => ({
    ...one,
    options: one.options ?? {},
    tolerance: one.tolerance ?? { rel: 1e-5, abs: 1e-6 },
  }));
}

export const isTensor = (value: unknown): value is RecordedTensor =>
  typeof value === 'object' && value !== null && Array.isArray((value as RecordedTensor).data);

/** A number of a file: `"NaN"` and infinities are strings, null is NaN. */
export function numberOf(value: unknown): number {
  return value === null ? Number.NaN : typeof value === 'boolean' ? Number(value) : Number(value);
}

/** Numbers of a tensor or of a bare list, in float64. */
export function numbersOf(value: unknown): number[] {
  return (isTensor(value) ? value.data : (value as readonly unknown[])).map(numberOf);
}

/** An input as float32, with its shape; a bare list is a vector. */
export function inputOf({ inputs, name }: GoldenCase, key: string): { shape: number[]; data: Float32Array } {
  const value = inputs[key];
  if (!isTensor(value) && !Array.isArray(value)) throw new Error(`${name} has no input ${key}`);
  const data = Float32Array.from(numbersOf(value));
  return { shape: isTensor(value) ? [...value.shape] : [data.length], data };
}

/** A list of whole numbers among the inputs. */
export function labelsOf({ inputs, name }: GoldenCase, key: string): number[] {
  const value = inputs[key];
  if (!isTensor(value) && !Array.isArray(value)) throw new Error(`${name} has no input ${key}`);
  return numbersOf(value);
}
