import { SimileError } from '@simile/core/errors';
import type {
  EngineHits,
  EngineSearchOptions,
  EngineSetOptions,
  EngineState,
  SearchEngine,
  SearchEngineOptions,
  StoredEngineState,
} from '../contract.ts';
import { LateRows } from '../late-rows.ts';
import { JobQueue } from '../workers/job-queue.ts';
import type { ThreadedKernel } from '../workers/kernel-threads.ts';
import { codeRows, countLists } from './code-rows.ts';
import { copyStore } from './copy-store.ts';
import { hasDrifted, noteRows, wantsTraining } from './model-fit.ts';
import type { ReadIvfOptions } from './ivf-options.ts';
import { IvfSearch, LEAST_TOGETHER } from './ivf-search.ts';
import { longestOf } from './exact-bound.ts';
import { ProbesEffort } from './probes-effort.ts';
import { readState } from './read-state.ts';
import { writeState } from './write-state.ts';
import { IvfStore, type Recoded } from './ivf-store.ts';
import { Pace } from './pace.ts';
import { checkRows } from './state-checks.ts';
import { allRows, incomingRows, type RowSource } from './row-source.ts';
import { slotsUpTo } from '../slot-bits.ts';

/** Kept free when rows are added, so that a search never finds the memory full. */
const SEARCH_ROOM = 2 * 1024 * 1024; // a thread

/** The engine that `ivfEngine` makes. */
export class IvfSearchEngine implements SearchEngine {
  readonly name: string;
  readonly effort: ProbesEffort;
  readonly #engine: SearchEngineOptions;
  readonly #options: ReadIvfOptions;
  readonly #kernel: ThreadedKernel;
  #store: IvfStore;
  #search: IvfSearch;
  readonly #turns = new JobQueue('index', 1024);
  /** Rows that are on their way, these here included: training waits for them. */
  #expected = 0;
  #closed = false;
  /** Rows of a state that are still being read; what cannot do without waits for them. */
  #late: LateRows | undefined;

