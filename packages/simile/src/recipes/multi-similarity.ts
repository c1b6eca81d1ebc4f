import type { LabelledItems } from '@simile/core/items';
import { multiSimilarity } from '@simile/losses';
import { multiSimilarityMiner } from '@simile/miners';
import { multiShotSampler } from '@simile/samplers';
import { classesFor, stepsFor, type Recipe, type RecipeOptions } from './contract.ts';

/**
 * Multi-similarity with its miner: α = 2, β = 50, λ = 1, ε = 0.1, 5 examples of each class, batches of up to 80, Adam.
 *
 * | number              | here         | there    | origin                                                                |
 * | ------------------- | ------------ | -------- | --------------------------------------------------------------------- |
 * | α, β, λ             | 2, 50, 1     | 2, 50, 1 | section 4.1                                                           |
 * | ε of the miner      | 0.1          | 0.1      | section 4.1                                                           |
 * | examples of a class | 5            | 5        | section 4.1                                                           |
 * | batch               | up to 16 × 5 | 80       | section 4.1                                                           |
 * | Adam                | 1e-3         | 1e-5     | section 4.1 fine-tunes a pretrained network; ours starts from scratch |
 *
 * @throws `ERR_OPTION`, `ERR_DATA` as the sampler does, and for labels with fewer than 5 examples
 * @see Wang, Han, Huang, Dong & Scott, “Multi-Similarity Loss”, CVPR 2019, section 4.1: https://arxiv.org/abs/1904.06627
 * @example
 * const recipe = multiSimilarityRecipe(await mnist());
 * model.compile(recipe.compile);
 * await model.fit(recipe.data, { ...recipe.fit, epochs: 2 });
 */
export function multiSimilarityRecipe(data: LabelledItems, options: RecipeOptions = {}): Recipe {
  const { learningRate = 1e-3, seed = 0 } = options;
  const [classesPerBatch, examplesPerClass] = [classesFor(data, 16), 5];
  const { stepsPerEpoch = stepsFor(data, classesPerBatch * examplesPerClass) } = options;
  const miner = multiSimilarityMiner({ epsilon: 0.1 });
  return {
    name: 'multi-similarity',
    compile: { loss: multiSimilarity({ alpha: 2, beta: 50, lambda: 1, miner }), optimizer: 'adam', learningRate },
    data: multiShotSampler(data, { classesPerBatch, examplesPerClass, stepsPerEpoch, seed }),
    fit: {},
    dispose: () => undefined,
  };
}
