// A map of 10,000 points
// Two thousand digits, each warped in five ways, are embedded and drawn in the plane, where they differ most.
import { randomWarp } from '@simile/augmenters';
import { createRandom } from '@simile/core/random';
import { drawScatter, loadSimilarityModel, mnist, principalComponents, selectBackend } from 'simile';

await selectBackend({ training: false });
const model = await loadSimilarityModel('data/digits.simile');
const { x, labels } = await mnist({ folder: 'data/mnist' });

const warp = randomWarp({ rotation: 10, logScale: 0.1, shear: 0.1, shift: 1 });
const random = createRandom(1);
const embeddings = new Float32Array(5 * 2000 * 32);
for (let round = 0; round < 5; round++) {
  const { data } = await model.predict(warp(x, random.fork(`round ${round}`)), { batchSize: 500 });
  embeddings.set(data, round * data.length);
  console.log(`${(round + 1) * 2000} embedded`);
}

const points = principalComponents({ data: embeddings, shape: [10_000, 32] });
const [first = 0, second = 0] = points.explained;
console.log(points.shape.join(' × ')); // → 10000 × 2
console.log(`two directions hold ${Math.round(100 * (first + second))} % of the variance`); // → two directions hold … %…

const five = Int32Array.from({ length: 10_000 }, (_, i) => labels[i % 2000]!);
console.log(drawScatter(points, { labels: five, title: '10,000 digits by a model that never saw an 8 or a 9' }));
