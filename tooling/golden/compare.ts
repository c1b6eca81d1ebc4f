import { isTensor, numberOf, type GoldenCase } from './golden-case.ts';
import type { Outcome } from './runner.ts';

/** Keys of a record that are words about it. */
const WORDS = new Set(['definition', 'displayName', 'is_inverted', 'name', 'error']);

export interface Comparison {
  /** One line a wrong number. */
  readonly wrong: readonly string[];
  /** Keys compared. */
  readonly compared: readonly string[];
  /** Keys not compared, with the reason. */
  readonly left: Readonly<Record<string, string>>;
}

/**
 * Compares what came out with what a case expects: `expectedFixed` where it has the key, else `expected`. A recorded key that
 * is neither given nor explained is wrong, so that nothing is passed over in silence.
 */
export function compare(golden: GoldenCase, { got, left = {}, wanted = {}, loose = {} }: Outcome): Comparison {
  const { expected, expectedFixed = {} } = golden;
  const all: Record<string, unknown> = { ...expected, ...expectedFixed, ...wanted };
  const wrong: string[] = [];
  const compared: string[] = [];
  const skipped: Record<string, string> = {};
  for (const [key, value] of Object.entries(all)) {
    if (WORDS.has(key)) continue;
    if (golden.gradientAtTie && key.startsWith('grad')) skipped[key] = 'a gradient at a tie is a convention';
    else if (key in left) skipped[key] = left[key]!;
    else if (!(key in got)) wrong.push(`${key} is not given`);
    else {
      compared.push(key);
      wrong.push(...compareKey(golden, key, got[key], value, { fixed: key in expectedFixed, loose: loose[key] ?? 0 }));
    }
  }
  return { wrong, compared, left: skipped };
}

/** Numbers by path; lists in lists count as one list, row-major. */
function flatten(value: unknown, path: string): [string, number][] {
  if (isTensor(value)) return value.data.map((x, i) => [`${path}[${i}]`, numberOf(x)]);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array, (x, i) => [`${path}[${i}]`, x]);
  if (Array.isArray(value)) return value.flat(8).map((x, i) => [`${path}[${i}]`, numberOf(x)]);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([key]) => !WORDS.has(key))
      .flatMap(([key, x]) => flatten(x, `${path}.${key}`));
  }
  return [[path, numberOf(value)]];
}

function compareKey(
  golden: GoldenCase,
  key: string,
  got: unknown,
  value: unknown,
  { fixed, loose }: { fixed: boolean; loose: number },
): string[] {
  const wanted = flatten(value, key);
  const found = new Map(flatten(got, key));
  const { rel, abs, gradientAbs } = golden.tolerance;
  const largest = wanted.reduce((most, [, x]) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  // golden/pml measures against the largest entry of an array, golden/tfsim each entry against itself.
  const byArray = isUnitOfArrays(golden.unit);
  const allowed = (x: number): number => {
    if (fixed) return key.startsWith('gradient') ? 1e-5 * Math.abs(x) + 1e-5 * largest : 1e-6 + 1e-5 * Math.abs(x);
    const base = key.startsWith('gradient') ? (gradientAbs ?? abs) : abs;
    return base + Math.max(rel, loose) * (byArray ? largest : Math.abs(x));
  };
  const size = found.size === wanted.length ? [] : [`${key} has ${found.size} numbers in place of ${wanted.length}`];
  const values = wanted.flatMap(([path, x]) => {
    const y = found.get(path);
    if (y === undefined) return [`${path} is not given, wanted ${x}`];
    if (Object.is(x, y) || x === y || Math.abs(x - y) <= allowed(x)) return [];
    return [`${path} is ${y} in place of ${x} (± ${allowed(x).toExponential(1)})`];
  });
  return [...size, ...values];
}

/** Units recorded from PyTorch Metric Learning and from papers are named after its classes. */
function isUnitOfArrays(unit: string): boolean {
  return unit === 'accuracy' || /^(paper|reducer|regularizer|miner)\//.test(unit) || /^[a-z]+\/[A-Z]/.test(unit);
}
