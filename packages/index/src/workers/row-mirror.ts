const ROWS = 1024; // a chunk

/** Rows by slot, in chunks that come when they are needed. */
export class RowMirror {
  readonly #dimension: number;
  #chunks: (Float32Array | undefined)[] = [];

  constructor(dimension: number) {
    this.#dimension = dimension;
  }

  get bytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + (chunk?.byteLength ?? 0), 0);
  }

  set(slots: Uint32Array, rows: Float32Array): void {
    const dimension = this.#dimension;
    slots.forEach((slot, i) => {
      const number = Math.floor(slot / ROWS);
      const chunk = (this.#chunks[number] ??= new Float32Array(ROWS * dimension));
      chunk.set(rows.subarray(i * dimension, (i + 1) * dimension), (slot % ROWS) * dimension);
    });
  }

  row(slot: number): Float32Array {
    const from = (slot % ROWS) * this.#dimension;
    return this.#chunks[Math.floor(slot / ROWS)]!.slice(from, from + this.#dimension);
  }

  clear(): void {
    this.#chunks = [];
  }
}
