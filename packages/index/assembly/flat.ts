// Scores of rows against queries, and the best of them, over a memory that the host lays out. No state, no data segment.
// The parts lie in flat/: scan.ts has what a scan works on, floats.ts scans float32 rows, codes.ts int8 codes.
import { areFinite } from './flat/check';
import { collectCodes, scanCodeSingle, scanCodeTiles } from './flat/codes';
import { encodeRows } from './flat/encode';
import { collect, Differences, Largest, Products, scanSingle, scanTiles } from './flat/floats';
import { peakCodes, peakProducts, readMemory } from './flat/peak';
import { Scan } from './flat/scan';

export { areFinite, collectCodes, encodeRows, peakCodes, peakProducts, readMemory };

/** Offers every code to the heaps of the queries, those of a tile at a time, or of the one query there is. */
export function scanCodes(at: Scan): void {
  if (at.tiles == 0) scanCodeSingle(at);
  else scanCodeTiles(at);
}

/** As {@link scanCodes}, for float32 rows. */
export function scanProducts(at: Scan): void {
  if (at.tiles == 0) scanSingle<Products>(at);
  else scanTiles<Products>(at);
}

export function scanDifferences(at: Scan): void {
  if (at.tiles == 0) scanSingle<Differences>(at);
  else scanTiles<Differences>(at);
}

export function scanLargest(at: Scan): void {
  if (at.tiles == 0) scanSingle<Largest>(at);
  else scanTiles<Largest>(at);
}

/** Writes the numbers of the rows of groups `begin … end` that score at most `limit` to `out`; returns how many. */
export function collectProducts(at: Scan, begin: u32, end: u32, limit: f32, out: usize): u32 {
  return collect<Products>(at, begin, end, limit, out);
}

export function collectDifferences(at: Scan, begin: u32, end: u32, limit: f32, out: usize): u32 {
  return collect<Differences>(at, begin, end, limit, out);
}

export function collectLargest(at: Scan, begin: u32, end: u32, limit: f32, out: usize): u32 {
  return collect<Largest>(at, begin, end, limit, out);
}

/** Packs one row, float32, into its lane. */
export function putRow(groups: usize, row: u32, dimension: u32, from: usize): void {
  let at = groups + <usize>(row >> 3) * ((<usize>dimension) << 5) + ((<usize>row & 7) << 2);
  for (let j: u32 = 0; j < dimension; j++) {
    store<f32>(at, load<f32>(from));
    at += 32;
    from += 4;
  }
}
