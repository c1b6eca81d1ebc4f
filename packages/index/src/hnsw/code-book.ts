import type { HnswGraph } from './hnsw-graph.ts';

/** Rows of which the code book is learnt at the latest; until then float32 rows are kept in any case. */
export const LEARNT_AT = 1024;
/** Share of the mean squared distance from the mean by which the mean may move before codes are written anew. */
const DRIFT = 0.05;
/** Vectors copied to the kernel at a time. */
const BATCH = 1024;

/**
 * What codes depend on besides their row: the mean of all rows, and under inner product the length that rows are brought to. Learnt
 * from the rows that come first. Whenever there are twice as many as then, it is held against all that came since, and
 * learnt anew where the mean has moved by more than a twentieth of the rows' mean squared distance from it.
 */
export class CodeBook {
  readonly #graph: HnswGraph;
  #sums: Float64Array;
  #squares = 0;
  #longest = 0;
  /** Rows counted, and when the book was learnt or last found right. */
  rows = 0;
  checkedAt = 0;

  constructor(graph: HnswGraph) {
    this.#graph = graph;
    this.#sums = new Float64Array(graph.options.dimension);
  }

  /** Counts rows in. */
  count(vectors: Float32Array): void {
    const { memory, options, width } = this.#graph;
    const { dimension } = options;
    const rows = vectors.length / dimension;
    this.#graph.reserveScratch({ vectors: Math.min(BATCH, rows) });
    const { views, exports } = memory;
    const { vectors: at, sums } = this.#graph.scratch;
    const place = sums / 8;
    for (let begin = 0; begin < rows; begin += BATCH) {
      const count = Math.min(BATCH, rows - begin);
      views.f32.set(vectors.subarray(begin * dimension, (begin + count) * dimension), at / 4);
      views.f64.fill(0, place, place + width + 2);
      exports.sumVectors(this.#graph.contexts[0]!, 0, count, this.#graph.graph, at, sums);
      for (let j = 0; j < dimension; j++) this.#sums[j]! += views.f64[place + j]!;
      this.#squares += views.f64[place + width]!;
      this.#longest = Math.max(this.#longest, views.f64[place + width + 1]!);
    }
    this.rows += rows;
  }

  /** Share of the mean squared distance from the mean in use that the mean has moved; Infinity for a reach that is too short. */
  #drift(): number {
    const { memory, mean, reach, options } = this.#graph;
    const { f32 } = memory.views;
    if (options.metric === 'inner-product' && Math.fround(this.#longest) > reach) return Infinity;
    let moved = 0;
    let own = 0;
    for (let j = 0; j < options.dimension; j++) {
      const now = this.#sums[j]! / this.rows;
      moved += (now - f32[mean / 4 + j]!) ** 2;
      own += now ** 2;
    }
    const spread = this.#squares / this.rows - own;
    return moved === 0 ? 0 : moved / Math.max(spread, Number.MIN_VALUE);
  }

  /** Whether it is time to look, and the book is wrong. */
  isOutdated(): boolean {
    if (this.rows < 2 * this.checkedAt) return false;
    this.checkedAt = this.rows;
    return this.isWrong();
  }

  /** Whether the mean has moved too far from that in use. */
  isWrong(): boolean {
    return this.#drift() > DRIFT;
  }

  /** Takes over what was counted. Codes must be written anew after. */
  learn(): void {
    const { memory, mean, oldMean, width, options } = this.#graph;
    const { f32, u8 } = memory.views;
    u8.copyWithin(oldMean, mean, mean + width * 4);
    if (options.metric === 'inner-product') this.#graph.reach = Math.fround(this.#longest);
    // The value that inner products add is left as it is.
    for (let j = 0; j < options.dimension; j++) f32[mean / 4 + j] = this.#sums[j]! / this.rows;
    this.checkedAt = this.rows;
    this.#graph.write();
  }

  forget(): void {
    this.#sums = new Float64Array(this.#graph.options.dimension);
    this.#squares = 0;
    this.#longest = 0;
    this.rows = 0;
    this.checkedAt = 0;
  }

  /** For a file. */
  toJson(): { readonly rows: number; readonly checkedAt: number; readonly squares: number; readonly longest: number } {
    return { rows: this.rows, checkedAt: this.checkedAt, squares: this.#squares, longest: this.#longest };
  }

  get sums(): Float64Array {
    return this.#sums;
  }

  restore(json: ReturnType<CodeBook['toJson']>, sums: Float64Array): void {
    this.rows = json.rows;
    this.checkedAt = json.checkedAt;
    this.#squares = json.squares;
    this.#longest = json.longest;
    this.#sums = sums;
  }
}
