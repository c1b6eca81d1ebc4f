import { createRandom, type Random } from '@simile/core/random';
import { CheckFailure } from '../check.ts';
import type { FindOptions, FoundRecord, Id, IndexUnderTest, Label } from './index-under-test.ts';
import type { PlainDistance } from './plain-distances.ts';

/** A record of the plain list that an index is held against. */
export interface PlainRecord {
  readonly id: Id;
  vector: Float32Array;
  label: Label | null;
  data: unknown;
}

/** What an index promises, beyond the contract. */
export interface Accuracy {
  readonly distance: PlainDistance;
  /** Share of the true neighbours that a search finds; 1 where it finds all, in the right order. */
  readonly recall: number;
  /** How far distances may be from the true ones, relative to the largest of them. */
  readonly tolerance: number;
}

/** Rows in groups around some centres, as embeddings are: `[count × dimension]`, the same for a seed. */
export function clusteredRows(count: number, dimension: number, seed: number): Float32Array {
  const centres = createRandom(1).fork('centres');
  const groups = 24;
  const middle = Float32Array.from({ length: groups * dimension }, () => centres.normal());
  const random = createRandom(seed).fork('rows');
  const rows = new Float32Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const group = random.integer(groups);
    for (let j = 0; j < dimension; j++)
      rows[i * dimension + j] = middle[group * dimension + j]! + 0.5 * random.normal();
  }
  return rows;
}

/** Row `i`, a copy. */
export const rowOf = (rows: Float32Array, i: number, dimension: number): Float32Array =>
  rows.slice(i * dimension, (i + 1) * dimension);

/** Records with ids 0, 1, 2, … and labels that `labelOf` gives. */
export function plainRecords(
  rows: Float32Array,
  dimension: number,
  labelOf: (i: number) => Label | null = () => null,
): PlainRecord[] {
  return Array.from({ length: rows.length / dimension }, (_, i) => ({
    id: i,
    vector: rowOf(rows, i, dimension),
    label: labelOf(i),
    data: undefined,
  }));
}

/**
 * Searches, and holds what comes back against the plain list: records that are there, each once, closest first, with their rank,
 * label and true distance, as many as must come, and none past the radius.
 *
 * @returns Share of the true neighbours found
 */
export async function searchAndCompare(
  index: IndexUnderTest,
  records: readonly PlainRecord[],
  queries: Float32Array,
  options: FindOptions & { readonly k: number },
  accuracy: Accuracy,
): Promise<number> {
  const dimension = index.dimension!;
  const lists = await index.search(queries, options);
  const count = queries.length / dimension;
  if (lists.length !== count) throw new CheckFailure(`${lists.length} lists for ${count} queries`);
  const allowed = records.filter((record) => passes(record, options));
  let [found, wanted] = [0, 0];
  lists.forEach((list, i) => {
    const truth = trueNeighbors(allowed, rowOf(queries, i, dimension), accuracy.distance);
    const within = truth.filter(({ distance }) => distance <= (options.radius ?? Infinity));
    const expected = Math.min(options.k, within.length);
    checkList(list, truth, expected, options, accuracy, `query ${i}`);
    const last = within[expected - 1]?.distance ?? -Infinity;
    const slack = accuracy.tolerance * scaleOf(truth);
    const byId = new Map(truth.map((one) => [one.record.id, one.distance]));
    found += Math.min(expected, list.filter(({ id }) => byId.get(id)! <= last + slack).length);
    wanted += expected;
  });
  const recall = wanted === 0 ? 1 : found / wanted;
  if (accuracy.recall === 1 && recall < 1) throw new CheckFailure(`recall is ${recall} where nothing may be missed`);
  return recall;
}

/** As {@link searchAndCompare}, and the share must be what is promised. */
export async function expectRecall(...all: [...Parameters<typeof searchAndCompare>, least: number]): Promise<void> {
  const [index, records, queries, options, accuracy, least] = all;
  const recall = await searchAndCompare(index, records, queries, options, accuracy);
  if (recall < least) throw new CheckFailure(`recall is ${recall.toFixed(4)}, less than ${least} (k = ${options.k})`);
}

interface True {
  readonly record: PlainRecord;
  readonly distance: number;
}

function trueNeighbors(records: readonly PlainRecord[], query: Float32Array, distance: PlainDistance): True[] {
  return records
    .map((record) => ({ record, distance: distance(query, record.vector) }))
    .toSorted((a, b) => a.distance - b.distance);
}

function passes(record: PlainRecord, { filter }: FindOptions): boolean {
  if (!filter) return true;
  if (typeof filter === 'function') return filter(record);
  if ('labels' in filter) return filter.labels.includes(record.label);
  return filter.ids.includes(record.id);
}

const scaleOf = (truth: readonly True[]): number =>
  truth.reduce((most, { distance }) => Math.max(most, Math.abs(distance)), 1e-30);

function checkList(
  list: readonly FoundRecord[],
  truth: readonly True[],
  expected: number,
  { k, radius = Infinity }: FindOptions,
  { tolerance, recall }: Accuracy,
  where: string,
): void {
  const fail = (what: string): never => {
    throw new CheckFailure(`${where}, k = ${k}: ${what}`);
  };
  const slack = tolerance * scaleOf(truth);
  const edges = truth.filter(({ distance }) => Math.abs(distance - radius) <= slack).length;
  const short = list.length < expected - edges;
  // Under a radius, an engine that may miss may return fewer.
  if (short && (recall === 1 || radius === Infinity)) fail(`${list.length} records in place of ${expected}`);
  if (list.length > Math.min(k ?? Infinity, expected + edges)) fail(`${list.length} records, more than ${expected}`);
  const known = new Map(truth.map((one) => [one.record.id, one]));
  const seen = new Set<Id>();
  list.forEach(({ id, label, rank, distance }, at) => {
    const one = known.get(id) ?? fail(`record ${id} is not there, or does not pass the filter`);
    if (seen.has(id)) fail(`record ${id} comes twice`);
    seen.add(id);
    if (rank !== at + 1) fail(`rank ${rank} at place ${at + 1}`);
    if (label !== one.record.label) fail(`label ${label} of ${id} in place of ${one.record.label}`);
    if (!(Math.abs(distance - one.distance) <= slack)) {
      fail(`distance ${distance} of ${id} in place of ${one.distance}`);
    }
    if (at > 0 && distance < list[at - 1]!.distance) fail(`rank ${rank} is closer than the one before it`);
  });
}

/** Numbers of a kind, from a seed: any; few (many equal rows); far from the origin; tiny; huge. */
export function drawer(random: Random, kind: string): () => number {
  const kinds: Readonly<Record<string, () => number>> = {
    any: () => Math.fround(random.uniform(-1, 1)),
    few: () => random.integer(3) - 1,
    far: () => Math.fround(1000 + random.uniform()),
    tiny: () => Math.fround(random.uniform(-1, 1) * 1e-20),
    huge: () => Math.fround(random.uniform(-1, 1) * 1e18),
  };
  return kinds[kind]!;
}
