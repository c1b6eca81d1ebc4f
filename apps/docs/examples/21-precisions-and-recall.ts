// Precisions: fewer bits, what they cost
// A graph over 4,000 vectors with codes of 32, 16, 8, 4 bits and 1 bit a value: recall, time of a search, memory.
import { createRandom } from '@simile/core/random';
import { createIndex } from '@simile/index';

// Vectors in 200 groups, as embeddings are, and 200 queries of the same groups.
const dimension = 32;
const random = createRandom(2);
const centers = Float32Array.from({ length: 200 * dimension }, () => random.normal());
const draw = (count: number): Float32Array => {
  return Float32Array.from({ length: count * dimension }, (_, i) => {
    const group = Math.floor(i / dimension) % 200;
    return centers[group * dimension + (i % dimension)]! + 0.6 * random.normal();
  });
};
const vectors = draw(4000);
const queries = draw(200);

const found: Record<string, number> = {};
for (const precision of ['f32', 'f16', 'i8', 'i4', 'binary'] as const) {
  const index = createIndex({ dimension, engine: 'hnsw', precision, recall: 0.95 });
  await index.add(vectors);
  const { recall, latency, bytesPerVector } = await index.measure({ k: 10, queries });
  found[precision] = recall;
  console.log(
    `${precision}: recall ${recall.toFixed(3)}, ${latency.median.toFixed(3)} ms, ${bytesPerVector.toFixed(0)} bytes a vector`,
  );
}
console.log(found['i8']! > 0.9 && found['i4']! > 0.85); // → true
// Memory hardly falls: the exact rows are kept beside the codes, and rank what the codes found.
