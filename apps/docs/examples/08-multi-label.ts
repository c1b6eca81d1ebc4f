// Several labels at once
// Rows belong together when they share a label; a matrix, a list of pairs or a function may say so in place of class ids.
import { contrastive, multiLabel, pairMatrix, predicate, selectBackend, supCon } from 'simile';
import { tensor2d } from '@simile/core/ops';

await selectBackend();
const embeddings = tensor2d([
  [1, 0],
  [0.8, 0.6],
  [0, 1],
  [-1, 0],
]);

// Films: drama, comedy, war.
const genres = tensor2d([
  [1, 0, 0], // drama
  [1, 1, 0], // drama and comedy
  [0, 1, 1], // comedy and war
  [0, 0, 1], // war
]);
const byLabels = supCon({ temperature: 1 })(multiLabel(genres), embeddings);
console.log((await byLabels.array()).toFixed(3)); // → 0.730

// The same said as pairs: 1 belongs together, 0 does not, −1 is left out.
const pairs = tensor2d([
  [-1, 1, 0, 0],
  [1, -1, 1, 0],
  [0, 1, -1, 1],
  [0, 0, 1, -1],
]);
const byPairs = supCon({ temperature: 1 })(pairMatrix(pairs), embeddings);
console.log(Math.abs((await byPairs.array()) - (await byLabels.array())) < 1e-5); // → true

// Or as a rule: songs belong together within five years, and nothing is said up to ten.
const years = [1968, 1970, 1976, 1999];
const near = predicate(years, (a, b) => {
  const apart = Math.abs(a - b);
  return apart <= 5 ? true : apart > 10 ? false : undefined;
});
const byYear = contrastive({ positiveMargin: 0, negativeMargin: 1 })(near, embeddings);
console.log((await byYear.array()).toFixed(3)); // → 0.200
