import { checkAborted, SimileError } from '@simile/core/errors';
import type {
  EngineHits,
  EngineSearchOptions,
  EngineSetOptions,
  EngineState,
  SearchEffort,
  SearchEngine,
  SearchEngineOptions,
} from '../contract.ts';
import { dealBits, dealSlots, takeRows, type DealtSlots } from './deal-slots.ts';
import { LiveSlots } from './live-slots.ts';
import { mergeHits } from './merge-hits.ts';
import { sharedEffort } from './shared-effort.ts';
import { shardedState } from './sharded-state.ts';

/** The engine that `shardedEngine` makes. */
export class ShardedSearchEngine implements SearchEngine {
  readonly #options: SearchEngineOptions;
  readonly #shards: readonly SearchEngine[];
  readonly #live = new LiveSlots();

  constructor(options: SearchEngineOptions, shards: readonly SearchEngine[]) {
    this.#options = options;
    this.#shards = shards;
    if (this.size > 0) this.#live.add(options.slots ?? new Uint32Array());
  }

  get name(): string {
    const names = new Set(this.#shards.map(({ name }) => name));
    return `${this.#shards.length} shards of ${[...names].join(' and ')}`;
  }

  get size(): number {
    return this.#shards.reduce((sum, { size }) => sum + size, 0);
  }

  get bytes(): number {
    return this.#shards.reduce((sum, { bytes }) => sum + bytes, this.#live.bytes);
  }

  get effort(): SearchEffort | undefined {
    return sharedEffort(this.#shards);
  }

  get state(): (() => EngineState) | undefined {
    // Flat shards have built nothing that takes long: a file with their rows can be opened by any engine.
    if (this.#shards.some(({ state, name }) => !state || name.startsWith('flat'))) return undefined;
    return () => shardedState(this.#shards)!;
  }

  get prepareState(): (() => Promise<void>) | undefined {
    if (this.#shards.every(({ prepareState }) => !prepareState)) return undefined;
    return () => this.#each((shard) => shard.prepareState?.());
  }

  get compact(): (() => Promise<void>) | undefined {
    if (this.#shards.some(({ compact }) => !compact)) return undefined;
    return () => this.#each((shard) => shard.compact!());
  }

  get searchExact(): ((queries: Float32Array, options: EngineSearchOptions) => Promise<EngineHits>) | undefined {
    if (this.#shards.every((shard) => !shard.searchExact)) return undefined;
    return (queries, options) =>
      this.#find(queries, options, (shard, own) => (shard.searchExact ?? shard.search).call(shard, queries, own));
  }

  search(queries: Float32Array, options: EngineSearchOptions): Promise<EngineHits> {
    return this.#find(queries, options, (shard, own) => shard.search(queries, own));
  }

  async reserve(slots: number): Promise<void> {
    const count = this.#shards.length;
    await this.#each((shard, at) => shard.reserve?.(Math.max(0, Math.ceil((slots - at) / count))));
  }

  async set(slots: Uint32Array, rows: Float32Array, options?: EngineSetOptions): Promise<void> {
    const { dimension } = this.#options;
    checkAborted('index', options?.signal);
    const parts = dealSlots(slots, this.#shards.length);
    const before = parts.map((part) => this.#rowsBefore(part));
    let done = 0;
    const told = new Map<number, number>();
    const onProgress = (shard: number, now: number): void => {
      done += now - (told.get(shard) ?? 0);
      told.set(shard, now);
      options?.onProgress?.({ done, total: slots.length });
    };
    const results = await Promise.allSettled(
      parts.map(async ({ shard, slots: own, places }) =>
        this.#shards[shard]!.set(own, takeRows(rows, places, dimension), {
          signal: options?.signal,
          onProgress: (progress) => onProgress(shard, progress.done),
        }),
      ),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) {
      for (const [i, result] of results.entries()) {
        if (result.status === 'fulfilled') await this.#putBack(parts[i]!, before[i]!);
      }
      throw failed.reason;
    }
    this.#live.add(slots);
  }

  async remove(slots: Uint32Array): Promise<void> {
    await Promise.all(
      dealSlots(slots, this.#shards.length).map(({ shard, slots: own }) => this.#shards[shard]!.remove(own)),
    );
    this.#live.remove(slots);
  }

  row(slot: number): Float32Array {
    const count = this.#shards.length;
    return this.#shards[slot % count]!.row(Math.floor(slot / count));
  }

  async clear(): Promise<void> {
    await this.#each((shard) => shard.clear());
    this.#live.clear();
  }

  close(): Promise<void> {
    return this.#each((shard) => shard.close?.());
  }

  async #each(act: (shard: SearchEngine, at: number) => void | Promise<void>): Promise<void> {
    await Promise.all(this.#shards.map(async (shard, at) => act(shard, at)));
  }

  async #find(
    queries: Float32Array,
    options: EngineSearchOptions,
    ask: (shard: SearchEngine, options: EngineSearchOptions) => EngineHits | Promise<EngineHits>,
  ): Promise<EngineHits> {
    const { dimension, order } = this.#options;
    const count = this.#shards.length;
    const allowed = options.allowed && dealBits(options.allowed, count);
    const found = await Promise.all(
      this.#shards.map(async (shard, at) => ({
        hits: await ask(shard, { ...options, allowed: allowed?.[at] }),
        slotOf: (slot: number) => slot * count + at,
      })),
    );
    return mergeHits(found, queries.length / dimension, options.k, order);
  }

  /** Rows that a set will take the place of. */
  #rowsBefore({ shard, slots }: DealtSlots): { slots: Uint32Array; rows: Float32Array } {
    const { dimension } = this.#options;
    const used = slots.filter((slot) => this.#live.holds(slot * this.#shards.length + shard));
    const rows = new Float32Array(used.length * dimension);
    used.forEach((slot, i) => rows.set(this.#shards[shard]!.row(slot), i * dimension));
    return { slots: used, rows };
  }

  async #putBack({ shard, slots }: DealtSlots, before: { slots: Uint32Array; rows: Float32Array }): Promise<void> {
    const used = new Set(before.slots);
    const fresh = slots.filter((slot) => !used.has(slot));
    try {
      if (fresh.length > 0) await this.#shards[shard]!.remove(fresh);
      if (before.slots.length > 0) await this.#shards[shard]!.set(before.slots, before.rows);
    } catch (cause) {
      const rule = 'a shard must take its rows back after another has failed';
      const remedy = 'Make the index anew, from its file if there is one.';
      throw new SimileError({ where: 'sharded-engine', rule, remedy, code: 'ERR_STATE', cause });
    }
  }
}
