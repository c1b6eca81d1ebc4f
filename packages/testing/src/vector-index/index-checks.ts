import type { Check } from '../check.ts';
import { answerChecks } from './index-answer-checks.ts';
import { indexCheck, type IndexCheckBody } from './index-check.ts';
import { copyChecks } from './index-copy-checks.ts';
import { lifeChecks } from './index-life-checks.ts';
import { longChecks } from './index-long-checks.ts';
import { refusalChecks } from './index-refusal-checks.ts';
import type { IndexUnderTest, MakeIndex } from './index-under-test.ts';
import { plainDistances, type PlainDistance } from './plain-distances.ts';

/** What {@link indexChecks} needs to know of an index. */
export interface IndexTest<Index extends IndexUnderTest = IndexUnderTest> {
  /** Ids of the distances to check with. Default `cosine`, `euclidean` and `inner-product`. */
  readonly metrics?: readonly string[];
  /** Distances that are not of Simile, by id, as plain loops in float64. */
  readonly distances?: Readonly<Record<string, PlainDistance>>;
  /** Share of the true neighbours that a search finds, from 0 to 1. Default 1: all of them, whatever happens. */
  readonly recall?: number;
  /** How far distances may be from the true ones, relative to the largest of a query. Default 1e-6; more for codes. */
  readonly tolerance?: number;
  /** Reads what the index writes: `(index) => indexFromBytes(index.toBytes())`. Left out, that check does nothing. */
  readonly copy?: (index: Index) => Promise<Index>;
  /** Records in checks with many, at least 1,000. Default 3,000. */
  readonly size?: number;
  /** Values of a vector in these checks. Default 24. */
  readonly dimension?: number;
  /** Calls in the check of memory. Default 10,000 queries and 1,000 rounds of changes. */
  readonly rounds?: { readonly queries: number; readonly changes: number };
}

/**
 * The checks that every index of Simile passes: answers against plain float64 loops after any changes, or the recall that is
 * promised; filters that few records pass; radius; ids, labels, data; replacing, removing, merging, clearing; bytes there and
 * back; churn; searches while records come; adds that are stopped; steady memory; bad input refused with nothing changed.
 *
 * Cost: some seconds a metric with the default sizes and a fast index.
 *
 * @param make The factory of the index; called anew by each check.
 * @throws an `Error` for a metric without a plain loop
 * @example
 * const checks = indexChecks(({ dimension, metric }) => createIndex({ dimension, metric }), { metrics: ['cosine'] });
 * for (const { name, run } of checks) console.log(name, (await run()).outcome);
 */
export function indexChecks<Index extends IndexUnderTest>(
  make: MakeIndex<Index>,
  test: IndexTest<Index> = {},
): Check[] {
  const { metrics = ['cosine', 'euclidean', 'inner-product'], recall = 1, tolerance = 1e-6, size = 3000 } = test;
  const { dimension = 24, rounds = { queries: 10_000, changes: 1000 }, distances = {}, copy } = test;
  return metrics.flatMap((metric) => {
    const distance = distances[metric] ?? plainDistances[metric];
    if (!distance) throw new Error(`There is no plain loop for ${metric}: give one as distances.`);
    const context = { metric, distance, recall, tolerance, size, dimension, rounds, copy: copy as never };
    const of = ([name, body]: readonly [string, IndexCheckBody, ...unknown[]]): Check =>
      indexCheck(name, context, make as unknown as MakeIndex, body);
    return [
      ...answerChecks.filter(([, , exactOnly]) => !exactOnly || recall === 1).map(of),
      ...lifeChecks.map(of),
      ...copyChecks.map(of),
      ...longChecks.map(of),
      ...refusalChecks.map(of),
    ];
  });
}
