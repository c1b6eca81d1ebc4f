import type { LabelledItems } from '@simile/core/items';
import { squaredEuclidean } from '@simile/distances';
import { tripletMargin } from '@simile/losses';
import { multiShotSampler } from '@simile/samplers';
import { train } from '@tensorflow/tfjs-core';
import { classesFor, stepsFor, type Recipe, type RecipeOptions } from './contract.ts';

/**
 * FaceNet: triplets of every positive pair of a batch and its semi-hard negative, margin 0.2 on squared Euclidean distances of
 * rows of length 1, AdaGrad at 0.05. The model must end with `metricEmbedding`.
 *
 * | number    | here         | there        | origin                                                                    |
 * | --------- | ------------ | ------------ | ------------------------------------------------------------------------- |
 * | margin    | 0.2          | 0.2          | section 3.2, of squared distances                                         |
 * | pairs     | all positive | all positive | section 3.2                                                               |
 * | negatives | semi-hard    | semi-hard    | section 3.2, eq. 4                                                        |
 * | AdaGrad   | 0.05         | 0.05         | section 3.3, its first rate                                               |
 * | batch     | up to 10 × 8 | about 1,800  | section 3.2: some 40 faces of an identity, and negatives; ours fits MNIST |
 *
 * @throws `ERR_OPTION`, `ERR_DATA` as the sampler does, and for labels with fewer than 8 examples
 * @see Schroff, Kalenichenko & Philbin, “FaceNet”, CVPR 2015, sections 3.2 and 3.3: https://arxiv.org/abs/1503.03832
 * @example
 * const recipe = tripletSemiHardRecipe(await mnist());
 * model.compile(recipe.compile);
 * await model.fit(recipe.data, { ...recipe.fit, epochs: 2 });
 */
export function tripletSemiHardRecipe(data: LabelledItems, options: RecipeOptions = {}): Recipe {
  const { learningRate = 0.05, seed = 0 } = options;
  const [classesPerBatch, examplesPerClass] = [classesFor(data, 10), 8];
  const { stepsPerEpoch = stepsFor(data, classesPerBatch * examplesPerClass) } = options;
  const optimizer = train.adagrad(learningRate);
  return {
    name: 'triplet-semi-hard',
    compile: {
      loss: tripletMargin({ margin: 0.2, positives: 'all', negatives: 'semi-hard', distance: squaredEuclidean() }),
      optimizer,
    },
    data: multiShotSampler(data, { classesPerBatch, examplesPerClass, stepsPerEpoch, seed }),
    fit: {},
    dispose: () => optimizer.dispose(),
  };
}