  constructor(engine: SearchEngineOptions, options: ReadIvfOptions, kernel: ThreadedKernel) {
    this.#engine = engine;
    this.#options = options;
    this.#kernel = kernel;
    this.#store = this.#newStore();
    this.#search = new IvfSearch(this.#store, engine.order);
    const { name, threads } = kernel;
    this.name = `ivf (wasm ${name}${threads > 1 ? `, ${threads} threads` : ''})`;
    this.effort = new ProbesEffort(() => this.#store.trained?.model.partitions ?? 1, options.probes);
  }

  get size(): number {
    return this.#store.rows.size;
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  get #searchRoom(): number {
    return SEARCH_ROOM * this.#kernel.threads;
  }

  get prepareState(): (() => Promise<void>) | undefined {
    const late = this.#late;
    return late && (() => late.done());
  }

  reserve(slots: number): void | Promise<void> {
    this.#check();
    if (this.#late) return this.#late.done().then(() => this.reserve(slots));
    const { rows, memory } = this.#store;
    const more = Math.max(0, slots - rows.capacity);
    memory.reserve(more * (rows.bytesPerSlot + 2 * this.#store.shape.codeBytes) + this.#searchRoom);
    rows.reserve(slots);
    // Slots above those that were ever in use are for rows to come; free ones below may be or not.
    this.#expected = rows.size + Math.max(0, slots - rows.top);
  }

  async set(slots: Uint32Array, values: Float32Array, options?: EngineSetOptions): Promise<void> {
    this.#check();
    await this.#late?.done();
    const store = this.#store;
    const { rows, memory } = store;
    const { dimension } = store.shape;
    if (slots.length === 0) return;
    const pace = new Pace(options?.signal);
    const tell = (done: number): void =>
      options?.onProgress?.({ done: Math.min(done, slots.length), total: slots.length });
    const incoming = incomingRows(rows, slots, values);
    rows.reserve(slotsUpTo(slots));
    memory.reserve(this.#searchRoom);
    store.makeRoom();
    const all = slots.reduce((count, slot) => count + Number(!rows.has(slot)), rows.size);
    const isWhole = all >= this.#expected;
    const longest = longestOf(values, dimension, store.longest);
    const source = (): RowSource => allRows(rows, incoming);
    const place = (): void => {
      slots.forEach((slot, i) => rows.put(slot, values, i));
      store.longest = longest;
    };
    if (isWhole && wantsTraining(store, all)) {
      this.#replace(await store.train(source(), pace, tell), source(), place);
    } else if (!store.trained) place();
    else {
      const { model, lists } = store.trained;
      const coded = await codeRows(model, store.crew, incoming, pace, tell);
      if (isWhole && hasDrifted(store, coded)) {
        this.#replace(await store.train(source(), pace, tell), source(), place);
        return;
      }
      lists.reserve(rows.capacity, countLists(coded, model.partitions));
      for (const slot of slots) if (rows.has(slot)) lists.remove(slot);
      place();
      noteRows(store.trained.fit, coded);
      store.putCoded(coded, incoming);
    }
  }

  /** Puts a new model in place, with all rows; `place`: writes those that come in. Throws before anything changed. */
  #replace(recoded: Recoded, source: RowSource, place: () => void): void {
    const lists = this.#store.prepare(recoded);
    place();
    this.#store.replace(recoded, lists, source);
  }

  remove(slots: Uint32Array): void | Promise<void> {
    this.#check();
    if (this.#late) return this.#late.done().then(() => this.remove(slots));
    const { rows, trained } = this.#store;
    for (const slot of slots) {
      if (!rows.has(slot)) continue;
      trained?.lists.remove(slot);
      rows.free(slot);
    }
    this.#expected = 0;
  }

  row(slot: number): Float32Array {
    this.#check();
    this.#late?.fetch([slot]);
    return this.#store.rows.read(slot);
  }

  search(queries: Float32Array, options: EngineSearchOptions): EngineHits | Promise<EngineHits> {
    const { least, value } = this.effort;
    return this.#find(queries, options, Math.max(least, options.effort ?? value));
  }

  searchExact(queries: Float32Array, options: EngineSearchOptions): EngineHits | Promise<EngineHits> {
    return this.#find(queries, options, undefined);
  }

  /** One at a time, since they share the kernel's contexts; one that one thread does and nothing can stop is done before anything else runs. */
  #find(
    queries: Float32Array,
    options: EngineSearchOptions,
    probes: number | undefined,
  ): EngineHits | Promise<EngineHits> {
    this.#check();
    const late = this.#late;
    if (late) {
      const hits = this.#turns.busy ? undefined : this.#search.runLate(queries, options, probes, late);
      return hits ?? late.done().then(() => this.#find(queries, options, probes));
    }
    const find = (): EngineHits | Promise<EngineHits> => this.#search.run(queries, options, probes);
    const isShared = this.#kernel.threads > 1 && queries.length >= LEAST_TOGETHER * this.#engine.dimension;
    return isShared || options.signal || this.#turns.busy ? this.#turns.run(find, options.signal) : find();
  }

  clear(): void | Promise<void> {
    this.#check();
    if (this.#late) return this.#late.done().then(() => this.clear());
    this.#expected = 0;
    return this.#use(this.#newStore());
  }

  /** Learns anew from the rows that are there, into a new memory. */
  async compact(): Promise<void> {
    this.#check();
    await this.#late?.done();
    const store = this.#newStore();
    try {
      await copyStore(this.#store, store);
    } catch (error) {
      await store.crew.threads.close();
      throw error;
    }
    await this.#use(store);
  }

  state(): EngineState {
    this.#late?.fetchAll();
    return writeState(this.#store, this.effort.wanted);
  }

  /** @throws `ERR_FILE`, `ERR_MEMORY` */
  async restore(stored: StoredEngineState, slots: Uint32Array | undefined): Promise<void> {
    const store = this.#store;
    const restored = await readState(store, stored, slots);
    if (!restored) return;
    this.effort.wanted = this.#options.probes ?? restored.probes;
    if (!restored.isLate) return;
    this.#search.prepareLate();
    const late = new LateRows(stored, store.rows.run('floats', restored.slots), store.shape.width * 4);
    this.#late = late;
    late.whenDone(() => {
      checkRows(store, restored.slots);
      this.#late = undefined;
    });
  }

  #newStore(): IvfStore {
    return new IvfStore(this.#engine.metric, this.#engine.dimension, this.#options, this.#kernel);
  }

  #use(store: IvfStore): void | Promise<void> {
    const { threads } = this.#store.crew;
    this.#store = store;
    this.#search = new IvfSearch(store, this.#engine.order);
    if (threads.count > 1) return threads.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#late?.close();
    await this.#store.crew.threads.close();
  }

  #check(): void {
    if (!this.#closed) return;
    const rule = 'the engine must not be closed';
    throw new SimileError({ where: 'ivf-engine', rule, remedy: 'Make a new index.', code: 'ERR_STATE' });
  }
}
