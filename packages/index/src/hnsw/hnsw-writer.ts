import type { EngineSetOptions } from '../contract.ts';
import { CodeBook, LEARNT_AT } from './code-book.ts';
import { encodeAgain, insertNodes, levelOf } from './hnsw-build.ts';
import type { HnswGraph } from './hnsw-graph.ts';
import { NONE } from './hnsw-layout.ts';
import type { ReadHnswOptions } from './hnsw-options.ts';
import { needsRepair, repairGraph } from './hnsw-repair.ts';
import type { HnswThreads } from './hnsw-kernel.ts';
import { NodeTable } from './node-table.ts';

/** Puts rows into a graph and takes them out. Calls must not overlap. */
export class HnswWriter {
  readonly nodes: NodeTable = new NodeTable();
  readonly book: CodeBook;
  /** Whether float32 rows stay; codes of float32 are rows. */
  readonly keepsRows: boolean;
  /** Links above level 0 given out. */
  upperCount = 0;
  readonly #graph: HnswGraph;
  readonly #threads: HnswThreads;
  readonly #seed: number;
  /** Rows that were announced. */
  #announced = 0;

  constructor(graph: HnswGraph, threads: HnswThreads, { rerank, precision, seed }: ReadHnswOptions) {
    this.book = new CodeBook(graph);
    this.keepsRows = rerank || precision === 'f32';
    this.#graph = graph;
    this.#threads = threads;
    this.#seed = seed;
  }

  /** Makes room for so many rows; for those that are not to be kept, once they are gone. @throws `ERR_MEMORY`, nothing changed */
  reserve(slots: number): void {
    const graph = this.#graph;
    const { M } = graph.options;
    this.#announced = slots;
    const waits = !this.keepsRows && graph.hasRows && slots > LEARNT_AT;
    // One of M − 1 links above the lowest level a node, on average.
    if (!waits && slots > graph.memory.capacity) graph.reserve(slots, Math.ceil((slots * 1.1 * M) / (M - 1)) + 64 * M);
  }

  /** @throws `ERR_MEMORY`; `ERR_ABORTED`; nothing changed then */
  async set(slots: Uint32Array, rows: Float32Array, options: Partial<EngineSetOptions>): Promise<void> {
    const { nodes, book } = this;
    const [graph, threads] = [this.#graph, this.#threads];
    const planned = nodes.plan(slots.length);
    const learnsAtOnce = graph.count === 0 && slots.length >= LEARNT_AT;
    if (learnsAtOnce && !this.keepsRows && graph.hasRows) {
      graph.dropRows();
      this.reserve(this.#announced);
    }
    this.#place(planned);
    book.count(rows);
    if (graph.count === 0) book.learn();
    else if (book.isOutdated()) await encodeAgain(graph, threads, book);
    nodes.take(planned);
    try {
      await insertNodes(graph, threads, planned, rows, options);
    } catch (error) {
      // Nodes that were not linked to the end: what leads to them and from them stays until the repair.
      for (const node of planned) {
        nodes.abandon(node);
        this.#setDead(node);
      }
      throw error;
    }
    slots.forEach((slot, i) => this.#setDead(nodes.hold(slot, planned[i]!)));
    if (!this.keepsRows && graph.hasRows && book.rows >= LEARNT_AT) {
      await encodeAgain(graph, threads, book);
      graph.dropRows();
      this.reserve(this.#announced);
    }
    if (needsRepair(nodes)) await repairGraph(graph, nodes, threads);
  }

  /** Levels and room for new nodes. @throws `ERR_MEMORY`, before anything changed */
  #place(planned: Uint32Array): void {
    const { nodes } = this;
    const graph = this.#graph;
    const { M } = graph.options;
    const fresh = planned.filter((node) => node >= nodes.count);
    const levels = Array.from(fresh, (node) => levelOf(this.#seed, node, M));
    let upper = this.upperCount;
    graph.reserve(nodes.count + fresh.length, upper + levels.reduce((sum, level) => sum + level * M, 0));
    const { u8, u32 } = graph.memory.views;
    const [levelsAt, upperAt] = [graph.memory.at('levels'), graph.memory.at('upper-at') / 4];
    fresh.forEach((node, i) => {
      u8[levelsAt + node] = levels[i]!;
      u32[upperAt + node] = upper;
      upper += levels[i]! * M;
    });
    this.upperCount = upper;
  }

  #setDead(node: number): void {
    if (node === NONE) return;
    const { memory } = this.#graph;
    memory.views.u32[memory.at('live') / 4 + (node >>> 5)]! &= ~(1 << (node & 31));
  }

  async remove(slots: Uint32Array): Promise<void> {
    const { nodes } = this;
    for (const slot of slots) this.#setDead(nodes.remove(slot));
    if (nodes.size === 0) this.clear();
    else if (needsRepair(nodes)) await repairGraph(this.#graph, nodes, this.#threads);
  }

  clear(): void {
    const graph = this.#graph;
    this.nodes.clear();
    this.book.forget();
    this.upperCount = 0;
    graph.count = 0;
    graph.topLevel = -1;
    graph.entry = 0;
    graph.memory.section('live', graph.memory.capacity).fill(0);
    if (!graph.hasRows) graph.addRows();
    graph.write();
  }

  /** Repairs the graph and writes all codes by a book of the rows there are. @param row The row at a slot */
  async compact(row: (slot: number) => Float32Array): Promise<void> {
    const { nodes, book } = this;
    const graph = this.#graph;
    if (nodes.size === 0) return;
    await repairGraph(graph, nodes, this.#threads);
    book.forget();
    const { dimension } = graph.options;
    for (const slots of inRuns(nodes.toSlots())) {
      const rows = new Float32Array(slots.length * dimension);
      slots.forEach((slot, i) => rows.set(row(slot), i * dimension));
      book.count(rows);
    }
    // Codes alone are only written anew when they are worth it: they lose a little each time.
    if (graph.hasRows || book.isWrong()) await encodeAgain(graph, this.#threads, book);
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
