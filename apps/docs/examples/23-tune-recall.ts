// Tune: as fast as a recall allows
// An index of partitions finds how hard it must look for the share of true neighbours that you want, on your own queries.
import { createRandom } from '@simile/core/random';
import { createIndex, estimateBytes } from '@simile/index';

const dimension = 32;
const random = createRandom(3);
const centers = Float32Array.from({ length: 300 * dimension }, () => random.normal());
const draw = (count: number): Float32Array => {
  return Float32Array.from({ length: count * dimension }, (_, i) => {
    const group = Math.floor(i / dimension) % 300;
    return centers[group * dimension + (i % dimension)]! + 0.7 * random.normal();
  });
};
const count = 20_000;
const { total } = estimateBytes({ count, dimension, engine: 'ivf' });
console.log(`about ${(total / 2 ** 20).toFixed(0)} MiB`); // → about … MiB

const index = createIndex({ dimension, engine: 'ivf' });
await index.add(draw(count));
const queries = draw(300);
console.log(index.describe().engine); // → ivf…

const efforts: number[] = [];
for (const recall of [0.8, 0.9, 0.99]) {
  const { reached } = await index.tune({ recall, k: 10, queries });
  const measured = await index.measure({ k: 10, queries });
  efforts.push(measured.effort!.value);
  const { name, value } = measured.effort!;
  console.log(
    `${recall}: ${reached}, ${name} ${value}, found ${measured.recall.toFixed(3)}, ${measured.latency.median.toFixed(3)} ms`,
  );
}
console.log(efforts[0]! < efforts[2]!); // → true
