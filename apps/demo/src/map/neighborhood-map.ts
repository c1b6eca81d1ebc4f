import { createRandom } from '@simile/core/random';
import { UMAP } from 'umap-js';
import { listsOf, type Rows } from './plane.ts';

/** Told now and then where the rows are by then: `[n × 2]`. */
export type Tell = (places: Float32Array) => Promise<void> | void;

const EPOCHS = 300;
const EPOCHS_A_PICTURE = 10;

/**
 * A map that keeps neighbours together, however far the groups are from each other: UMAP. McInnes, Healy & Melville,
 * 2018: https://arxiv.org/abs/1802.03426. The seed decides it. A second or two for some hundred rows.
 *
 * @param tell Awaited, so that a picture can be drawn of each stage
 */
export async function neighborhoodMap(rows: Rows, seed: number, tell: Tell): Promise<Float32Array> {
  const random = createRandom(seed).fork('map');
  const lists = listsOf(rows);
  const umap = new UMAP({
    nEpochs: EPOCHS,
    nNeighbors: Math.min(12, lists.length - 1),
    minDist: 0.25,
    random: () => random.uniform(),
  });
  umap.initializeFit(lists);
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    umap.step();
    if (epoch % EPOCHS_A_PICTURE === 0) await tell(Float32Array.from(umap.getEmbedding().flat()));
  }
  return Float32Array.from(umap.getEmbedding().flat());
}
