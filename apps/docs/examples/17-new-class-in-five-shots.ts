// A new class in five shots
// The network never saw an eight. Five of them go into the index under their name, and the others are recognised.
import { takeItems } from '@simile/core/items';
import { drawNeighbors, loadSimilarityModel, mnist, selectBackend } from 'simile';

await selectBackend({ training: false });
const model = await loadSimilarityModel('data/digits.simile');
const { x, labels } = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

// Twenty of each digit from 0 to 7.
const rowsOf = (digit: number, count: number): number[] =>
  [...labels.keys()].filter((row) => labels[row] === digit).slice(0, count);
const rows = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((digit) => rowsOf(digit, 20));
await model.index(takeItems(x, rows), { labels: rows.map((row) => labels[row]!), data: takeItems(x, rows) });

const eights = takeItems(
  test.x,
  [...test.labels.keys()].filter((row) => test.labels[row] === 8),
);
const recognised = async (): Promise<number> => {
  const nearest = await model.lookup(eights, { k: 1 });
  return nearest.filter(([first]) => first?.label === 8).length;
};
console.log(`${await recognised()} of 50 eights are called an eight`); // → 0 of 50 eights are called an eight

const five = takeItems(x, rowsOf(8, 5));
const ids = await model.index(five, { labels: [8, 8, 8, 8, 8], data: five });
const after = await recognised();
console.log(`with five in the index: ${after}`); // → with five in the index: …
console.log(after > 25); // → true

const query = takeItems(eights, [0]);
console.log(drawNeighbors(query, 8, await model.singleLookup(query, { k: 6 })));

await model.vectorIndex.remove(ids); // and forgotten again
console.log(await recognised()); // → 0
