import type { Loss } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { createIndex, type EngineChoice, type VectorIndex } from '@simile/index';
import type { SavedLoss } from './file/saved-loss.ts';

/** What changes in the life of a model. */
export interface ModelState {
  index: VectorIndex;
  /** How an index that takes its place will search. */
  readonly search: EngineChoice;
  /** Trained after records were added. */
  stale: boolean;
  /** What the model is compiled with. */
  loss?: Loss;
  /** What the loss owned when the model was saved, until a loss is compiled. */
  savedLoss?: SavedLoss | undefined;
  training: boolean;
  disposed: boolean;
}

/** An empty index for vectors of a dimension, where it is known. */
export function emptyIndex(metric: string, dimension: number | undefined, search: EngineChoice): VectorIndex {
  return createIndex({ ...search, metric, ...(dimension !== undefined && { dimension }) });
}

export function stateError(where: string, rule: string, remedy: string, got?: unknown): SimileError {
  return new SimileError({ where, rule, ...(got !== undefined && { got }), remedy, code: 'ERR_STATE' });
}

/** @throws `ERR_STATE` */
export function checkAlive(where: string, { disposed }: ModelState): void {
  if (disposed) throw stateError(where, 'the model must not have been disposed of', 'Make or load it again.');
}

/** @throws `ERR_STATE` */
export function checkRecords(where: string, { index }: ModelState): void {
  if (index.size > 0) return;
  throw stateError(where, 'the index must have records', 'Add some with model.index first.');
}
