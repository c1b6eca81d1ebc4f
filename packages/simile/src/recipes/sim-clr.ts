import type { Augmenter } from '@simile/core';
import type { Items } from '@simile/core/items';
import type { Tensor2D, Variable } from '@simile/core/ops';
import { createRandom } from '@simile/core/random';
import { ntXent, twoViews } from '@simile/losses';
import { twoViewSampler } from '@simile/samplers';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Recipe, WideRecipeOptions } from './contract.ts';

/** Options of {@link simClrRecipe}. */
export interface SimClrRecipeOptions extends WideRecipeOptions {
  /** Makes the two views of each item. */
  readonly augment: Augmenter;
}

/**
 * SimCLR, without labels: two views of each item, a projection head of two layers that is left out when the model is used, NT-Xent.
 *
 * | number      | here       | there              | origin                                                          |
 * | ----------- | ---------- | ------------------ | --------------------------------------------------------------- |
 * | temperature | 0.5        | 0.1; 0.1, 0.5 or 1 | section 2.2, of ImageNet; appendix B.9 tries three for CIFAR-10 |
 * | head        | 2 layers   | 2 layers           | section 2.1                                                     |
 * | batch       | 64 items   | 4,096              | section 2.2; ours fits one machine                              |
 * | optimizer   | Adam, 1e-3 | LARS, 4.8          | section 2.2; LARS is for large batches                          |
 *
 * The head's weights are saved with the model, as those of the loss.
 *
 * @throws `ERR_OPTION`, `ERR_DATA` as the sampler does, and for fewer than 64 items
 * @see Chen, Kornblith, Norouzi & Hinton, “SimCLR”, ICML 2020, section 2 and appendix B.9: https://arxiv.org/abs/2002.05709
 * @example
 * const { x } = await mnist();
 * const recipe = simClrRecipe(x, { dimension: 64, augment: randomWarp({ rotation: 15, shift: 2 }) });
 * model.compile(recipe.compile);
 * await model.fit(recipe.data, { ...recipe.fit, epochs: 2 });
 */
export function simClrRecipe(x: Items, options: SimClrRecipeOptions): Recipe {
  const { augment, dimension, learningRate = 1e-3, seed = 0 } = options;
  const { stepsPerEpoch = Math.max(1, Math.floor(x.shape[0]! / 64)) } = options;
  const head = projectionHead(dimension, seed);
  const loss = twoViews({
    loss: ntXent({ temperature: 0.5 }),
    head: (rows) => head.apply(rows, { training: true }) as Tensor2D,
    headVariables: head.trainableWeights.map((weight) => weight.read() as Variable),
  });
  return {
    name: 'sim-clr',
    compile: { loss, optimizer: 'adam', learningRate },
    data: twoViewSampler(x, { itemsPerBatch: 64, augment, stepsPerEpoch, seed }),
    fit: {},
    dispose: () => void head.dispose(),
  };
}

function projectionHead(dimension: number, seed: number): ReturnType<typeof sequential> {
  const random = createRandom(seed).fork('projection head');
  const dense = (activation?: 'relu'): ReturnType<typeof layers.dense> =>
    layers.dense({
      units: dimension,
      inputShape: [dimension],
      kernelInitializer: initializers.glorotUniform({ seed: random.seed() }),
      ...(activation && { activation }),
    });
  return sequential({ layers: [dense('relu'), dense()] });
}
