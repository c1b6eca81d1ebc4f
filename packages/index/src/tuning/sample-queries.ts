import type { Random } from '@simile/core/random';
import type { SearchEngine } from '../contract.ts';

/** Closest records of a drawn one that queries are made of. */
const NEAR = 10;
/** Effort that these are looked for with. */
const EFFORT = 64;
/**
 * How far a row is moved, where the engine says nothing else, in differences of two of its closest. Found by holding the recall of such queries against that of
 * vectors kept out of the index, at efSearch of 16, 24 and 32: .924, .954, .966 for .916, .951, .967 with 25,000 word vectors
 * (GloVe, 100 values), .993, .998, .999 for .993, .998, .999 with 8,000 images (MNIST, 784). Rows as they are gave .989, .996,
 * .998; taken out of the graph first, .985, .994, .997.
 */
const STEP = 1.3;

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
  // The same effort whatever is set, so that a seed gives the same queries.
  const effort = engine.effort && Math.min(EFFORT, engine.effort.most);
  const found = await engine.search(queries, { k, radius: Infinity, allowed: undefined, effort, signal });
  const step = engine.effort?.sampleStep ?? STEP;
  drawn.forEach((slot, i) => {
    const near = found.slots.subarray(i * found.k, i * found.k + found.counts[i]!);
    const others = Array.from(near).filter((other) => other !== slot);
    if (others.length < 2) return;
    const [first, second] = random.choose(2, others.length).map((at) => engine.row(others[at]!));
    for (let j = 0; j < dimension; j++) queries[i * dimension + j]! += step * (first![j]! - second![j]!);
  });
  return queries;
}
