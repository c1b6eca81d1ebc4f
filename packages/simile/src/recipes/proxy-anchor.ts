import type { LabelledItems } from '@simile/core/items';
import { proxyAnchor } from '@simile/losses';
import { classCount } from './arc-face.ts';
import { stepsFor, type Recipe, type WideRecipeOptions } from './contract.ts';

/**
 * Proxy-Anchor: margin 0.1, α = 32, batches of chance, and proxies that learn at 100 times the rate of the network.
 *
 * | number          | here    | there   | origin                                                                |
 * | --------------- | ------- | ------- | --------------------------------------------------------------------- |
 * | margin, α       | 0.1, 32 | 0.1, 32 | section 4.2                                                           |
 * | rate of proxies | × 100   | × 100   | section 4.2                                                           |
 * | rate            | 1e-3    | 1e-4    | section 4.2 fine-tunes a pretrained network; ours starts from scratch |
 * | optimizer       | Adam    | AdamW   | section 4.2; tfjs has no decay                                        |
 * | batch           | 64      | 180     | the authors' commands; ours fits one machine                          |
 *
 * Labels are class ids from 0.
 *
 * @throws `ERR_OPTION` for a width that is no whole number above 0
 * @see Kim, Kim, Cho & Kwak, “Proxy Anchor Loss”, CVPR 2020, section 4.2: https://arxiv.org/abs/2003.13911
 * @example
 * const recipe = proxyAnchorRecipe(await mnist(), { dimension: 64 });
 * model.compile(recipe.compile);
 * await model.fit(recipe.data, { ...recipe.fit, epochs: 2 });
 */
export function proxyAnchorRecipe(data: LabelledItems, options: WideRecipeOptions): Recipe {
  const { dimension, learningRate = 1e-3, seed = 0, stepsPerEpoch = stepsFor(data, 64) } = options;
  const loss = proxyAnchor({ classes: classCount(data), dimension, margin: 0.1, alpha: 32, seed });
  return {
    name: 'proxy-anchor',
    compile: { loss, optimizer: 'adam', learningRate, lossLearningRate: 100 * learningRate },
    data,
    fit: { batchSize: 64, stepsPerEpoch },
    dispose: () => loss.dispose?.(),
  };
}
