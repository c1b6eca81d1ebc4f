import type { Items } from '@simile/core/items';
import type { PredictOptions } from '../options.ts';

/** From items to vectors: what a similarity model is built around. */
export interface Embedder<Input = unknown> {
  readonly kind: 'layers' | 'graph' | 'function';
  /** Values of a vector; undefined while not known. */
  readonly dimension: number | undefined;
  /** Vectors `[n, dimension]` of at least one item, all finite. */
  embed(where: string, x: Input, options: PredictOptions): Promise<Items<Float32Array>>;
  dispose(): void;
}
