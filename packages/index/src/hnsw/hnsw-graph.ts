import type { Kernel } from '../kernel/load-kernel.ts';
import { codeShape, GRAPH_METRICS, setFields, structBytes, type CodeShape, type Precision } from './hnsw-layout.ts';
import { align, HnswMemory } from './hnsw-memory.ts';

/** What a graph is made with. */
export interface GraphOptions {
  readonly dimension: number;
  readonly metric: string;
  readonly M: number;
  readonly efConstruction: number;
  readonly alpha: number;
  readonly precision: Precision;
  readonly threads: number;
}

/** Where the parts of scratch lie. */
export interface Scratch {
  readonly batch: number;
  readonly vectors: number;
  readonly sums: number;
  readonly counts: number;
  readonly nodes: number;
  readonly distances: number;
}

/** What scratch has room for. */
interface Room {
  /** Best nodes of a search. */
  readonly found: number;
  /** Vectors of a batch. */
  readonly vectors: number;
  /** Places of answers. */
  readonly hits: number;
}

/** Bytes of so many bits, in whole runs of 16. */
export const bitBytes = (bits: number): number => Math.ceil(bits / 128) * 16;

/** A graph in the memory of the kernel: its structs, its regions, and one context a thread. */
export class HnswGraph {
  readonly options: GraphOptions;
  readonly memory: HnswMemory;
  /** Values of a code: one more than those of a row for inner products. */
  readonly width: number;
  readonly M0: number;
  /** Addresses of structs, and of the means in use and before: [width] f32. */
  readonly graph: number;
  readonly request: number;
  readonly contexts: readonly number[];
  readonly mean: number;
  readonly oldMean: number;
  readonly #codes: { readonly rows: number; readonly search: number };
  readonly rowShape: CodeShape;
  readonly searchShape: CodeShape;
  #room: Room = { found: 0, vectors: 0, hits: 0 };
  scratch!: Scratch;
  count = 0;
  entry = 0;
  topLevel = -1;
  /** Squared length that rows are brought to under inner product. */
  reach = 0;
  #upperRoom = 0;
  #vectorAt = 0;

