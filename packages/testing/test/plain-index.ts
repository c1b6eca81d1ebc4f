import { SimileError, type ErrorCode } from '@simile/core/errors';
import type { Items } from '@simile/core/items';
import { plainDistances } from '../src/vector-index/index.ts';
import type {
  Filter,
  FindOptions,
  FoundRecord,
  Id,
  IndexUnderTest,
  Label,
  PutOptions,
  StoredRecord,
} from '../src/vector-index/index.ts';

interface Row {
  vector: Float32Array;
  label: Label | null;
  data: unknown;
}

/** An index in a map, as slow and plain as can be: what the checks are tried on. */
export class PlainIndex implements IndexUnderTest {
  readonly dimension: number;
  readonly metric: string;
  rows: Map<Id, Row> = new Map();
  next = 0;
  /** What is kept on purpose, to leak. */
  readonly kept: unknown[] = [];

  constructor(dimension: number, metric: string) {
    this.dimension = dimension;
    this.metric = metric;
  }

  get size(): number {
    return this.rows.size;
  }

  read(vectors: Float32Array | Items): Float32Array[] {
    const data = vectors instanceof Float32Array ? vectors : vectors.data;
    const width = vectors instanceof Float32Array ? this.dimension : vectors.shape[1];
    if (width !== this.dimension || data.length % width !== 0) fail('ERR_SHAPE', 'dimension');
    if (!data.every(Number.isFinite)) fail('ERR_NAN', 'numbers');
    return Array.from({ length: data.length / width }, (_, i) =>
      Float32Array.from(data.subarray(i * width, (i + 1) * width)),
    );
  }

  async add(vectors: Float32Array | Items, options: PutOptions = {}): Promise<Id[]> {
    if (options.ids?.some((id) => this.rows.has(id))) fail('ERR_OPTION', 'ids in use');
    return this.put(vectors, options);
  }

  async upsert(vectors: Float32Array | Items, options: PutOptions & { readonly ids: readonly Id[] }): Promise<Id[]> {
    return this.put(vectors, options);
  }

  async put(vectors: Float32Array | Items, { ids, labels, data, signal, onProgress }: PutOptions): Promise<Id[]> {
    const rows = this.read(vectors);
    if ([ids, labels, data].some((list) => list && list.length !== rows.length)) fail('ERR_SHAPE', 'lists');
    if (ids && new Set(ids).size < ids.length) fail('ERR_OPTION', 'ids twice');
    if (ids?.some((id) => typeof id === 'number' && !Number.isInteger(id))) fail('ERR_OPTION', 'ids');
    if (labels?.some((label) => Number.isNaN(label))) fail('ERR_OPTION', 'labels');
    const before = new Map(this.rows);
    const { next } = this;
    const given = ids ? [...ids] : rows.map((_, i) => next + i);
    for (const [i, vector] of rows.entries()) {
      this.rows.set(given[i]!, { vector, label: labels?.[i] ?? null, data: data?.[i] });
      if (typeof given[i] === 'number') this.next = Math.max(this.next, given[i] + 1);
      if (i % 500 !== 499) continue;
      onProgress?.({ done: i + 1, total: rows.length });
      await new Promise((resolve) => setTimeout(resolve));
      if (!signal?.aborted) continue;
      this.rows = before;
      this.next = next;
      fail('ERR_ABORTED', 'stopped');
    }
    return given;
  }

  async remove(ids: Id | readonly Id[]): Promise<number> {
    return (Array.isArray(ids) ? ids : [ids as Id]).filter((id) => this.rows.delete(id)).length;
  }

  get(id: Id): StoredRecord | undefined {
    const row = this.rows.get(id);
    return row && { id, ...row };
  }

  has(id: Id): boolean {
    return this.rows.has(id);
  }

  *[Symbol.iterator](): IterableIterator<StoredRecord> {
    for (const [id, row] of this.rows) yield { id, ...row };
  }

  async clear(): Promise<void> {
    this.rows.clear();
    this.next = 0;
  }

  async compact(): Promise<void> {}

  distance(query: Float32Array, row: Float32Array): number {
    return plainDistances[this.metric]!(query, row);
  }

  passes(record: { id: Id; label: Label | null }, filter: Filter | undefined): boolean {
    if (!filter) return true;
    if (typeof filter === 'function') return filter(record);
    return 'labels' in filter ? filter.labels.includes(record.label) : filter.ids.includes(record.id);
  }

  async search(
    vectors: Float32Array | Items,
    { k = 5, radius = Infinity, filter }: FindOptions = {},
  ): Promise<FoundRecord[][]> {
    if (this.size === 0) fail('ERR_STATE', 'empty');
    const known = filter === undefined || typeof filter === 'function' || typeof filter === 'object';
    if (!(k >= 1) || Number.isNaN(radius) || !known) fail('ERR_OPTION', 'options');
    return this.read(vectors).map((query) =>
      Array.from(this.rows, ([id, { label, vector }]) => ({ id, label, distance: this.distance(query, vector) }))
        .filter((one) => one.distance <= radius && this.passes(one, filter))
        .toSorted((a, b) => a.distance - b.distance)
        .slice(0, k)
        .map((one, i) => ({ rank: i + 1, ...one })),
    );
  }

  async merge(
    other: PlainIndex,
    { onConflict = 'error' }: { onConflict?: 'error' | 'keep' | 'replace' | 'new-id' } = {},
  ): Promise<Id[]> {
    const conflicts = [...other.rows.keys()].filter((id) => this.rows.has(id));
    if (onConflict === 'error' && conflicts.length > 0) fail('ERR_OPTION', 'ids in use');
    let next = Math.max(this.next, other.next);
    return [...other.rows].flatMap(([id, row]) => {
      const clash = conflicts.includes(id);
      if (clash && onConflict === 'keep') return [];
      const as = clash && onConflict === 'new-id' ? next++ : id;
      this.rows.set(as, { ...row });
      return [as];
    });
  }

  describe(): { bytes: number } {
    return { bytes: 0 };
  }
}

function fail(code: ErrorCode, rule: string): never {
  throw new SimileError({ where: 'plain-index', rule, remedy: 'Change it.', code });
}
