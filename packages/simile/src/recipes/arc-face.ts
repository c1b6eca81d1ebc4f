import type { LabelledItems } from '@simile/core/items';
import { arcFace } from '@simile/losses';
import { train } from '@tensorflow/tfjs-core';
import { stepsFor, type Recipe, type WideRecipeOptions } from './contract.ts';

/**
 * ArcFace: angle of 0.5, scale 64, batches of chance, SGD with momentum 0.9 for network and class weights alike.
 *
 * | number        | here    | there   | origin                                                                                 |
 * | ------------- | ------- | ------- | -------------------------------------------------------------------------------------- |
 * | margin, scale | 0.5, 64 | 0.5, 64 | section 3.1                                                                            |
 * | momentum      | 0.9     | 0.9     | section 3.1                                                                            |
 * | batch         | 64      | 512     | section 3.1; ours fits one machine                                                     |
 * | rate          | 0.01    | 0.1     | section 3.1, divided by ten twice later; ours is smaller by about as much as the batch |
 * | weight decay  | none    | 5e-4    | section 3.1; tfjs has no optimizer with decay                                          |
 *
 * Labels are class ids from 0.
 *
 * @throws `ERR_OPTION` for a width that is no whole number above 0
 * @see Deng, Guo, Xue & Zafeiriou, “ArcFace”, CVPR 2019, section 3.1: https://arxiv.org/abs/1801.07698
 * @example
 * const recipe = arcFaceRecipe(await mnist(), { dimension: 64 });
 * model.compile(recipe.compile);
 * await model.fit(recipe.data, { ...recipe.fit, epochs: 2 });
 */
export function arcFaceRecipe(data: LabelledItems, options: WideRecipeOptions): Recipe {
  const { dimension, learningRate = 0.01, seed = 0, stepsPerEpoch = stepsFor(data, 64) } = options;
  const loss = arcFace({ classes: classCount(data), dimension, margin: 0.5, scale: 64, seed });
  const optimizer = train.momentum(learningRate, 0.9);
  return {
    name: 'arc-face',
    compile: { loss, optimizer },
    data,
    fit: { batchSize: 64, stepsPerEpoch },
    dispose: () => {
      loss.dispose?.();
      optimizer.dispose();
    },
  };
}

/** Class ids run from 0 to one less than this. */
export function classCount({ labels }: LabelledItems): number {
  return labels.reduce((most, label) => Math.max(most, label), 0) + 1;
}
