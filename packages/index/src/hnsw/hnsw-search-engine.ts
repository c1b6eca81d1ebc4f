import { SimileError } from '@simile/core/errors';
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
import { CodeBook, LEARNT_AT } from './code-book.ts';
import { encodeAgain, insertNodes, levelOf } from './hnsw-build.ts';
import { HnswGraph, type GraphOptions } from './hnsw-graph.ts';
import { NONE } from './hnsw-layout.ts';
import type { ReadHnswOptions } from './hnsw-options.ts';
import { needsRepair, repairGraph } from './hnsw-repair.ts';
import { heldAgainstRows, looksAtAll, searchGraph } from './hnsw-search.ts';
import { readState, writeState } from './hnsw-state.ts';
import type { LateRows } from './late-rows.ts';
import { JobQueue } from '../workers/job-queue.ts';
import { HnswThreads } from './hnsw-threads.ts';
import { NodeTable } from './node-table.ts';

const MOST_EF = 4096;

/** The engine that `hnswEngine` makes. */
export class HnswSearchEngine implements SearchEngine {
  readonly name: string;
  readonly effort: SearchEffort;
  readonly nodes: NodeTable = new NodeTable();
  readonly options: ReadHnswOptions;
  readonly book: CodeBook;
  readonly graph: HnswGraph;
  readonly #threads: HnswThreads;
  readonly #turns = new JobQueue('hnsw-engine', 1024);
  readonly #order: SearchEngineOptions['order'];
  #late: LateRows | undefined;
  #closed = false;

  constructor(engine: SearchEngineOptions, options: ReadHnswOptions, kernel: Kernel, threads: number) {
    const { M, efConstruction, alpha, precision } = options;
    const { dimension, metric } = engine;
    const graph: GraphOptions = { dimension, metric, M, efConstruction, alpha, precision, threads };
    this.options = options;
    this.graph = new HnswGraph(graph, kernel);
    this.book = new CodeBook(this.graph);
    this.#threads = new HnswThreads(this.graph, kernel, options.workerUrl);
    this.#order = engine.order;
    const parts = [`wasm ${kernel.name}`, ...(threads > 1 ? [`${threads} threads`] : [])];
    this.name = `hnsw ${precision}${this.keepsRows ? '' : ' without rows'} (${parts.join(', ')})`;
    this.effort = { name: 'efSearch', value: options.efSearch, least: 1, most: MOST_EF };
  }

  /** Whether float32 rows stay; codes of float32 are rows. */
  get keepsRows(): boolean {
    return this.options.rerank || this.options.precision === 'f32';
  }

  get size(): number {
    return this.nodes.size;
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
    const { M } = this.options;
    // One of M − 1 links above the lowest level a node, on average.
    if (slots > this.graph.memory.capacity) this.graph.reserve(slots, Math.ceil((slots * 1.1 * M) / (M - 1)) + 64 * M);
  }

