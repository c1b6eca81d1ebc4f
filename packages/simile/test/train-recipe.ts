import { randomWarp } from '@simile/augmenters';
import type { Augmenter } from '@simile/core';
import { sliceItems, type LabelledItems } from '@simile/core/items';
import { metricEmbedding } from '@simile/layers';
import { similarityModel, type SimilarityModel } from '@simile/models';
import { input, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Recipe } from '../src/recipes/index.ts';

/** Width of the embeddings. */
export const dimension = 32;

export const augment: Augmenter = randomWarp({ rotation: 15, shift: 2, logScale: 0.15, shear: 0.2 });

/** Items from `begin` to `end`. */
export function part({ x, labels }: LabelledItems, begin: number, end: number): LabelledItems {
  return { x: sliceItems(x, begin, end), labels: labels.slice(begin, end) };
}

/** A perceptron for images of 28 × 28. */
function perceptron(seed: number): SimilarityModel {
  const inputs = input({ shape: [28, 28, 1] });
  let x = layers.flatten().apply(layers.rescaling({ scale: 1 / 255 }).apply(inputs));
  x = layers.dense({ units: 128, activation: 'relu' }).apply(x);
  return similarityModel({ inputs, outputs: metricEmbedding({ units: dimension }).apply(x) as SymbolicTensor, seed });
}

async function measure(model: SimilarityModel, gallery: LabelledItems, queries: LabelledItems): Promise<Scores> {
  await model.index(gallery.x, { labels: gallery.labels });
  const { recallAtK, mapAtR } = await model.evaluate(queries.x, queries.labels);
  await model.resetIndex();
  return { recallAt1: recallAtK[1]!, mapAtR };
}

export interface Scores {
  readonly recallAt1: number;
  readonly mapAtR: number;
}

/** What is looked up, and in what. */
export interface Side {
  readonly gallery: LabelledItems;
  readonly queries: LabelledItems;
}

/** Retrieval before and after training a perceptron by a recipe for some steps, on each side. */
export async function trainRecipe(
  recipe: Recipe,
  { sides, steps, seed = 1 }: { sides: readonly Side[]; steps: number; seed?: number },
): Promise<{ before: Scores; after: Scores }[]> {
  const model = perceptron(seed);
  const measured = async (): Promise<Scores[]> => {
    const scores: Scores[] = [];
    for (const { gallery, queries } of sides) scores.push(await measure(model, gallery, queries));
    return scores;
  };
  const before = await measured();
  model.compile(recipe.compile);
  await model.fit(recipe.data, { ...recipe.fit, epochs: 1, stepsPerEpoch: steps });
  const after = await measured();
  model.dispose();
  recipe.dispose();
  return before.map((scores, side) => ({ before: scores, after: after[side]! }));
}
