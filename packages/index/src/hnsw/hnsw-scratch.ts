import { bitBytes } from './hnsw-layout.ts';
import { align } from './hnsw-memory.ts';

/** What scratch has room for. */
export interface Room {
  /** Best nodes of a search. */
  readonly found: number;
  /** Vectors of a batch. */
  readonly vectors: number;
  /** Places of answers. */
  readonly hits: number;
}

/** Where the parts of scratch lie that all threads use. */
export interface Scratch {
  readonly batch: number;
  readonly vectors: number;
  readonly sums: number;
  readonly counts: number;
  readonly nodes: number;
  readonly distances: number;
}

/** Fields of each thread's context, the shared parts, and where it all ends. */
export interface PlacedScratch {
  readonly contexts: readonly Readonly<Record<string, number>>[];
  readonly scratch: Scratch;
  readonly end: number;
}

/** Lays scratch out from an address on. */
export function placeScratch(
  from: number,
  room: Room,
  sizes: { nodes: number; M0: number; width: number; dimension: number; threads: number },
): PlacedScratch {
  const { nodes, M0, width, dimension, threads } = sizes;
  const around = M0 * (M0 + 1) + 8;
  const own = Math.ceil((width + 3) / 4) * 16 + 128;
  // Pushed are only nodes better than the worst found: a few times as many as are kept.
  const frontierRoom = Math.min(room.found, 4096) * 16 + room.found + 1024;
  let at = from;
  const place = (bytes: number): number => (at += align(bytes)) - align(bytes);
  const contexts = Array.from({ length: threads }, () => ({
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
    vectors: place(room.vectors * dimension * 4),
    sums: place((width + 2) * 8),
    counts: place(room.vectors * 4),
    nodes: place(room.hits * 4),
    distances: place(room.hits * 8),
  };
  return { contexts, scratch, end: at };
}
