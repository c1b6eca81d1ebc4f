import { roundUp, WORDS, type IvfShape } from './ivf-layout.ts';
import type { IvfMemory } from './ivf-memory.ts';
import type { IvfRows } from './ivf-rows.ts';

/** Length of the longest centroid as int16. */
const LENGTH = 16384;
/** Key of places behind the last centroid. */
const FAR = 1e30;
const LAYOUT_BYTES = 256;

/** What was learnt from a sample: centroids of partitions and words of subspaces, in the kernel's memory with a Layout. */
export class IvfModel {
  readonly shape: IvfShape;
  readonly memory: IvfMemory;
  readonly partitions: number;
  /** Address of the Layout. */
  readonly layout: number;
  /** [stride] */
  readonly mean: number;
  /** float32 [partitions, width] */
  readonly centroids: number;
  /** float32 [subspaces, subspaceSize, 16] */
  readonly codebooks: number;
  /** Rows are coded as (x − mean) · scale. */
  scale = 1;
  readonly #packed: number;
  readonly #assignBias: number;
  readonly #probeBias: number;
  readonly #blocks: readonly (readonly [at: number, bytes: number])[];

  /** @param memory That of the rows, or another to learn in */
  constructor(rows: IvfRows, memory: IvfMemory, partitions: number, parallelWeight: number) {
    const { shape } = rows;
    this.shape = shape;
    this.memory = memory;
    this.partitions = partitions;
    const padded = roundUp(partitions, 16);
    const { stride, width, subspaces, subspaceSize } = shape;
    const sizes = [LAYOUT_BYTES, stride * 4, partitions * width * 4, subspaces * subspaceSize * WORDS * 4];
    sizes.push(padded * width * 2, padded * 4, padded * 4);
    const blocks: [number, number][] = [];
    try {
      for (const bytes of sizes) blocks.push([memory.allocate(bytes), bytes]);
    } catch (error) {
      for (const [at, bytes] of blocks) memory.free(at, bytes);
      throw error;
    }
    this.#blocks = blocks;
    const at = blocks.map(([address]) => address) as [number, number, number, number, number, number, number];
    [this.layout, this.mean, this.centroids, this.codebooks, this.#packed, this.#assignBias, this.#probeBias] = at;
    const { f32 } = memory.views;
    f32.fill(0, this.mean / 4, this.mean / 4 + stride);
    f32.fill(0, this.codebooks / 4, this.codebooks / 4 + subspaces * subspaceSize * WORDS);
    memory.write('layout', this.layout, {
      metric: shape.metric,
      dimension: shape.dimension,
      width,
      rowShift: rows.shift,
      chunks: rows.tables.floats,
      bytes: rows.tables.bytes,
      byteStride: shape.byteStride,
      mean: this.mean,
      scale: 1,
      partitions,
      centroids: this.#packed,
      codebooks: this.codebooks,
      subspaces,
      assignBias: this.#assignBias,
      probeBias: this.#probeBias,
      subspaceSize,
      blockBytes: shape.blockBytes,
      biased: Number(shape.biased),
      leastBias: 0,
      mostBias: 0,
      parallelWeight,
      lists: 0,
    });
  }

  setScale(scale: number): void {
    this.scale = scale;
    this.memory.write('layout', this.layout, { scale });
  }

  /** The centroids as the kernel compares rows with them; after each change of them. */
  pack(): void {
    const { memory, partitions } = this;
    const { width, biased } = this.shape;
    const { f32 } = memory.views;
    const [assign, probe] = [this.#assignBias / 4, this.#probeBias / 4];
    const padded = roundUp(partitions, 16);
    f32.fill(FAR, assign, assign + padded).fill(FAR, probe, probe + padded);
    let longest = 0;
    for (let c = 0; c < partitions; c++) {
      const at = this.centroids / 4 + c * width;
      let square = 0;
      for (let j = at; j < at + width; j++) square += f32[j]! * f32[j]!;
      longest = Math.max(longest, square);
      f32[assign + c] = square / 2;
      f32[probe + c] = biased ? square / 2 : 0;
    }
    const perStep = longest > 1e-36 ? LENGTH / Math.sqrt(longest) : 0;
    memory.exports.packCentroids(this.centroids, partitions, width, perStep, this.#packed);
    memory.write('layout', this.layout, { centroidStep: perStep > 0 ? 1 / perStep : 0 });
  }

  /** Takes over what another model, in another memory, has learnt. */
  copy(other: IvfModel): void {
    const { stride, width, subspaces, subspaceSize } = this.shape;
    const [to, from] = [this.memory.views.f32, other.memory.views.f32];
    const put = (at: number, source: number, count: number): void =>
      to.set(from.subarray(source / 4, source / 4 + count), at / 4);
    put(this.mean, other.mean, stride);
    put(this.centroids, other.centroids, this.partitions * width);
    put(this.codebooks, other.codebooks, subspaces * subspaceSize * WORDS);
    this.setScale(other.scale);
    this.pack();
  }

  free(): void {
    for (const [at, bytes] of this.#blocks) this.memory.free(at, bytes);
  }
}
