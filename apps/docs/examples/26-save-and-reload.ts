// Save, reload, compare
// A model with its index and calibration becomes one file; what is read back gives the same answers to the last bit.
import { sliceItems } from '@simile/core/items';
import { createIndex, indexFromBytes, loadSimilarityModel, mnist, selectBackend } from 'simile';

await selectBackend({ training: false });
const model = await loadSimilarityModel('data/digits.simile');
const { x, labels } = await mnist({ folder: 'data/mnist' });
await model.index(sliceItems(x, 0, 500), { labels: labels.subarray(0, 500), data: sliceItems(x, 0, 500) });
await model.calibrate(sliceItems(x, 500, 900), labels.subarray(500, 900));

const bytes = await model.toBytes(); // or save('digits.simile'), save('indexeddb://digits')
console.log(`${(bytes.length / 1024).toFixed(0)} KiB`); // → … KiB
const again = await loadSimilarityModel(bytes);
console.log(again.indexSize, again.vectorIndex.calibration?.metric); // → 500 f1

const queries = sliceItems(x, 1000, 1050);
const before = await model.match(queries);
const after = await again.match(queries);
const same = before.every((match, i) => match.label === after[i]?.label && match.distance === after[i]?.distance);
console.log(same); // → true

// An index alone, without a model, is such a file too.
const index = createIndex({ dimension: 2 });
await index.add(Float32Array.of(1, 0, 0, 1), { ids: ['east', 'north'], data: [{ page: 3 }, { page: 7 }] });
const copy = await indexFromBytes(index.toBytes());
console.log(JSON.stringify(copy.get('north')?.data)); // → {"page":7}

// A file that was cut or changed is found out before anything is made of it.
const damaged = bytes.slice();
damaged[damaged.length >> 1]! ^= 1;
const error = await loadSimilarityModel(damaged).catch((reason: unknown) => reason);
console.log((error as { code?: string }).code); // → ERR_FILE
