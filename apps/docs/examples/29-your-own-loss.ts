// A loss of your own
// A formula of four lines becomes a loss: shapes are checked, tensors freed, a batch on paper agrees, and it trains.
import { defineLoss, pairMasks, type Loss } from '@simile/core';
import { add, div, maximum, mul, relu, sub, sum, tensor1d, tensor2d } from '@simile/core/ops';
import { cosine, metricEmbedding, mnist, multiShotSampler, selectBackend, similarityModel } from 'simile';
import * as tf from '@tensorflow/tfjs-layers';

/** Mean distance of positive pairs, and mean of what negative pairs lack to a margin. */
function meanPairs({ margin = 0.4 } = {}): Loss {
  const distance = cosine();
  const formula: Parameters<typeof defineLoss>[2] = (labels, embeddings) => {
    const { positive, negative } = pairMasks(labels, embeddings.shape[0]); // [n, n] each
    const d = distance(embeddings); // [n, n]
    const pull = div(sum(mul(d, positive)), maximum(sum(positive), 1));
    return add(pull, div(sum(mul(relu(sub(margin, d)), negative)), maximum(sum(negative), 1)));
  };
  return defineLoss('mean-pairs', { margin }, formula, { distance });
}

await selectBackend();
const labels = tensor1d([0, 0, 1], 'int32');
const rows = tensor2d([
  [1, 0],
  [3, 4],
  [0, 1],
]);
// The positive pair is .4 apart; negative pairs 1 and .2, of which the second lacks .2 to the margin: .4 + .1.
console.log((await meanPairs()(labels, rows).array()).toFixed(3)); // → 0.500
const refused = (): unknown => meanPairs()(tensor1d([0, 1], 'int32'), rows);
console.log(codeOf(refused)); // → ERR_SHAPE

const train = await mnist({ folder: 'data/mnist' });
const inputs = tf.input({ shape: [28, 28, 1] });
const flat = tf.layers.flatten().apply(tf.layers.rescaling({ scale: 1 / 255 }).apply(inputs));
const outputs = metricEmbedding({ units: 32 }).apply(tf.layers.dense({ units: 64, activation: 'relu' }).apply(flat));
const model = similarityModel({ inputs, outputs, seed: 1 });
model.compile({ loss: meanPairs() }); // the index compares by the distance of the loss
const { losses } = await model.fit(multiShotSampler(train, { classesPerBatch: 10, stepsPerEpoch: 80 }));
console.log(losses.at(-1)! < 0.7 * losses[0]!); // → true

function codeOf(act: () => unknown): string {
  try {
    return `no error: ${String(act())}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}
