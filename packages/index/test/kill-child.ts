// Changes a stored index at random until it is killed; writes the number of each change that was confirmed.
// Arguments: path, seed, number of the first change.
import { writeSync } from 'node:fs';
import { flatEngine, openIndex } from '../src/index.ts';
import { modelOf, randomChange, randomNumbers } from './random-changes.ts';

const [path = '', seed = '1', first = '0'] = process.argv.slice(2);
const index = await openIndex(path, {
  dimension: 2,
  metric: 'euclidean',
  engine: flatEngine({ kernel: 'scalar' }),
  journalShare: Number(seed) % 2 ? 0.1 : 0,
});
const random = randomNumbers(Number(seed));
let model = modelOf(index);
writeSync(1, 'open\n');
for (let serial = Number(first); ; serial++) {
  const { next, run } = randomChange(random, model, serial);
  await run(index);
  model = next;
  writeSync(1, `${serial}\n`);
}
