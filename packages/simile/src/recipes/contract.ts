import type { LabelledItems } from '@simile/core/items';
import type { CompileOptions, FitOptions, TrainingData } from '@simile/models';

/** Options that every recipe has. */
export interface RecipeOptions {
  /** Learning rate of the network. Default that of the recipe, for a network that is trained from scratch. */
  readonly learningRate?: number;
  /** Batches that make an epoch. Default as many as cover the data once. */
  readonly stepsPerEpoch?: number;
  /** Of batches, of weights that a loss owns, and of what is drawn. Default 0. */
  readonly seed?: number;
}

/** Options of a recipe whose loss owns weights or a head. */
export interface WideRecipeOptions extends RecipeOptions {
  /** Width of the embeddings. */
  readonly dimension: number;
}

/** How a paper trains: `model.compile(recipe.compile)`, then `model.fit(recipe.data, { ...recipe.fit, epochs })`. */
export interface Recipe {
  /** Kebab-case: `multi-similarity`. */
  readonly name: string;
  readonly compile: CompileOptions;
  readonly data: TrainingData;
  readonly fit: FitOptions;
  /** Frees what loss, optimizer and head own; after the model's own `dispose`. */
  dispose(): void;
}

/** Most classes in a batch: all there are, or as many as make the batch. */
export function classesFor({ labels }: LabelledItems, most: number): number {
  return Math.min(most, new Set(labels).size);
}

/** Batches that cover the data once. */
export function stepsFor({ labels }: LabelledItems, batchSize: number): number {
  return Math.max(1, Math.floor(labels.length / batchSize));
}
