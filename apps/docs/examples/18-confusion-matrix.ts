// What is taken for what, and what for nothing
// A confusion matrix with a column for unknown: which classes are mixed up, and which are refused.
import { takeItems } from '@simile/core/items';
import { confusionMatrix, drawConfusionMatrix, loadSimilarityModel, mnist, selectBackend } from 'simile';

await selectBackend({ training: false });
const model = await loadSimilarityModel('data/digits.simile');
const { x, labels } = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

// Nines are left out of the index: to be right about them is to say unknown.
const rows = [...labels.keys()].filter((row) => labels[row] !== 9);
const gallery = takeItems(x, rows.slice(0, 1000));
const names = Array.from(rows, (row) => labels[row]!);
await model.index(gallery, { labels: names.slice(0, 1000) });
await model.calibrate(takeItems(x, rows.slice(1000)), names.slice(1000), {
  targets: { precise: 0.99 },
  metric: 'precision',
});

const matches = await model.match(test.x, { cutpoint: 'precise' });
const predicted = matches.map(({ label }) => label as number | null);
const matrix = confusionMatrix(test.labels, predicted);
console.log(matrix.classes.join(' ')); // → 0 1 2 3 4 5 6 7 8 9
console.log(drawConfusionMatrix(matrix));

const nines = matrix.counts[9]!;
console.log(`${nines.at(-1)} of 50 nines are unknown`); // → … of 50 nines are unknown
const right = matrix.counts.slice(0, 9).reduce((sum, row, i) => sum + row[i]!, 0);
console.log(right > 350); // → true
