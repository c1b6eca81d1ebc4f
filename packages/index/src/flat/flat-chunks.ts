import { LANES, type FlatRows } from './flat-rows.ts';
import { groupBits } from '../slot-bits.ts';

/** Where the parts of a scan lie in the scratch memory, in bytes. */
export interface ScanLayout {
  readonly queries: number;
  readonly scores: number;
  readonly rows: number;
  readonly list: number;
  readonly bias: number;
  readonly out: number;
}

/** Places for so many queries with heaps of `kept` places, and for one chunk's list of groups, biases and findings. */
export function layOut(rows: FlatRows, queries: number, kept: number): ScanLayout {
  const sizes = {
    queries: queries * rows.dimension * 4,
    scores: queries * kept * 4,
    rows: queries * kept * 4,
    list: (rows.rowsPerChunk / LANES) * 4,
    bias: rows.rowsPerChunk * 4,
    out: rows.rowsPerChunk * 4,
  };
  const total = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  let next = rows.memory!.scratch(total);
  const place = (bytes: number): number => (next += bytes) - bytes;
  return {
    queries: place(sizes.queries),
    scores: place(sizes.scores),
    rows: place(sizes.rows),
    list: place(sizes.list),
    bias: place(sizes.bias),
    out: place(sizes.out),
  };
}

/**
 * Calls `use` for each chunk that holds a row to look at, its groups with such a row listed at `at.list`. `bias` is where
 * the biases lie: those of the chunk, or a copy in which rows that are not allowed are taken out.
 */
export function eachChunk(
  rows: FlatRows,
  allowed: Uint32Array | undefined,
  at: ScanLayout,
  use: (chunk: number, bias: number, count: number, first: number) => void,
): void {
  const { f32, i32 } = rows.memory!.view();
  for (let chunk = 0; chunk < rows.chunkCount; chunk++) {
    const first = chunk * rows.rowsPerChunk;
    if (allowed) f32.set(rows.bias(chunk), at.bias / 4);
    let count = 0;
    for (let row = 0; row < rows.rowsPerChunk; row += LANES) {
      const present = groupBits(rows.live, first + row);
      const wanted = allowed ? present & groupBits(allowed, first + row) : present;
      if (wanted === 0) continue;
      i32[at.list / 4 + count++] = row / LANES;
      if (wanted === present) continue;
      for (let lane = 0; lane < LANES; lane++) {
        if ((wanted & (1 << lane)) === 0) f32[at.bias / 4 + row + lane] = Infinity;
      }
    }
    if (count > 0) use(chunk, allowed ? at.bias : rows.address(chunk, 'bias'), count, first);
  }
}
