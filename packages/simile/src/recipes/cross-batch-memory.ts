import type { LabelledItems } from '@simile/core/items';
import { cosine } from '@simile/distances';
import { contrastive, crossBatchMemory } from '@simile/losses';
import { multiShotSampler } from '@simile/samplers';
import { classesFor, stepsFor, type Recipe, type RecipeOptions } from './contract.ts';

/** Options of {@link crossBatchMemoryRecipe}. */
export interface CrossBatchMemoryRecipeOptions extends RecipeOptions {
  /** Rows to remember. Default 16 batches. */
  readonly memorySize?: number;
  /** Steps before the memory is used. Default 50; the paper's thousand are for long trainings. */
  readonly warmupSteps?: number;
}

/**
 * XBM: a contrastive loss of cosines (negatives count above 0.5) against the batches before, 4 examples of each of up to 16 classes, Adam.
 *
 * | number              | here         | there          | origin                                                                   |
 * | ------------------- | ------------ | -------------- | ------------------------------------------------------------------------ |
 * | margin of negatives | 0.5          | 0.5            | section 4, cosines                                                       |
 * | batch               | up to 16 × 4 | 64             | section 4 and the authors' settings                                      |
 * | memory              | 16 batches   | up to the data | section 4.2: the larger the better; ours is for small data               |
 * | warm-up             | 50 steps     | 1,000          | section 3.2 and the authors' settings; ours is for short trainings       |
 * | Adam                | 1e-3         | 1e-4           | the authors' settings, of a pretrained network; ours starts from scratch |
 * | weight decay        | none         | 5e-4           | the authors' settings; tfjs has no decay                                 |
 *
 * @throws `ERR_OPTION`, `ERR_DATA` as sampler and loss do, and for labels with fewer than 4 examples
 * @see Wang, Zhang, Huang & Scott, “Cross-Batch Memory for Embedding Learning”, CVPR 2020, section 4: https://arxiv.org/abs/1912.06798
 * @example
 * const recipe = crossBatchMemoryRecipe(await mnist(), { memorySize: 4000 });
 * model.compile(recipe.compile);
 * await model.fit(recipe.data, { ...recipe.fit, epochs: 2 });
 */
export function crossBatchMemoryRecipe(data: LabelledItems, options: CrossBatchMemoryRecipeOptions = {}): Recipe {
  const [classesPerBatch, examplesPerClass] = [classesFor(data, 16), 4];
  const rows = classesPerBatch * examplesPerClass;
  const { learningRate = 1e-3, seed = 0, memorySize = 16 * rows, warmupSteps = 50 } = options;
  const { stepsPerEpoch = stepsFor(data, rows) } = options;
  const pairs = contrastive({ power: 1, positiveMargin: 0, negativeMargin: 0.5, distance: cosine() });
  const loss = crossBatchMemory({ loss: pairs, memorySize, warmupSteps });
  return {
    name: 'cross-batch-memory',
    compile: { loss, optimizer: 'adam', learningRate },
    data: multiShotSampler(data, { classesPerBatch, examplesPerClass, stepsPerEpoch, seed }),
    fit: {},
    dispose: () => loss.dispose?.(),
  };
}
