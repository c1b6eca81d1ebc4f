import type { EngineState, StoredEngineState } from '../contract.ts';
import { FlatMemory, LANES, memoryBytes } from './flat-memory.ts';
import type { FlatScan, FlatStore, ScanOptions } from './flat-store.ts';
import { flatState, restoreFlat, type FlatSection } from './flat-state.ts';
import { LiveSlots } from './live-slots.ts';
import { ValueScan, type ValuedRows } from './value-scan.ts';
import type { ValueScoring } from './value-scoring.ts';

/** Rows copied to the kernel at a time. */
const BATCH = 1024;
/** What the kernel spills to, and what it is told about a scan. */
const FIXED_BYTES = 256;
const regions = (dimension: number): number[] => [LANES * 4 * dimension, LANES * 4, LANES * 4];

/** Rows as float32 in groups of eight, dimension by dimension, each with a bias and a scale: see assembly/flat/floats.ts. */
export class ValueRows implements FlatStore, ValuedRows {
  readonly live: LiveSlots = new LiveSlots();
  readonly memory: FlatMemory;
  readonly dimension: number;
  readonly #metric: string;
  readonly #scoring: ValueScoring;
  /** Length of the longest row since the last clear. */
  #longest = 0;

  constructor(dimension: number, metric: string, scoring: ValueScoring, module: WebAssembly.Module) {
    this.dimension = dimension;
    this.#metric = metric;
    this.#scoring = scoring;
    this.memory = new FlatMemory(module, FIXED_BYTES, regions(dimension));
  }

  /** Bytes for `count` rows. */
  static estimate(count: number, dimension: number): number {
    return memoryBytes(FIXED_BYTES, regions(dimension), Math.ceil(count / LANES)) + count / 8 + BATCH * 4 * dimension;
  }

  get bytes(): number {
    return this.memory.bytes + this.live.bits.byteLength;
  }

  reserve(count: number): void {
    this.memory.reserve(Math.ceil(count / LANES));
    this.live.reserve(count);
  }

  put(slots: Uint32Array, rows: Float32Array): void {
    const { dimension, memory } = this;
    const [from] = memory.scratch(Math.min(BATCH, slots.length) * dimension * 4) as [number];
    const { f32 } = memory.views;
    const [values, bias, scale] = [memory.at(0), memory.at(1) / 4, memory.at(2) / 4];
    for (let begin = 0; begin < slots.length; begin += BATCH) {
      const batch = rows.subarray(begin * dimension, Math.min(slots.length, begin + BATCH) * dimension);
      f32.set(batch, from / 4);
      for (let i = 0; i < batch.length / dimension; i++) {
        const slot = slots[begin + i]!;
        const { mean, square } = moments(batch, i * dimension, dimension);
        this.#longest = Math.max(this.#longest, Math.sqrt(square));
        const terms = this.#scoring.terms(mean, square, dimension);
        memory.exports.putRow(values, slot, dimension, from + i * dimension * 4);
        f32[bias + slot] = terms.bias;
        f32[scale + slot] = terms.scale;
        this.live.add(slot);
      }
    }
  }

  read(slot: number, into: Float32Array): Float32Array {
    const { f32 } = this.memory.views;
    let at = this.memory.at(0) / 4 + (slot - (slot % LANES)) * this.dimension + (slot % LANES);
    for (let j = 0; j < this.dimension; j++, at += LANES) into[j] = f32[at]!;
    return into;
  }

  scan(options: ScanOptions): FlatScan {
    return new ValueScan(this, this.#scoring, this.#longest, options);
  }

  state(): EngineState {
    const meta = { ...this.#meta(), longest: this.#longest };
    return { ...flatState(this, meta, this.#sections()), rows: { section: 'rows', lanes: LANES } };
  }

  async restore(stored: StoredEngineState): Promise<void> {
    const meta = await restoreFlat(this, this.#meta(), stored, () => this.#sections());
    if (meta) this.#longest = meta['longest'] as number;
  }

  #meta(): { layout: string; metric: string; dimension: number } {
    return { layout: 'values', metric: this.#metric, dimension: this.dimension };
  }

  #sections(): FlatSection[] {
    const { memory } = this;
    const groups = Math.ceil(this.live.count / LANES);
    return (['rows', 'bias', 'scale'] as const).map((name, i) => ({
      name,
      kind: 'float32' as const,
      at: memory.at(i),
      bytes: regions(this.dimension)[i]! * groups,
    }));
  }
}

function moments(rows: Float32Array, at: number, dimension: number): { mean: number; square: number } {
  let sum = 0;
  let square = 0;
  for (let j = at; j < at + dimension; j++) {
    const value = rows[j]!;
    sum += value;
    square += value * value;
  }
  return { mean: sum / dimension, square };
}
