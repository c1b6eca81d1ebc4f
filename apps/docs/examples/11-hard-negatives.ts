// Hard negatives of a whole data set
// An index finds the digits that a model takes for another's neighbours: what to train on next, or to label again.
import { takeItems } from '@simile/core/items';
import { createIndex, drawNeighbors, hardNegativeMiner, loadSimilarityModel, mnist } from 'simile';
import { selectBackend, stackPictures } from 'simile';

await selectBackend({ training: false });
const model = await loadSimilarityModel('data/digits.simile');
const { x, labels } = await mnist({ folder: 'data/mnist' });
const embeddings = await model.predict(x);

const index = createIndex({ metric: model.metric });
const mine = hardNegativeMiner({ index, negatives: 1 });
const { anchors, negatives } = await mine(embeddings, labels);
console.log(`${anchors.length} anchors, each with its nearest of another class`); // → 2000 anchors, each with…

const columns = await index.searchColumns(embeddings, { k: 10 });
const mixed = [...anchors].filter((anchor) =>
  columns.ids.slice(10 * anchor, 10 * anchor + 10).includes(negatives[anchor]),
);
console.log(`${mixed.length} have it among their ten nearest`); // → … have it among their ten nearest
console.log(mixed.length < 600); // → true

const neighborsOf = await index.search(takeItems(embeddings, mixed.slice(0, 4)), { k: 6 });
const strips = neighborsOf.map((neighbors, i) => {
  const others = neighbors.slice(1).map(({ id, distance }) => {
    return { label: labels[Number(id)]!, distance, data: takeItems(x, [Number(id)]) };
  });
  return drawNeighbors(takeItems(x, [mixed[i]!]), labels[mixed[i]!], others);
});
console.log(stackPictures(strips));
