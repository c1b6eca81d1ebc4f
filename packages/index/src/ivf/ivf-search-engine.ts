import { closedError } from '../closed-error.ts';
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
import { copyStore } from './copy-store.ts';
import type { ReadIvfOptions } from './ivf-options.ts';
import { IvfSearch, LEAST_TOGETHER } from './ivf-search.ts';
import { ProbesEffort } from './probes-effort.ts';
import { readState } from './read-state.ts';
import { writeState } from './write-state.ts';
import { IvfStore } from './ivf-store.ts';
import { IvfWriter } from './ivf-writer.ts';
import { checkRows } from './state-checks.ts';

/** The engine that `ivfEngine` makes. */
export class IvfSearchEngine implements SearchEngine {
  readonly name: string;
  readonly effort: ProbesEffort;
  readonly #engine: SearchEngineOptions;
  readonly #options: ReadIvfOptions;
  readonly #kernel: ThreadedKernel;
  #store: IvfStore;
  #search: IvfSearch;
  #writer: IvfWriter;
  readonly #turns = new JobQueue('index', 1024);
  #closed = false;
  /** Rows of a state that are still being read; what cannot do without waits for them. */
  #late: LateRows | undefined;

  constructor(engine: SearchEngineOptions, options: ReadIvfOptions, kernel: ThreadedKernel) {
    this.#engine = engine;
    this.#options = options;
    this.#kernel = kernel;
    this.#store = this.#newStore();
    this.#search = new IvfSearch(this.#store, engine.order);
    this.#writer = new IvfWriter(this.#store);
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

  get prepareState(): (() => Promise<void>) | undefined {
    const late = this.#late;
    return late && (() => late.done());
  }

  reserve(slots: number): void | Promise<void> {
    this.#check();
    if (this.#late) return this.#late.done().then(() => this.reserve(slots));
    this.#writer.reserve(slots);
  }

  async set(slots: Uint32Array, values: Float32Array, options?: EngineSetOptions): Promise<void> {
    this.#check();
    await this.#late?.done();
    await this.#writer.set(slots, values, options);
  }

  remove(slots: Uint32Array): void | Promise<void> {
    this.#check();
    if (this.#late) return this.#late.done().then(() => this.remove(slots));
    this.#writer.remove(slots);
  }

  row(slot: number): Float32Array {
    this.#check();
    this.#late?.fetch([slot]);
    return this.#store.rows.read(slot);
  }

  search(queries: Float32Array, options: EngineSearchOptions): EngineHits | Promise<EngineHits> {
    return this.#find(queries, options, Math.max(this.effort.least, options.effort ?? this.effort.value));
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
    this.#writer = new IvfWriter(store);
    if (threads.count > 1) return threads.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#late?.close();
    await this.#store.crew.threads.close();
  }

  #check(): void {
    if (this.#closed) throw closedError('ivf-engine');
  }
}
