import type { Random } from '@simile/core/random';
import type { SearchEngine } from '../contract.ts';

/** Closest records of a drawn one that queries are made of. */
const NEAR = 10;

/** Where {@link sampleQueries} draws from. */
export interface SampledRows {
  readonly engine: SearchEngine;
  readonly dimension: number;
  /** Slots that hold rows. */
  readonly slots: Uint32Array;
}

/**
 * Queries like those to come, out of the rows themselves: `[count × dimension]`. A row as it is would be too easy, since it was
 * looked for when it was linked. So each is a drawn row moved by the difference of two of its closest, by which rows differ in this
 * place: along the data and not out of it, and about as far as the next row.
 *
 * Cost: one search of the engine a query.
 */
export async function sampleQueries(
  { engine, dimension, slots }: SampledRows,
  count: number,
  random: Random,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const drawn = random.choose(Math.min(count, slots.length), slots.length).map((at) => slots[at]!);
  const queries = new Float32Array(drawn.length * dimension);
  drawn.forEach((slot, i) => queries.set(engine.row(slot), i * dimension));
  const k = Math.min(NEAR + 1, slots.length);
  const {
    counts,
    slots: near,
    k: places,
  } = await engine.search(queries, { k, radius: Infinity, allowed: undefined, signal });
  drawn.forEach((slot, i) => {
    const others = Array.from(near.subarray(i * places, i * places + counts[i]!)).filter((other) => other !== slot);
    if (others.length < 2) return;
    const [first, second] = random.choose(2, others.length).map((at) => engine.row(others[at]!));
    for (let j = 0; j < dimension; j++) queries[i * dimension + j]! += first![j]! - second![j]!;
  });
  return queries;
}
