// Vectors of NumPy
// A .npy file holds embeddings that were made elsewhere: written, read, indexed and searched. Drop one of your own here.
import { createIndex, readNpy, writeNpy } from '@simile/index';

// What numpy.save('vectors.npy', np.array([[3, 4], [4, 3], [-1, 0]], dtype='float32')) writes.
const file = writeNpy({ data: Float32Array.of(3, 4, 4, 3, -1, 0), shape: [3, 2] });
console.log(new TextDecoder('latin1').decode(file.subarray(1, 6))); // → NUMPY

// In Node readNpy('vectors.npy') reads a path, in a page an address or, here, the name of a file that you dropped.
const vectors = await readNpy(file);
console.log(vectors.shape.join(' × '), vectors.data.constructor.name); // → 3 × 2 Float32Array

const index = createIndex({ metric: 'cosine' });
await index.add(vectors, { ids: ['first', 'second', 'third'] });
const [neighbors] = await index.search(Float32Array.of(1, 1.4), { k: 2 });
for (const { id, distance } of neighbors!) {
  console.log(`${id} ${distance.toFixed(3)}`); // → first 0.000 second 0.047
}

const back = writeNpy({ data: Float32Array.from(index.get('second')!.vector), shape: [1, 2] });
console.log((await readNpy(back)).data.join(' ')); // → 4 3