  constructor(options: GraphOptions, kernel: Kernel) {
    const { dimension, metric, M, threads, precision } = options;
    this.options = options;
    this.M0 = 2 * M;
    this.width = dimension + (metric === 'inner-product' ? 1 : 0);
    this.rowShape = codeShape('f32', this.width);
    this.searchShape = codeShape(precision, this.width);
    let at = 64;
    const place = (bytes: number): number => (at += align(bytes)) - align(bytes);
    this.graph = place(structBytes('graph'));
    this.request = place(structBytes('request'));
    this.#codes = { rows: place(structBytes('codes')), search: place(structBytes('codes')) };
    this.contexts = Array.from({ length: threads }, () => place(structBytes('context')));
    this.mean = place(this.width * 4);
    this.oldMean = place(this.width * 4);
    this.memory = new HnswMemory(kernel, at);
    const perNode =
      (bytes: number): ((nodes: number) => number) =>
      (nodes) =>
        nodes * bytes;
    this.memory.addRegion('links', perNode(this.M0 * 4));
    if (precision !== 'f32') this.memory.addRegion('codes', perNode(this.searchShape.stride));
    this.memory.addRegion('upper-at', perNode(4));
    this.memory.addRegion('levels', perNode(1));
    this.memory.addRegion('live', bitBytes);
    this.memory.addRegion('accepted', bitBytes);
    this.memory.addRegion('upper', () => this.#upperRoom * 4);
    this.memory.addRegion('rows', perNode(this.rowShape.stride));
    this.reserveScratch({});
  }

  get hasRows(): boolean {
    return this.memory.regions.has('rows');
  }

  /** Where the kernel puts a row that it decodes. */
  get vectorAt(): number {
    return this.#vectorAt;
  }

  /** Keeps float32 rows again, while there are no nodes. */
  addRows(): void {
    const { stride } = this.rowShape;
    this.memory.addRegion('rows', (nodes) => nodes * stride);
    this.memory.resize(this.memory.capacity, new Map(), this.#scratchBytes(this.#room, this.memory.capacity));
    this.#layScratch();
  }

  /** Gives the memory of the float32 rows back. */
  dropRows(): void {
    this.memory.dropRegion('rows');
    this.#layScratch();
  }

  /** Makes room for nodes and for links above level 0. @throws `ERR_MEMORY`, before anything changed */
  reserve(nodes: number, upper: number, exactly = false): void {
    const { memory } = this;
    const grown = (needed: number, held: number): number =>
      needed <= held ? held : exactly ? needed : Math.max(needed, Math.ceil(held * 1.25));
    const capacity = grown(nodes, memory.capacity);
    const room = grown(upper, this.#upperRoom);
    if (capacity === memory.capacity && room === this.#upperRoom) return;
    // Scratch lies behind the regions and is laid again.
    memory.resize(capacity, new Map([['upper', room * 4]]), this.#scratchBytes(this.#room, capacity));
    this.#upperRoom = room;
    this.#layScratch();
  }

  /** Makes room for a batch or a search; what scratch held is lost when there was not enough. @throws `ERR_MEMORY` */
  reserveScratch({ found = 0, vectors = 1, hits = 1 }: Partial<Room>): void {
    const { efConstruction } = this.options;
    const room = this.#room;
    if (found <= room.found && vectors <= room.vectors && hits <= room.hits) return;
    const next = {
      found: Math.max(room.found, found, efConstruction + 2),
      vectors: Math.max(room.vectors, vectors),
      hits: Math.max(room.hits, hits),
    };
    this.memory.reserveScratch(this.#scratchBytes(next, this.memory.capacity));
    this.#room = next;
    this.#layScratch();
  }

  #scratchBytes(room: Room, nodes: number): number {
    return this.#placeScratch(0, room, nodes).end;
  }

  #placeScratch(
    from: number,
    room: Room,
    nodes: number,
  ): { contexts: Record<string, number>[]; scratch: Scratch; end: number } {
    const { M0, width, options } = this;
    const around = M0 * (M0 + 1) + 8;
    const own = Math.ceil((width + 3) / 4) * 16 + 128;
    // Pushed are only nodes better than the worst found: a few times as many as are kept.
    const frontierRoom = Math.min(room.found, 4096) * 16 + room.found + 1024;
    let at = from;
    const place = (bytes: number): number => (at += align(bytes)) - align(bytes);
    const contexts = this.contexts.map(() => ({
      vector: place(own),
      transformed: place(own),
      query: place(own * 2),
      seen: place(bitBytes(nodes) + 16),
      gathered: place(around * 4),
      distances: place(around * 4),
      frontier: place(frontierRoom * 8),
      frontierRoom,
      found: place(room.found * 8 + 8),
      chosen: place((M0 + 8) * 4),
      candidates: place((room.found + around) * 8),
    }));
    const scratch = {
      batch: place(room.vectors * 4),
      vectors: place(room.vectors * options.dimension * 4),
      sums: place((width + 2) * 8),
      counts: place(room.vectors * 4),
      nodes: place(room.hits * 4),
      distances: place(room.hits * 8),
    };
    return { contexts, scratch, end: at };
  }

  #layScratch(): void {
    const { memory } = this;
    const { contexts, scratch, end } = this.#placeScratch(memory.scratchAt, this.#room, memory.capacity);
    const { data, u8 } = memory.views;
    u8.fill(0, memory.scratchAt, end); // nodes seen count on zeros between uses
    this.contexts.forEach((address, i) => setFields(data, 'context', address, contexts[i]!));
    this.scratch = scratch;
    this.#vectorAt = contexts[0]!['vector']!;
    this.write();
  }

  /** Writes places and counters to the structs. */
  write(): void {
    const { memory, options, width, M0, rowShape, searchShape } = this;
    const { data } = memory.views;
    const at = (name: string): number => memory.regions.get(name)?.at ?? 0;
    const isF32 = options.precision === 'f32';
    const { rows, search } = this.#codes;
    setFields(data, 'codes', rows, { ...rowShape, base: at('rows'), nibble: 15 });
    setFields(data, 'codes', search, { ...searchShape, base: at(isF32 ? 'rows' : 'codes'), nibble: 15 });
    setFields(data, 'graph', this.graph, {
      dimension: options.dimension,
      width,
      metric: GRAPH_METRICS.indexOf(options.metric as (typeof GRAPH_METRICS)[number]),
      M0,
      M: options.M,
      efConstruction: options.efConstruction,
      alpha: options.alpha,
      reach: this.reach,
      entry: this.entry,
      topLevel: this.topLevel >>> 0,
      count: this.count,
      rows,
      search,
      // One bit a value is too little to choose links by.
      build: options.precision === 'binary' && this.hasRows ? rows : search,
      mean: this.mean,
      links: at('links'),
      upperAt: at('upper-at'),
      upper: at('upper'),
      levels: at('levels'),
      live: at('live'),
      batch: this.scratch.batch,
    });
  }

  /** Says what the next search is to do: Request in assembly/hnsw/structs.ts. `accept`: address of bits, 0 for all. */
  setRequest(ef: number, k: number, rerank: number, accept: number): void {
    const { u32 } = this.memory.views;
    const { vectors, counts, nodes, distances } = this.scratch;
    let word = this.request / 4;
    u32[word++] = vectors;
    u32[word++] = ef;
    u32[word++] = k;
    u32[word++] = rerank;
    u32[word++] = accept;
    u32[word++] = counts;
    u32[word++] = nodes;
    u32[word] = distances;
  }
}
