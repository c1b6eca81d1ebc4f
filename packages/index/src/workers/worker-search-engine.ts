import type {
  EngineHits,
  EngineSearchOptions,
  EngineSetOptions,
  EngineState,
  SearchEffort,
  SearchEngine,
  SearchEngineOptions,
} from '../contract.ts';
import type { SlotPlaces, StateMessage } from './engine-messages.ts';
import { RowMirror } from './row-mirror.ts';
import type { WorkerChannel } from './worker-channel.ts';

/** Rows fetched at a time. */
const FETCHED_AT_ONCE = 4096;

/** The engine that `workerEngine` makes: asks one in a worker. */
export class WorkerSearchEngine implements SearchEngine {
  readonly #options: SearchEngineOptions;
  readonly #channel: WorkerChannel;
  readonly #mirror: RowMirror;
  /** Slots whose place in the order of adding the worker has not been told. */
  #untold: Uint32Array[] = [];
  /** Whether every place told so far is the number of its slot. */
  #isPlain = true;
  #effort: SearchEffort | undefined;
  #state: StateMessage | undefined;

  constructor(options: SearchEngineOptions, channel: WorkerChannel) {
    this.#options = options;
    this.#channel = channel;
    this.#mirror = new RowMirror(options.dimension);
    forgotten.register(this, channel);
  }

  /** Fetches the rows of an engine that went on from a state. */
  async fetchRows(slots: Uint32Array): Promise<void> {
    this.#untold.push(slots);
    for (let begin = 0; begin < slots.length; begin += FETCHED_AT_ONCE) {
      const some = slots.slice(begin, begin + FETCHED_AT_ONCE);
      const rows = await this.#channel.ask(() => ({ call: 'rows', slots: some.slice() }));
      this.#mirror.set(some, rows as Float32Array);
    }
  }

  get name(): string {
    return `worker with ${this.#channel.status!.name}`;
  }

  get size(): number {
    return this.#channel.status!.size;
  }

  get bytes(): number {
    return this.#channel.status!.bytes + this.#mirror.bytes;
  }

  get effort(): SearchEffort | undefined {
    const { effort } = this.#channel.status!;
    const known = this.#effort;
    if (!effort || known?.name !== effort.name) this.#effort = effort && { ...effort };
    else if (known.least !== effort.least || known.most !== effort.most)
      this.#effort = { ...effort, value: known.value };
    return this.#effort;
  }

  get searchExact(): ((queries: Float32Array, options: EngineSearchOptions) => Promise<EngineHits>) | undefined {
    if (!this.#channel.status!.hasExact) return undefined;
    return (queries, options) => this.#find(queries, options, true);
  }

  search(queries: Float32Array, options: EngineSearchOptions): Promise<EngineHits> {
    return this.#find(queries, options, false);
  }

  async reserve(count: number): Promise<void> {
    await this.#channel.ask(() => ({ call: 'reserve', count }));
  }

  async set(slots: Uint32Array, rows: Float32Array, options?: EngineSetOptions): Promise<void> {
    this.#state = undefined;
    await this.#channel.ask(() => ({ call: 'set', slots: slots.slice(), rows: rows.slice() }), options);
    this.#mirror.set(slots, rows);
    this.#untold.push(slots.slice());
  }

  async remove(slots: Uint32Array): Promise<void> {
    this.#state = undefined;
    await this.#channel.ask(() => ({ call: 'remove', slots: slots.slice() }));
  }

  row(slot: number): Float32Array {
    return this.#mirror.row(slot);
  }

  async clear(): Promise<void> {
    this.#state = undefined;
    await this.#channel.ask(() => ({ call: 'clear' }));
    this.#mirror.clear();
  }

  get compact(): (() => Promise<void>) | undefined {
    if (!this.#channel.status!.hasCompact) return undefined;
    return async () => {
      this.#state = undefined;
      await this.#channel.ask(() => ({ call: 'compact' }));
    };
  }

  get prepareState(): (() => Promise<void>) | undefined {
    if (!this.#channel.status!.hasState) return undefined;
    return async () => {
      const effort = this.effort?.value;
      this.#state = (await this.#channel.ask(() => ({ call: 'state', effort }))) as StateMessage | undefined;
    };
  }

  /** Given once: it is as large as the index. */
  get state(): (() => EngineState) | undefined {
    const state = this.#state;
    if (!state) return undefined;
    return () => {
      this.#state = undefined;
      const { rows, ...rest } = state;
      return rows ? { ...rest, rows } : rest;
    };
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  async #find(queries: Float32Array, options: EngineSearchOptions, exact: boolean): Promise<EngineHits> {
    const { k, radius, allowed, signal } = options;
    const effort = options.effort ?? this.effort?.value;
    const request = { call: 'search', exact, k, radius, effort } as const;
    const found = await this.#channel.ask(
      () => ({ ...request, queries: queries.slice(), allowed: allowed?.slice(), places: this.#places() }),
      { signal },
    );
    return found as EngineHits;
  }

  /** Places in the order of adding that the worker must be told. */
  #places(): SlotPlaces | undefined {
    const { order } = this.#options;
    const untold = this.#untold.splice(0);
    if (untold.length === 0) return undefined;
    const slots = new Uint32Array(untold.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const some of untold) {
      slots.set(some, at);
      at += some.length;
    }
    const places = Float64Array.from(slots, (slot) => order(slot));
    this.#isPlain &&= places.every((place, i) => place === slots[i]);
    return this.#isPlain ? undefined : { slots, places };
  }
}

/** Ends the workers of engines that nobody holds any more. */
const forgotten = /* @__PURE__ */ new FinalizationRegistry((channel: WorkerChannel) => void channel.close());
