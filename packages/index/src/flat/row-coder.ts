import { codesOf, type CodedRowsFacts } from './code-scoring.ts';
import type { FlatCodeBook } from './flat-code-book.ts';
import { LANES, type FlatMemory } from './flat-memory.ts';
import { damaged, type FlatSection } from './flat-state.ts';

/** What the kernel is told about coding, in the fixed part of the memory; behind it the mean, two rows, and the order. */
const CODING = 256;
const MEAN = 384;
/** Slots given to the kernel at a time. */
const BATCH = 4096;
const orderAt = (dimension: number): number => MEAN + 24 * (dimension + 1);

/** Regions of the memory, in their order. */
export const CODE_REGIONS = ['rows', 'codes', 'bias', 'scale', 'error'] as const;
/** Bytes of each for eight rows. */
export const codeRegions = (dimension: number): number[] => [
  LANES * 4 * dimension,
  LANES * codesOf(dimension),
  LANES * 4,
  LANES * 4,
  LANES * 4,
];
/** Bytes in front of the regions. */
export const codeFixedBytes = (dimension: number): number => orderAt(dimension) + 4 * dimension;
/** Bytes of scratch that coding takes. */
export const CODING_BYTES: number = BATCH * 4;

/** Codes rows that are in the memory, with the code book that lies there too: see assembly/flat/encode.ts. */
export class RowCoder {
  readonly #memory: FlatMemory;
  readonly #dimension: number;
  readonly #kind: number;
  #coded: number; // dimensions that have codes

  constructor(memory: FlatMemory, dimension: number, kind: number) {
    this.#memory = memory;
    this.#dimension = dimension;
    this.#kind = kind;
    this.#coded = dimension;
  }

  get facts(): CodedRowsFacts {
    const { f64 } = this.#memory.views;
    const mean = f64.slice(MEAN / 8, MEAN / 8 + this.#dimension);
    const coded = this.#order.slice(0, this.#coded);
    return { mean, coded, longest: f64[CODING / 8]!, reach: f64[CODING / 8 + 1]! };
  }

  /** Takes another code book; then all rows must be coded. */
  use({ mean, order, coded }: FlatCodeBook): void {
    const { f64 } = this.#memory.views;
    f64.set(mean, MEAN / 8);
    this.#order.set(order);
    this.#coded = coded;
    f64.fill(0, CODING / 8, CODING / 8 + 2);
  }

  encode(slots: Uint32Array): void {
    const memory = this.#memory;
    const dimension = this.#dimension;
    const [list] = memory.scratch(Math.min(BATCH, slots.length) * 4) as [number];
    const { u32 } = memory.views;
    const [rows, codes, ...terms] = CODE_REGIONS.map((_, i) => memory.at(i)) as [number, number, ...number[]];
    const groupBytes = LANES * codesOf(this.#coded);
    const spill = MEAN + 8 * (dimension + 1);
    const order = this.#coded < dimension ? orderAt(dimension) : 0;
    const parts = [rows, codes, groupBytes, ...terms, MEAN, spill, dimension, this.#kind, order, this.#coded];
    u32.set(parts, CODING / 4 + 4); // behind two float64: the longest row, and the farthest from the mean
    for (let begin = 0; begin < slots.length; begin += BATCH) {
      const batch = slots.subarray(begin, begin + BATCH);
      u32.set(batch, list / 4);
      memory.exports.encodeRows(CODING, list, batch.length);
    }
  }

  /** What goes into a state beside the sections. */
  get meta(): { longest: number; reach: number; coded: number } {
    const { longest, reach } = this.facts;
    return { longest, reach, coded: this.#coded };
  }

  /** The code book. */
  get sections(): FlatSection[] {
    return [
      { name: 'mean', kind: 'float64', at: MEAN, bytes: 8 * this.#dimension },
      { name: 'order', kind: 'uint32', at: orderAt(this.#dimension), bytes: 4 * this.#dimension },
    ];
  }

  /** Goes on from a state whose sections have been read. @throws `ERR_FILE` */
  restore({ longest, reach, coded }: Readonly<Record<string, number | string>>): void {
    if (!Number.isInteger(coded) || (coded as number) < 1 || (coded as number) > this.#dimension) {
      throw damaged('coded must be a number of dimensions', coded);
    }
    if (new Set(this.#order).size !== this.#dimension || this.#order.some((j) => j >= this.#dimension)) {
      throw damaged('order must have each dimension once', 'others');
    }
    this.#coded = coded as number;
    this.#memory.views.f64.set([longest as number, reach as number], CODING / 8);
  }

  get #order(): Uint32Array {
    const at = orderAt(this.#dimension) / 4;
    return this.#memory.views.u32.subarray(at, at + this.#dimension);
  }
}
