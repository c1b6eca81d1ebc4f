import { closedError } from '../closed-error.ts';
import type {
  EngineHits,
  EngineSearchOptions,
  EngineSetOptions,
  EngineState,
  SearchEffort,
  SearchEngine,
  SearchEngineOptions,
} from '../contract.ts';
import type { Kernel } from '../kernel/load-kernel.ts';
import { HnswGraph } from './hnsw-graph.ts';
import type { ReadHnswOptions } from './hnsw-options.ts';
import { searchGraph } from './hnsw-search.ts';
import { heldAgainstRows, looksAtAll } from './search-work.ts';
import { LATE_FOUND, writeState } from './hnsw-state.ts';
import type { LateRows } from '../late-rows.ts';
import { JobQueue } from '../workers/job-queue.ts';
import { KernelThreads } from '../workers/kernel-threads.ts';
import type { HnswThreads } from './hnsw-kernel.ts';
import { HnswWriter } from './hnsw-writer.ts';

const MOST_EF = 4096;

/** The engine that `hnswEngine` makes. */
export class HnswSearchEngine implements SearchEngine {
  readonly name: string;
  readonly effort: SearchEffort;
  readonly options: ReadHnswOptions;
  readonly graph: HnswGraph;
  readonly writer: HnswWriter;
  readonly #threads: HnswThreads;
  readonly #turns = new JobQueue('hnsw-engine', 1024);
  readonly #order: SearchEngineOptions['order'];
  #late: LateRows | undefined;
  #closed = false;

  constructor(engine: SearchEngineOptions, options: ReadHnswOptions, kernel: Kernel, threads: number) {
    const { M, efConstruction, alpha, precision } = options;
    const { dimension, metric } = engine;
    this.options = options;
    this.graph = new HnswGraph({ dimension, metric, M, efConstruction, alpha, precision, threads }, kernel);
    const { module } = kernel;
    const { memory, contexts } = this.graph;
    this.#threads = new KernelThreads('hnsw-engine', memory, contexts, { module, workerUrl: options.workerUrl });
    this.writer = new HnswWriter(this.graph, this.#threads, options);
    this.#order = engine.order;
    const parts = [`wasm ${kernel.name}`, ...(threads > 1 ? [`${threads} threads`] : [])];
    this.name = `hnsw ${precision}${this.writer.keepsRows ? '' : ' without rows'} (${parts.join(', ')})`;
    this.effort = { name: 'efSearch', value: options.efSearch, least: 1, most: MOST_EF };
  }

  get size(): number {
    return this.writer.nodes.size;
  }

  get bytes(): number {
    return this.graph.memory.bytes;
  }

  /** Rows of a state that are still being read; what cannot do without waits for them. */
  set late(late: LateRows) {
    this.#late = late;
    late.whenDone(() => (this.#late = undefined));
  }

  get prepareState(): (() => Promise<void>) | undefined {
    const late = this.#late;
    return late && (() => late.done());
  }

  reserve(slots: number): void | Promise<void> {
    this.#check();
    if (this.#late) return this.#late.done().then(() => this.reserve(slots));
    this.writer.reserve(slots);
  }

  async set(slots: Uint32Array, rows: Float32Array, options: Partial<EngineSetOptions> = {}): Promise<void> {
    this.#check();
    await this.#late?.done();
    await this.writer.set(slots, rows, options);
  }

  async remove(slots: Uint32Array): Promise<void> {
    this.#check();
    await this.#late?.done();
    await this.writer.remove(slots);
  }

  row(slot: number): Float32Array {
    this.#check();
    const { graph } = this;
    const { nodes } = this.writer;
    const { dimension } = graph.options;
    const node = nodes.nodeOf(slot);
    const { memory, rowShape } = graph;
    if (graph.hasRows) {
      this.#late?.fetch([node]);
      const at = (memory.at('rows') + node * rowShape.stride) / 4;
      return memory.views.f32.slice(at, at + dimension);
    }
    memory.exports.decodeNode(graph.contexts[0]!, node, graph.graph);
    const at = graph.vectorAt / 4;
    return memory.views.f32.slice(at, at + dimension);
  }

  search(queries: Float32Array, options: EngineSearchOptions): EngineHits | Promise<EngineHits> {
    return this.#search(queries, options, false);
  }

  searchExact(queries: Float32Array, options: EngineSearchOptions): EngineHits | Promise<EngineHits> {
    return this.#search(queries, options, true);
  }

  #search(queries: Float32Array, options: EngineSearchOptions, exact: boolean): EngineHits | Promise<EngineHits> {
    this.#check();
    const late = this.#late;
    if (late && (exact || !this.#fetchRows(late, queries, options))) {
      return late.done().then(() => this.#search(queries, options, exact));
    }
    const { graph } = this;
    const { nodes } = this.writer;
    const ef = Math.min(MOST_EF, options.effort ?? this.effort.value);
    const search = (): EngineHits | Promise<EngineHits> =>
      searchGraph({ graph, nodes, threads: this.#threads, order: this.#order, ef, exact }, queries, options);
    // One at a time: they share the place of queries and answers. A single query is done before anything else runs.
    if (queries.length === graph.options.dimension && this.#threads.count === 1 && !this.#turns.busy) return search();
    return this.#turns.run(search, options.signal);
  }

  /** Brings the rows that a query on the graph is answered by; false where that cannot be told, or would take more memory. */
  #fetchRows(late: LateRows, queries: Float32Array, { k, effort, allowed }: EngineSearchOptions): boolean {
    const { graph } = this;
    const { nodes } = this.writer;
    const ef = Math.max(Math.min(MOST_EF, effort ?? this.effort.value), Math.min(k, nodes.size));
    const held = heldAgainstRows(ef, k);
    if (allowed || queries.length !== graph.options.dimension || ef > LATE_FOUND || this.#turns.busy) return false;
    if (looksAtAll(ef, nodes.count, nodes.size)) return false;
    const parts = { graph, nodes, threads: this.#threads, order: this.#order, ef, exact: false, rerank: false };
    const near = searchGraph(parts, queries, { k: held, radius: Infinity, allowed: undefined, signal: undefined });
    if (near instanceof Promise) {
      this.#turns.run(() => near).catch(() => undefined); // it found too few; others wait until it is through
      return false;
    }
    late.fetch(Array.from(near.slots.subarray(0, near.counts[0]), (slot) => nodes.nodeOf(slot)));
    return true;
  }

  clear(): void | Promise<void> {
    if (this.#late) return this.#late.done().then(() => this.writer.clear());
    return this.writer.clear();
  }

  async compact(): Promise<void> {
    this.#check();
    await this.#late?.done();
    await this.writer.compact((slot) => this.row(slot));
  }

  state(): EngineState {
    this.#late?.fetchAll();
    return writeState(this);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#late?.close();
    await this.#threads.close();
  }

  #check(): void {
    if (this.#closed) throw closedError('hnsw-engine');
  }
}
