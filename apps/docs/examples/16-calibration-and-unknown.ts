// Calibration: when to say unknown
// Eight digits are indexed; a distance is found up to which a match is believed, and eights and nines come out unknown.
import { takeItems, type LabelledItems } from '@simile/core/items';
import { drawCalibration, loadSimilarityModel, mnist, selectBackend } from 'simile';

await selectBackend({ training: false });
const model = await loadSimilarityModel('data/digits.simile');
const train = await mnist({ folder: 'data/mnist' });
const test = await mnist({ folder: 'data/mnist', split: 'test' });

const only = ({ x, labels }: LabelledItems, want: (row: number) => boolean): LabelledItems => {
  const rows = [...labels.keys()].filter(want);
  return { x: takeItems(x, rows), labels: Int32Array.from(rows, (row) => labels[row]!) };
};
const known = only(train, (row) => train.labels[row]! < 8 && row < 1000);
const asked = only(train, (row) => row >= 1000);
await model.index(known.x, { labels: known.labels });

// Queries whose class is known, a fifth of them of classes that the index does not hold.
const calibration = await model.calibrate(asked.x, asked.labels, { metric: 'f1', targets: { careful: 0.9 } });
const { optimal } = calibration.cutpoints;
console.log(`believed up to a distance of ${optimal.distance.toFixed(2)}, f1 ${optimal.value.toFixed(2)}`); // → believed …
console.log(drawCalibration(calibration));

for (const [name, want] of [
  ['indexed', (row: number) => test.labels[row]! < 8],
  ['new', (row: number) => test.labels[row]! >= 8],
] as const) {
  const queries = only(test, want);
  const matches = await model.match(queries.x);
  const share = matches.filter(({ known: believed }) => !believed).length / matches.length;
  console.log(`${name} digits: ${Math.round(100 * share)} % unknown`); // → indexed digits: … unknown new digits: … unknown
}
