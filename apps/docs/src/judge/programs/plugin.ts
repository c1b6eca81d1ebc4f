import { defineLoss, definePlugin, meanOfValid, pairMasks, type Loss, type Plugin } from '@simile/core';
import { add, div, reshape, square, type Scalar, type Tensor, type Tensor1D } from '@simile/core/ops';
import { cosine, euclidean } from '@simile/distances';

/** Positives are joined by springs, negatives push like charges: it never comes to rest. */
function springsAndCharges({ charge = 0.2 }: { charge?: number } = {}): Loss {
  const distance = euclidean();
  return defineLoss('springs-and-charges', { charge }, (labels, embeddings, reference) => {
    const d = distance(embeddings, reference?.embeddings); // [n, m]
    const { positive, negative } = pairMasks(
      labels,
      d.shape[0],
      reference && { labels: reference.labels, rows: d.shape[1] },
    );
    return add(mean(square(d), positive), mean(div(charge, add(d, 0.1)), negative));
  });
}

/** Draws each class to one direction and does nothing else: watch it collapse. */
function onlyPull(): Loss {
  const distance = cosine();
  return defineLoss('only-pull', {}, (labels, embeddings, reference) => {
    const d = distance(embeddings, reference?.embeddings);
    return mean(d, pairMasks(labels, d.shape[0], reference && { labels: reference.labels, rows: d.shape[1] }).positive);
  });
}

function mean(costs: Tensor, pairs: Tensor): Scalar {
  return meanOfValid(reshape(costs, [-1]) as Tensor1D, reshape(pairs, [-1]) as Tensor1D);
}

const plugin: Plugin = definePlugin({
  spec: 1,
  name: 'my-plugin',
  losses: { 'springs-and-charges': springsAndCharges, 'only-pull': onlyPull },
});
export default plugin;
