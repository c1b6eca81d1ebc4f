// A model that was trained before
// A network from a file indexes 2,000 digits and recognises 500 others, without a step of training.
import { sliceItems } from '@simile/core/items';
import { drawNeighbors, loadSimilarityModel, mnist, selectBackend, stackPictures } from 'simile';

await selectBackend({ training: false });
const model = await loadSimilarityModel('data/digits.simile');
console.log(`${model.name}: ${model.dimension} values, compared by ${model.metric}`); // → digits: 32 values, compared by cosine

const gallery = await mnist({ folder: 'data/mnist' });
await model.index(gallery.x, { labels: gallery.labels, data: gallery.x });
console.log(model.indexSize); // → 2000

const queries = await mnist({ folder: 'data/mnist', split: 'test' });
const { recallAtK, mapAtR } = await model.evaluate(queries.x, queries.labels, { k: [1, 5] });
console.log(`first is right: ${recallAtK[1]?.toFixed(2)}`); // → first is right: 0.9…
console.log(`one of five is right: ${recallAtK[5]?.toFixed(2)}`); // → one of five is right: 0.9…
console.log(`MAP@R: ${mapAtR.toFixed(2)}`); // → MAP@R: 0.…

const first = sliceItems(queries.x, 0, 4);
const found = await model.lookup(first, { k: 6 });
const strips = found.map((neighbors, i) => drawNeighbors(sliceItems(first, i, i + 1), queries.labels[i], neighbors));
console.log(stackPictures(strips));
