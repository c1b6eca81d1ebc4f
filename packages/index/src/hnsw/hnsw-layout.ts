/** Where things lie in the memory of the kernel: assembly/hnsw/structs.ts, field for field. */

/** What links and searches go by. */
export const PRECISIONS = ['f32', 'f16', 'i8', 'i4', 'binary'] as const;
/** How the numbers of a row are kept for the search: float32, float16, or 8, 4 or 1 bits a value. */
export type Precision = (typeof PRECISIONS)[number];

/** Metrics that order as squared Euclidean distance does once rows are transformed. */
export const GRAPH_METRICS = ['cosine', 'euclidean', 'squared-euclidean', 'inner-product', 'snr'] as const;

/** No node: ends a list of links. */
export const NONE = 0xffffffff;

type Struct = 'codes' | 'graph' | 'context' | 'request';
const words = (text: string): readonly string[] => text.split(' ');
const FIELDS: Readonly<Record<Struct, readonly string[]>> = {
  codes: words('kind base stride runs half factorAt nibble'),
  graph: words(
    'dimension width metric M0 M efConstruction alpha reach entry topLevel count ' +
      'rows search build mean links upperAt upper levels live batch settled',
  ),
  context: words(
    'vector transformed query queryNorm queryScale queryOffset codes seen gathered distances frontier frontierRoom ' +
      'found foundCount chosen candidates sink',
  ),
  request: words('queries ef k rerank accept counts nodes distances'),
};
const FLOATS: ReadonlySet<string> = new Set(['alpha', 'reach']);

/** Bytes of a struct. */
export const structBytes = (struct: Struct): number => FIELDS[struct].length * 4;

/** Sets fields of a struct. */
export function setFields(view: DataView, struct: Struct, at: number, fields: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const place = at + FIELDS[struct].indexOf(name) * 4;
    if (FLOATS.has(name)) view.setFloat32(place, value, true);
    else view.setUint32(place, value, true);
  }
}

/** Bytes of so many bits, in whole runs of 16. */
export const bitBytes = (bits: number): number => Math.ceil(bits / 128) * 16;

/** Shape of rows in a precision, whatever their place. */
export interface CodeShape {
  readonly kind: number;
  readonly stride: number;
  readonly runs: number;
  readonly half: number;
  readonly factorAt: number;
}

/** @param width Values of a row, with the one that inner products add */
export function codeShape(precision: Precision, width: number): CodeShape {
  const kind = PRECISIONS.indexOf(precision);
  const shape = (runs: number, bytes: number, half = 0): CodeShape => {
    const needed = bytes + 8; // factor and squared norm
    // Whole cache lines where that costs little, so that a row touches as few as it can.
    const lines = Math.ceil(needed / 64) * 64;
    return { kind, runs, half, factorAt: bytes, stride: lines <= needed * 1.25 ? lines : Math.ceil(needed / 16) * 16 };
  };
  if (precision === 'f32') return shape(Math.ceil(width / 4), Math.ceil(width / 4) * 16);
  if (precision === 'f16') return shape(Math.ceil(width / 4), Math.ceil(width / 4) * 8);
  if (precision === 'i8') return shape(Math.ceil(width / 8), Math.ceil(width / 8) * 8);
  if (precision === 'binary') return shape(Math.ceil(width / 128), Math.ceil(width / 128) * 16);
  const left = width % 32;
  const runs = Math.floor(width / 32) + (left > 16 ? 1 : 0);
  const half = left > 0 && left <= 16 ? 1 : 0;
  return shape(runs, runs * 16 + half * 8, half);
}
