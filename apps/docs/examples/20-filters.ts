// Filters: neighbours that pass a test
// Labels, ids, members of the data or a function decide which records may come back; k come whenever k pass.
import { createRandom } from '@simile/core/random';
import { createIndex } from '@simile/index';

const random = createRandom(1);
const count = 20_000;
const vectors = Float32Array.from({ length: count * 32 }, () => random.normal());
const kinds = ['cat', 'dog', 'owl', 'fox'];
const data = Array.from({ length: count }, (_, i) => ({ year: 2000 + (i % 25), indoors: i % 3 === 0 }));

const index = createIndex({ dimension: 32 });
await index.add(vectors, { labels: Array.from({ length: count }, (_, i) => kinds[i % 4]!), data });
const query = vectors.subarray(0, 32);

const [cats] = await index.search(query, { k: 3, filter: { labels: ['cat'] } });
console.log(cats?.map(({ label }) => label).join(' ')); // → cat cat cat

const filter = { labels: ['dog', 'owl'], where: { year: { least: 2020 }, indoors: true } };
const [recent] = await index.search(query, { k: 5, filter });
console.log(
  recent?.length,
  recent?.every(({ label }) => label !== 'cat'),
); // → 5 true
console.log(recent?.every((neighbor) => (neighbor.data as { year: number }).year >= 2020)); // → true

const [few] = await index.search(query, { k: 3, filter: { ids: [7, 11, 42, 19_999] } });
console.log(few?.map(({ id }) => id).every((id) => [7, 11, 42, 19_999].includes(Number(id)))); // → true

const [even] = await index.search(query, { k: 4, filter: ({ id }) => Number(id) % 1000 === 0 });
console.log(even?.length, even?.[0]?.id); // → 4 0

const begin = performance.now();
for (let i = 0; i < 200; i++) await index.search(query, { k: 5, filter });
console.log(`${((performance.now() - begin) / 200).toFixed(2)} ms a search under the filter`);
