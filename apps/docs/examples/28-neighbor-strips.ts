// Neighbour strips: look before you count
// Clothes and their nearest by pixels: blue with a tick where the class is the same, dashed with a cross where not.
import { takeItems } from '@simile/core/items';
import { createIndex, drawNeighbors, fashionMnist, stackPictures } from 'simile';

const { x, labels, classNames = [] } = await fashionMnist({ folder: 'data/fashion-mnist' });
const test = await fashionMnist({ folder: 'data/fashion-mnist', split: 'test' });
const pixels = (items: typeof x): Float32Array => Float32Array.from(items.data, (value) => value / 255);

const index = createIndex({ dimension: 784, metric: 'euclidean' });
await index.add(pixels(x), { labels, data: x });

// The first garment of four classes.
const rows = [2, 5, 6, 8].map((label) => test.labels.indexOf(label));
const queries = takeItems(test.x, rows);
const neighbors = await index.search(pixels(queries), { k: 6 });
const strips = rows.map((row, i) =>
  drawNeighbors(takeItems(test.x, [row]), test.labels[row], neighbors[i]!, { classNames }),
);
console.log(stackPictures(strips, { title: 'The nearest by pixels' }));

const found = neighbors.map((list, i) => list.filter(({ label }) => label === test.labels[rows[i]!]).length);
rows.forEach((row, i) => console.log(`${classNames[test.labels[row]!]}: ${found[i]} of 6 right`));
console.log(found.join(' ')); // → … … … …
