import type { EngineState, StoredEngineState } from '../contract.ts';
import { eachSlot } from '../slot-bits.ts';
import { CodeScan, type CodedRows } from './code-scan.ts';
import { codeKind, type CodedRowsFacts } from './code-scoring.ts';
import { learnCodeBook } from './flat-code-book.ts';
import { FlatMemory, LANES, memoryBytes } from './flat-memory.ts';
import { damaged, flatState, restoreFlat, type FlatSection } from './flat-state.ts';
import type { FlatScan, FlatStore, ScanOptions } from './flat-store.ts';
import { LiveSlots } from './live-slots.ts';
import { CODE_REGIONS, codeFixedBytes, codeRegions, CODING_BYTES, RowCoder } from './row-coder.ts';
import { writtenCodes } from './written-codes.ts';

/** Rows that a code book is learnt from. */
const SAMPLE = 2048;
/** It is learnt anew when so many times the rows that there were have been written. */
const LEARN_AGAIN = 3;
/** Rows of a file whose codes are compared with those that they should have. */
const CHECKED = 64;

/** Rows as float32, one after the other, and as int8 codes that say which of them to look at: see assembly/flat/codes.ts. */
export class CodeRows implements CodedRows, FlatStore {
  readonly live: LiveSlots = new LiveSlots();
  readonly memory: FlatMemory;
  readonly dimension: number;
  readonly metric: string;
  readonly kind: number;
  readonly #coder: RowCoder;
  #learntFrom = 0; // rows
  #written = 0; // rows, since then

  constructor(dimension: number, metric: string, module: WebAssembly.Module) {
    this.dimension = dimension;
    this.metric = metric;
    this.kind = codeKind(metric)!;
    this.memory = new FlatMemory(module, codeFixedBytes(dimension), codeRegions(dimension));
    this.#coder = new RowCoder(this.memory, dimension, this.kind);
  }

  /** Bytes for `count` rows. */
  static estimate(count: number, dimension: number): number {
    const groups = Math.ceil(count / LANES);
    return memoryBytes(codeFixedBytes(dimension), codeRegions(dimension), groups) + count / 8 + CODING_BYTES;
  }

  get bytes(): number {
    return this.memory.bytes + this.live.bits.byteLength;
  }

  get facts(): CodedRowsFacts {
    return this.#coder.facts;
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
    else this.#coder.encode(slots);
  }

  read(slot: number, into: Float32Array): Float32Array {
    const at = this.memory.at(0) / 4 + slot * this.dimension;
    into.set(this.memory.views.f32.subarray(at, at + this.dimension));
    return into;
  }

  scan(options: ScanOptions): FlatScan {
    return new CodeScan(this, options);
  }

  /** Learns the code book anew, and codes all rows with it. */
  compact(): void {
    const { live, dimension } = this;
    const slots = new Uint32Array(live.size);
    let count = 0;
    eachSlot(live.bits, undefined, (slot) => (slots[count++] = slot));
    const step = Math.max(1, Math.floor(count / SAMPLE));
    const sample: Float32Array[] = [];
    for (let i = 0; i < count; i += step) sample.push(this.read(slots[i]!, new Float32Array(dimension)));
    this.#coder.use(learnCodeBook(this.kind, dimension, sample));
    this.#learntFrom = count;
    this.#written = 0;
    this.#coder.encode(slots);
  }

  state(): EngineState {
    const meta = { ...this.#meta(), ...this.#coder.meta, learntFrom: this.#learntFrom, written: this.#written };
    return { ...flatState(this, meta, this.#sections()), rows: { section: 'rows' } };
  }

  async restore(stored: StoredEngineState): Promise<void> {
    const meta = await restoreFlat(this, this.#meta(), stored, () => this.#sections());
    if (!meta) return;
    this.#coder.restore(meta);
    this.#learntFrom = meta['learntFrom'] as number;
    this.#written = meta['written'] as number;
    this.#check();
  }

  /** Codes some rows anew, which must change nothing. @throws `ERR_FILE` */
  #check(): void {
    const { count } = this.live;
    const some = Array.from({ length: CHECKED }, (_, i) => Math.floor((i * count) / CHECKED));
    const slots = some.filter((slot) => this.live.has(slot));
    const before = writtenCodes(this, slots);
    this.#coder.encode(Uint32Array.from(slots));
    const after = writtenCodes(this, slots);
    if (after.some((value, i) => value !== before[i])) throw damaged('codes must be those of the rows', 'others');
  }

  #meta(): { layout: string; metric: string; dimension: number } {
    return { layout: 'codes', metric: this.metric, dimension: this.dimension };
  }

  #sections(): FlatSection[] {
    const sizes = codeRegions(this.dimension);
    const groups = Math.ceil(this.live.count / LANES);
    const parts = CODE_REGIONS.map((name, i): FlatSection => {
      return { name, kind: name === 'codes' ? 'int8' : 'float32', at: this.memory.at(i), bytes: sizes[i]! * groups };
    });
    return [...parts, ...this.#coder.sections];
  }
}
