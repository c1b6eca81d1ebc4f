// Radius search: near enough, however many
// All digits within a distance come back, few or many: near duplicates in a data set, found with one call.
import { takeItems } from '@simile/core/items';
import { createIndex, drawNeighbors, mnist, stackPictures } from 'simile';

const { x, labels } = await mnist({ folder: 'data/mnist' });
const pixels = { data: Float32Array.from(x.data, (value) => value / 255), shape: [2000, 784] };
const index = createIndex({ metric: 'euclidean' });
await index.add(pixels, { labels, data: x });

const within = async (radius: number): Promise<number> => {
  const neighbors = await index.search(pixels, { k: Infinity, radius });
  return neighbors.reduce((sum, found) => sum + found.length - 1, 0) / 2; // each pair from both sides, itself left out
};
console.log(`pairs within 0: ${await within(0)}`); // → pairs within 0: 0
console.log(`pairs within 3: ${await within(3)}`); // → pairs within 3: 334

// What is nearest to the digit that has the most around it, and the same of one that is no one.
const neighbors = await index.search(pixels, { k: Infinity, radius: 3.5 });
const order = [...neighbors.keys()].sort((a, b) => neighbors[b]!.length - neighbors[a]!.length);
console.log(`${neighbors[order[0]!]!.length - 1} within 3.5 of one digit: a ${labels[order[0]!]}`); // → 31 within 3.5 of one digit: a 1
const shown = [order[0]!, order.find((row) => labels[row] !== 1)!];
console.log(
  stackPictures(shown.map((row) => drawNeighbors(takeItems(x, [row]), labels[row], neighbors[row]!.slice(1, 7)))),
);
