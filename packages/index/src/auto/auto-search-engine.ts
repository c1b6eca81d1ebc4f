import type {
  EngineHits,
  EngineSearchOptions,
  EngineSetOptions,
  EngineState,
  SearchEffort,
  SearchEngine,
  SearchEngineFactory,
  SearchEngineOptions,
} from '../contract.ts';
import { LiveSlots } from '../flat/live-slots.ts';
import { slotsUpTo } from '../slot-bits.ts';

const MOVED_AT_ONCE = 1024;

/** Engines that {@link AutoSearchEngine} chooses from. */
export interface AutoChoice {
  /** Never misses; grows slow with many rows. */
  readonly small: SearchEngineFactory;
  /** For many rows, of which so many come at once; undefined where there is none. */
  readonly large: ((rows: number, atOnce: number) => SearchEngineFactory) | undefined;
  /** Rows that the small one may hold. */
  readonly most: number;
  /** Why there is no large one, or no other; empty where the number of rows decides. */
  readonly reason: string;
}

/** The engine that `autoEngine` makes: another one, chosen by the number of rows. */
export class AutoSearchEngine implements SearchEngine {
  readonly #options: SearchEngineOptions;
  readonly #choice: AutoChoice;
  #engine: SearchEngine;
  #large: boolean;
  /** Which slots hold a row. */
  #live = new LiveSlots();
  /** Slots that were announced. */
  #expected = 0;

  constructor(options: SearchEngineOptions, choice: AutoChoice, engine: SearchEngine, large: boolean) {
    this.#options = options;
    this.#choice = choice;
    this.#engine = engine;
    this.#large = large;
    if (options.restore && options.slots && engine.size > 0) this.#hold(options.slots);
  }

  get name(): string {
    const { large, most, reason } = this.#choice;
    const size = most.toLocaleString('en');
    if (reason && (this.#large || !large)) return `${this.#engine.name}, chosen because ${reason}`;
    return `${this.#engine.name}, chosen for ${this.#large ? `more than ${size} records` : `${size} records or fewer`}`;
  }

  get size(): number {
    return this.#engine.size;
  }

  get bytes(): number {
    return this.#engine.bytes + this.#live.bits.byteLength;
  }

  get effort(): SearchEffort | undefined {
    return this.#engine.effort;
  }

  get state(): (() => EngineState) | undefined {
    return this.#engine.state?.bind(this.#engine);
  }

  get prepareState(): (() => Promise<void>) | undefined {
    return this.#engine.prepareState?.bind(this.#engine);
  }

  get compact(): (() => void | Promise<void>) | undefined {
    return this.#engine.compact?.bind(this.#engine);
  }

  async reserve(slots: number): Promise<void> {
    this.#expected = slots;
    if (this.size === 0) await this.#replace(this.#wantsLarge(slots) ? slots : 0);
    await this.#engine.reserve?.(slots);
  }

  async set(slots: Uint32Array, rows: Float32Array, options?: EngineSetOptions): Promise<void> {
    const fresh = slots.reduce((count, slot) => count + (this.#live.has(slot) ? 0 : 1), 0);
    if (!this.#large && this.#wantsLarge(this.size + fresh)) await this.#move(slots, rows, options);
    else await this.#engine.set(slots, rows, options);
    this.#hold(slots);
  }

  async remove(slots: Uint32Array): Promise<void> {
    await this.#engine.remove(slots);
    for (const slot of slots) this.#live.remove(slot);
  }

  row(slot: number): Float32Array {
    return this.#engine.row(slot);
  }

  search(queries: Float32Array, options: EngineSearchOptions): EngineHits | Promise<EngineHits> {
    return this.#engine.search(queries, options);
  }

  searchExact(queries: Float32Array, options: EngineSearchOptions): EngineHits | Promise<EngineHits> {
    const engine = this.#engine;
    return engine.searchExact ? engine.searchExact(queries, options) : engine.search(queries, options);
  }

  async clear(): Promise<void> {
    if (this.#large) await this.#replace(0);
    else await this.#engine.clear();
    this.#live = new LiveSlots();
    this.#expected = 0;
  }

  async close(): Promise<void> {
    await this.#engine.close?.();
  }

  #wantsLarge(rows: number): boolean {
    return this.#choice.large !== undefined && rows > this.#choice.most;
  }

  /** An empty engine in place of this one, for so many rows at once; the small one for 0. */
  async #replace(rows: number): Promise<void> {
    if (rows === 0 && !this.#large) return;
    const engine = await (rows > 0 ? this.#choice.large!(rows, rows) : this.#choice.small)(this.#options);
    await this.#engine.close?.();
    this.#engine = engine;
    this.#large = rows > 0;
  }

  /** To a large engine, with rows that come. Where that fails, all is as it was. */
  async #move(slots: Uint32Array, rows: Float32Array, options?: EngineSetOptions): Promise<void> {
    const small = this.#engine;
    const held = this.#held();
    const most = Math.max(this.#expected, held.length + slots.length);
    const large = await this.#choice.large!(most, most - held.length)(this.#options);
    const [done, total] = [held.length, held.length + slots.length];
    const { signal, onProgress } = options ?? {};
    // What was there counts as much as what comes: progress is told in parts of what comes.
    const tell = (parts: number): void =>
      onProgress?.({ done: Math.floor((parts / total) * slots.length), total: slots.length });
    try {
      await large.reserve?.(Math.max(this.#expected, slotsUpTo(held), slotsUpTo(slots)));
      for (let begin = 0; begin < done; begin += MOVED_AT_ONCE) {
        const part = held.subarray(begin, begin + MOVED_AT_ONCE);
        await large.set(part, this.#rows(small, part), { signal, onProgress: undefined });
        tell(begin + part.length);
      }
      await large.set(slots, rows, { signal, onProgress: (progress) => tell(done + progress.done) });
    } catch (error) {
      await large.close?.();
      throw error;
    }
    this.#engine = large;
    this.#large = true;
    await small.close?.();
  }

  #rows(from: SearchEngine, slots: Uint32Array): Float32Array {
    const { dimension } = this.#options;
    const rows = new Float32Array(slots.length * dimension);
    slots.forEach((slot, i) => rows.set(from.row(slot), i * dimension));
    return rows;
  }

  #held(): Uint32Array {
    const slots = Uint32Array.from({ length: this.#live.count }, (_, slot) => slot);
    return slots.filter((slot) => this.#live.has(slot));
  }

  #hold(slots: Uint32Array): void {
    this.#live.reserve(slotsUpTo(slots));
    for (const slot of slots) this.#live.add(slot);
  }
}