  async set(slots: Uint32Array, rows: Float32Array, options: Partial<EngineSetOptions> = {}): Promise<void> {
    this.#check();
    await this.#late?.done();
    const { graph, nodes, book } = this;
    const planned = nodes.plan(slots.length);
    this.#place(planned);
    book.count(rows);
    if (graph.count === 0) book.learn();
    else if (book.isOutdated()) await encodeAgain(graph, this.#threads, book);
    nodes.take(planned);
    try {
      await insertNodes(graph, this.#threads, planned, rows, options);
    } catch (error) {
      for (const node of planned) this.#abandon(node);
      throw error;
    }
    slots.forEach((slot, i) => this.#setDead(nodes.hold(slot, planned[i]!)));
    if (!this.keepsRows && graph.hasRows && book.rows >= LEARNT_AT) await this.#dropRows();
    if (needsRepair(nodes)) await repairGraph(graph, nodes, this.#threads);
  }

  /** Levels and room for new nodes. @throws `ERR_MEMORY`, before anything changed */
  #place(planned: Uint32Array): void {
    const { graph, nodes, options } = this;
    const fresh = planned.filter((node) => node >= nodes.count);
    const levels = Array.from(fresh, (node) => levelOf(options.seed, node, options.M));
    let upper = this.#upperCount;
    graph.reserve(nodes.count + fresh.length, upper + levels.reduce((sum, level) => sum + level * options.M, 0));
    const { u8, u32 } = graph.memory.views;
    const [levelsAt, upperAt] = [graph.memory.at('levels'), graph.memory.at('upper-at') / 4];
    fresh.forEach((node, i) => {
      u8[levelsAt + node] = levels[i]!;
      u32[upperAt + node] = upper;
      upper += levels[i]! * options.M;
    });
    this.#upperCount = upper;
  }

  /** Links above level 0 given out. */
  #upperCount = 0;

  get upperCount(): number {
    return this.#upperCount;
  }

  set upperCount(count: number) {
    this.#upperCount = count;
  }

  async #dropRows(): Promise<void> {
    await encodeAgain(this.graph, this.#threads, this.book);
    this.graph.dropRows();
  }

  /** A node that was not linked to the end: what leads to it and from it stays until the repair. */
  #abandon(node: number): void {
    this.nodes.abandon(node);
    this.#setDead(node);
  }

  #setDead(node: number): void {
    if (node === NONE) return;
    const { memory } = this.graph;
    memory.views.u32[memory.at('live') / 4 + (node >>> 5)]! &= ~(1 << (node & 31));
  }

  async remove(slots: Uint32Array): Promise<void> {
    this.#check();
    await this.#late?.done();
    const { graph, nodes } = this;
    for (const slot of slots) this.#setDead(nodes.remove(slot));
    if (nodes.size === 0) this.#clear();
    else if (needsRepair(nodes)) await repairGraph(graph, nodes, this.#threads);
  }

  row(slot: number): Float32Array {
    this.#check();
    const { graph, nodes } = this;
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
    const { graph, nodes } = this;
    const ef = Math.min(MOST_EF, options.effort ?? this.effort.value);
    const search = (): EngineHits | Promise<EngineHits> =>
      searchGraph({ graph, nodes, threads: this.#threads, order: this.#order, ef, exact }, queries, options);
    // One at a time: they share the place of queries and answers. A single query is done before anything else runs.
    if (queries.length === graph.options.dimension && this.#threads.count === 1 && !this.#turns.busy) return search();
    return this.#turns.run(search, options.signal);
  }

  /** Brings the rows that a query on the graph is answered by; false where that cannot be told, or would take more memory. */
  #fetchRows(late: LateRows, queries: Float32Array, { k, effort, allowed }: EngineSearchOptions): boolean {
    const { graph, nodes } = this;
    const ef = Math.max(Math.min(MOST_EF, effort ?? this.effort.value), Math.min(k, nodes.size));
    const held = heldAgainstRows(ef, k);
    if (allowed || queries.length !== graph.options.dimension || ef > late.most || this.#turns.busy) return false;
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
    if (this.#late) return this.#late.done().then(() => this.#clear());
    return this.#clear();
  }

  #clear(): void {
    const { graph } = this;
    this.nodes.clear();
    this.book.forget();
    this.#upperCount = 0;
    graph.count = 0;
    graph.topLevel = -1;
    graph.entry = 0;
    graph.memory.section('live', graph.memory.capacity).fill(0);
    if (!graph.hasRows) graph.addRows();
    graph.write();
  }

  /** Repairs the graph and writes all codes by a book of the rows there are. */
  async compact(): Promise<void> {
    this.#check();
    await this.#late?.done();
    const { graph, nodes, book } = this;
    if (nodes.size === 0) return;
    await repairGraph(graph, nodes, this.#threads);
    book.forget();
    const { dimension } = graph.options;
    for (const slots of inRuns(nodes.toSlots())) {
      const rows = new Float32Array(slots.length * dimension);
      slots.forEach((slot, i) => rows.set(this.row(slot), i * dimension));
      book.count(rows);
    }
    // Codes alone are only written anew when they are worth it: they lose a little each time.
    if (graph.hasRows || book.drift() > 0.05) await encodeAgain(graph, this.#threads, book);
  }

  state(): EngineState {
    this.#late?.fetchAll();
    return writeState(this);
  }

  restore(stored: NonNullable<SearchEngineOptions['restore']>, mostSlots: number): Promise<void> {
    return readState(this, stored, mostSlots);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#late?.close();
    await this.#threads.close();
  }

  #check(): void {
    if (!this.#closed) return;
    const rule = 'the engine must not be closed';
    throw new SimileError({ where: 'hnsw-engine', rule, remedy: 'Make a new index.', code: 'ERR_STATE' });
  }
}

/** Slots that are in use, some at a time. */
function* inRuns(slots: Uint32Array): Generator<number[]> {
  let run: number[] = [];
  for (const slot of slots) {
    if (slot !== NONE && run.push(slot) === 1024) {
      yield run;
      run = [];
    }
  }
  if (run.length > 0) yield run;
}
