import type { Kernel } from '../kernel/load-kernel.ts';
import {
  bitBytes,
  codeShape,
  GRAPH_METRICS,
  setFields,
  structBytes,
  type CodeShape,
  type Precision,
} from './hnsw-layout.ts';
import { align, HnswMemory } from './hnsw-memory.ts';
import { placeScratch, type PlacedScratch, type Room, type Scratch } from './hnsw-scratch.ts';

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
    this.#addRegions(precision);
    this.reserveScratch({});
  }

  #addRegions(precision: Precision): void {
    const perNode = (bytes: number) => (nodes: number) => nodes * bytes;
    const { memory, M0, searchShape, rowShape } = this;
    memory.addRegion('links', perNode(M0 * 4));
    if (precision !== 'f32') memory.addRegion('codes', perNode(searchShape.stride));
    memory.addRegion('upper-at', perNode(4));
    memory.addRegion('levels', perNode(1));
    memory.addRegion('settled', perNode(1));
    memory.addRegion('live', bitBytes);
    memory.addRegion('accepted', bitBytes);
    memory.addRegion('upper', () => this.#upperRoom * 4);
    memory.addRegion('rows', perNode(rowShape.stride));
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
    this.memory.resize(this.memory.capacity, new Map(), this.#placeScratch(0, this.#room, this.memory.capacity).end);
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
    memory.resize(capacity, new Map([['upper', room * 4]]), this.#placeScratch(0, this.#room, capacity).end);
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
    this.memory.reserveScratch(this.#placeScratch(0, next, this.memory.capacity).end);
    this.#room = next;
    this.#layScratch();
  }

  #placeScratch(from: number, room: Room, nodes: number): PlacedScratch {
    const { M0, width, contexts, options } = this;
    return placeScratch(from, room, { nodes, M0, width, dimension: options.dimension, threads: contexts.length });
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
    const { memory, options, rowShape, searchShape, width, M0, reach, entry, topLevel, count, mean } = this;
    const { data } = memory.views;
    const at = (name: string): number => memory.regions.get(name)?.at ?? 0;
    const isF32 = options.precision === 'f32';
    const { rows, search } = this.#codes;
    setFields(data, 'codes', rows, { ...rowShape, base: at('rows'), nibble: 15 });
    setFields(data, 'codes', search, { ...searchShape, base: at(isF32 ? 'rows' : 'codes'), nibble: 15 });
    const { dimension, M, efConstruction, alpha, metric } = options;
    const isReadBinary = options.precision === 'binary' && this.hasRows;
    const put = (fields: Readonly<Record<string, number>>): void => setFields(data, 'graph', this.graph, fields);
    put({ dimension, width, M0, M, efConstruction, alpha, reach, entry, topLevel: topLevel >>> 0, count, mean });
    put({ metric: (GRAPH_METRICS as readonly string[]).indexOf(metric), batch: this.scratch.batch });
    put({ rows, search, build: isReadBinary ? rows : search }); // one bit a value is too little to choose links by
    put({ links: at('links'), upperAt: at('upper-at'), upper: at('upper'), levels: at('levels'), live: at('live') });
    put({ settled: at('settled') });
  }
}
