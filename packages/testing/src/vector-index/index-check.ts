import { CheckFailure, type Check } from '../check.ts';
import type { IndexUnderTest, MakeIndex } from './index-under-test.ts';
import type { Accuracy } from './index-model.ts';

/** What a check of an index is given. */
export interface IndexCheckContext<Index extends IndexUnderTest = IndexUnderTest> extends Accuracy {
  readonly metric: string;
  /** Values of a vector in checks with many records. */
  readonly dimension: number;
  /** Records in checks with many. */
  readonly size: number;
  readonly rounds: { readonly queries: number; readonly changes: number };
  /** Reads what the index writes; undefined where it writes nothing. */
  readonly copy: ((index: Index) => Promise<Index>) | undefined;
  /** An empty index, ended after the check. */
  make(dimension?: number, metric?: string): Promise<Index>;
}

/** A check that is not yet of an index. */
export type IndexCheckBody = (context: IndexCheckContext) => Promise<void>;

/** A check of an index with one metric; its indices are ended after it. */
export function indexCheck(
  name: string,
  context: Omit<IndexCheckContext, 'make'>,
  make: MakeIndex,
  body: IndexCheckBody,
): Check {
  const run: Check['run'] = async () => {
    const made: IndexUnderTest[] = [];
    const create = async (dimension = context.dimension, metric = context.metric): Promise<IndexUnderTest> => {
      const index = await make({ dimension, metric });
      made.push(index);
      return index;
    };
    try {
      await body({ ...context, make: create });
      return { outcome: 'passed', detail: '' };
    } catch (error) {
      const detail = error instanceof CheckFailure ? error.message : `it threw ${String(error)}`;
      return { outcome: 'failed', detail };
    } finally {
      for (const index of made) await index.close?.();
    }
  };
  return { name, backend: context.metric, run };
}

/** @throws a failure that says what should have been */
export function expectSame(got: unknown, wanted: unknown, what: string): void {
  const [a, b] = [got, wanted].map((value) => JSON.stringify(value, plain));
  if (a !== b) throw new CheckFailure(`${what}: ${a} in place of ${b}`);
}

/** Typed arrays as lists, so that they can be compared as text. */
function plain(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
}
