import type { EngineState, StoredEngineState } from '../contract.ts';
import { eachSlot } from '../slot-bits.ts';
import { CodeScan, type CodedRows } from './code-scan.ts';
import { codeKind, codesOf, comparable, type CodedRowsFacts } from './code-scoring.ts';
import { FlatMemory, LANES, memoryBytes } from './flat-memory.ts';
import { damaged, flatState, restoreFlat, type FlatSection } from './flat-state.ts';
import type { FlatScan, FlatStore, ScanOptions } from './flat-store.ts';
import { LiveSlots } from './live-slots.ts';
import { writtenCodes } from './written-codes.ts';

/** What the kernel is told about coding, in the fixed part of the memory; behind it the mean, and room for a row. */
const CODING = 256;
const MEAN = 384;
/** Rows whose mean stands for that of all. */
const SAMPLE = 2048;
/** The mean is learnt anew when so many times the rows it was learnt from have been written. */
const LEARN_AGAIN = 3;
/** Rows of a file whose codes are compared with those that they should have. */
const CHECKED = 64;
/** Slots given to the kernel at a time. */
const BATCH = 4096;

const fixedBytes = (dimension: number): number => MEAN + 16 * (dimension + 1);
const REGIONS = ['rows', 'codes', 'bias', 'scale', 'error'] as const;
/** Bytes of each for eight rows. */
const regions = (dimension: number): number[] => [
  LANES * 4 * dimension,
  LANES * codesOf(dimension),
  LANES * 4,
  LANES * 4,
  LANES * 4,
];

/** Rows as float32, one after the other, and as int8 codes that say which of them to look at: see assembly/flat/codes.ts. */
export class CodeRows implements CodedRows, FlatStore {
  readonly live: LiveSlots = new LiveSlots();
  readonly memory: FlatMemory;
  readonly dimension: number;
  readonly metric: string;
  readonly kind: number;
  #learntFrom = 0; // rows
  #written = 0; // rows, since then

  constructor(dimension: number, metric: string, module: WebAssembly.Module) {
    this.dimension = dimension;
    this.metric = metric;
    this.kind = codeKind(metric)!;
    this.memory = new FlatMemory(module, fixedBytes(dimension), regions(dimension));
  }

  /** Bytes for `count` rows. */
  static estimate(count: number, dimension: number): number {
    const groups = Math.ceil(count / LANES);
    return memoryBytes(fixedBytes(dimension), regions(dimension), groups) + count / 8 + BATCH * 4;
  }

  get bytes(): number {
    return this.memory.bytes + this.live.bits.byteLength;
  }

  get facts(): CodedRowsFacts {
    const { f64 } = this.memory.views;
    const mean = f64.slice(MEAN / 8, MEAN / 8 + this.dimension);
    return { mean, longest: f64[CODING / 8]!, reach: f64[CODING / 8 + 1]! };
  }

  reserve(count: number): void {
    this.memory.reserve(Math.ceil(count / LANES));
    this.live.reserve(count);
  }

  put(slots: Uint32Array, rows: Float32Array): void {
    const { dimension, memory, live } = this;
    const { f32 } = memory.views;
    const at = memory.at(0) / 4;
    for (let begin = 0, end = 0; begin < slots.length; begin = end) {
      for (end = begin + 1; end < slots.length && slots[end] === slots[end - 1]! + 1;) end++;
      f32.set(rows.subarray(begin * dimension, end * dimension), at + slots[begin]! * dimension);
    }
    for (const slot of slots) live.add(slot);
    this.#written += slots.length;
    if (this.#written >= this.#learntFrom * LEARN_AGAIN) this.compact();
    else this.#encode(slots);
  }

  read(slot: number, into: Float32Array): Float32Array {
    const at = this.memory.at(0) / 4 + slot * this.dimension;
    into.set(this.memory.views.f32.subarray(at, at + this.dimension));
    return into;
  }

  scan(options: ScanOptions): FlatScan {
    return new CodeScan(this, options);
  }

  /** Learns the mean of the rows anew, and codes all of them with it. */
  compact(): void {
    const { live, dimension } = this;
    const slots = new Uint32Array(live.size);
    let count = 0;
    eachSlot(live.bits, undefined, (slot) => (slots[count++] = slot));
    const step = Math.max(1, Math.floor(count / SAMPLE));
    const mean = new Float64Array(dimension);
    const row = new Float32Array(dimension);
    const sampled = Math.ceil(count / step);
    for (let i = 0; i < count; i += step) {
      const values = comparable(this.kind, this.read(slots[i]!, row));
      for (let j = 0; j < dimension; j++) mean[j]! += values[j]! / sampled;
    }
    const { f64 } = this.memory.views;
    f64.set(mean, MEAN / 8);
    f64.fill(0, CODING / 8, CODING / 8 + 2);
    this.#learntFrom = count;
    this.#written = 0;
    this.#encode(slots);
  }

  state(): EngineState {
    const { longest, reach } = this.facts;
    const meta = { ...this.#meta(), longest, reach, learntFrom: this.#learntFrom, written: this.#written };
    return { ...flatState(this, meta, this.#sections()), rows: { section: 'rows' } };
  }

  async restore(stored: StoredEngineState): Promise<void> {
    const meta = await restoreFlat(this, this.#meta(), stored, () => this.#sections());
    if (!meta) return;
    this.#learntFrom = meta['learntFrom'] as number;
    this.#written = meta['written'] as number;
    this.memory.views.f64.set([meta['longest'] as number, meta['reach'] as number], CODING / 8);
    this.#check();
  }

  /** Codes some rows anew, which must change nothing. @throws `ERR_FILE` */
  #check(): void {
    const { count } = this.live;
    const some = Array.from({ length: CHECKED }, (_, i) => Math.floor((i * count) / CHECKED));
    const slots = some.filter((slot) => this.live.has(slot));
    const before = writtenCodes(this, slots);
    this.#encode(Uint32Array.from(slots));
    const after = writtenCodes(this, slots);
    if (after.some((value, i) => value !== before[i])) throw damaged('codes must be those of the rows', 'others');
  }

  /** Codes rows that are in place. */
  #encode(slots: Uint32Array): void {
    const { memory, dimension, kind } = this;
    const [list] = memory.scratch(Math.min(BATCH, slots.length) * 4) as [number];
    const { u32 } = memory.views;
    const [rows, codes, bias, scale, error] = REGIONS.map((_, i) => memory.at(i)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const spill = MEAN + 8 * (dimension + (dimension & 1));
    const parts = [rows, codes, LANES * codesOf(dimension), bias, scale, error, MEAN, spill, dimension, kind];
    u32.set(parts, CODING / 4 + 4); // behind two float64: the longest row, and the farthest from the mean
    for (let begin = 0; begin < slots.length; begin += BATCH) {
      const batch = slots.subarray(begin, begin + BATCH);
      u32.set(batch, list / 4);
      memory.exports.encodeRows(CODING, list, batch.length);
    }
  }

  #meta(): { layout: string; metric: string; dimension: number } {
    return { layout: 'codes', metric: this.metric, dimension: this.dimension };
  }

  #sections(): FlatSection[] {
    const { memory, dimension, live } = this;
    const sizes = regions(dimension);
    const groups = Math.ceil(live.count / LANES);
    const parts = REGIONS.map((name, i): FlatSection => {
      return { name, kind: name === 'codes' ? 'int8' : 'float32', at: memory.at(i), bytes: sizes[i]! * groups };
    });
    return [...parts, { name: 'mean', kind: 'float64', at: MEAN, bytes: 8 * dimension }];
  }
}
