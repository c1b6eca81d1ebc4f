import type { Augmenter, Batch, Sampler } from '@simile/core';
import type { LabelledItems } from '@simile/core/items';
import { dispose, tensor1d } from '@simile/core/ops';
import { supCon } from '@simile/losses';
import { twoViewSampler } from '@simile/samplers';
import { train } from '@tensorflow/tfjs-core';
import { stepsFor, type Recipe, type RecipeOptions } from './contract.ts';

/** Options of {@link supConRecipe}. */
export interface SupConRecipeOptions extends RecipeOptions {
  /** Makes the two views of each item. */
  readonly augment: Augmenter;
}

/**
 * SupCon: two views of each item, all views of a class its positives, temperature 0.1, SGD with momentum 0.9.
 *
 * | number          | here     | there         | origin                                                                    |
 * | --------------- | -------- | ------------- | ------------------------------------------------------------------------- |
 * | temperature     | 0.1      | 0.1           | section 4                                                                 |
 * | momentum        | 0.9      | 0.9           | section 4                                                                 |
 * | views           | 2        | 2             | section 3.1                                                               |
 * | batch           | 64 items | some thousand | section 4; ours fits one machine                                          |
 * | rate            | 0.05     | by the batch  | section 4; ours, for such a batch, with momentum                  |
 * | projection head | none     | 2 layers      | section 3.1, thrown away after training; ours trains the embedding itself |
 *
 * @throws `ERR_OPTION`, `ERR_DATA` as the sampler does, and for fewer than 64 items
 * @see Khosla et al., “Supervised Contrastive Learning”, NeurIPS 2020, sections 3 and 4: https://arxiv.org/abs/2004.11362
 * @example
 * const recipe = supConRecipe(await mnist(), { augment: randomWarp({ rotation: 15, shift: 2 }) });
 * model.compile(recipe.compile);
 * await model.fit(recipe.data, { ...recipe.fit, epochs: 2 });
 */
export function supConRecipe(data: LabelledItems, options: SupConRecipeOptions): Recipe {
  const { augment, learningRate = 0.05, seed = 0, stepsPerEpoch = stepsFor(data, 64) } = options;
  const views = twoViewSampler(data.x, { itemsPerBatch: 64, augment, stepsPerEpoch, seed });
  const optimizer = train.momentum(learningRate, 0.9);
  return {
    name: 'sup-con',
    compile: { loss: supCon({ temperature: 0.1 }), optimizer },
    data: withLabels(views, data.labels),
    fit: {},
    dispose: () => optimizer.dispose(),
  };
}

/** Batches whose labels are rows of the data, with the labels of these rows. */
function withLabels(sampler: Sampler, labels: Int32Array): Sampler {
  const { stepsPerEpoch, seed } = sampler;
  const stream = async function* (): AsyncGenerator<Batch, void, void> {
    for await (const { x, labels: rows } of sampler) {
      const own = Int32Array.from(await rows.data(), (row) => labels[row]!);
      dispose(rows);
      yield { x, labels: tensor1d(own, 'int32') };
    }
  };
  return { stepsPerEpoch, seed, [Symbol.asyncIterator]: stream };
}
