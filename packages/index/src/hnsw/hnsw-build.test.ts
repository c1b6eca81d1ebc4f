import { expect, it } from 'vitest';
import { clusteredRows } from '../../test/clustered-rows.ts';
import { hnswEngine } from './hnsw-engine.ts';
import { NONE } from './hnsw-layout.ts';
import type { HnswSearchEngine } from './hnsw-search-engine.ts';

const [count, dimension, alpha] = [3000, 8, 1.2];

it('keeps links that do not rule out each other, chosen anew where a node is full', async () => {
  const rows = clusteredRows(count, dimension, 1);
  const factory = hnswEngine({ M: 6, alpha, precision: 'f32', efConstruction: 40 });
  const engine = (await factory({ dimension, metric: 'squared-euclidean', order: (slot) => slot })) as HnswSearchEngine;
  const slots = Uint32Array.from({ length: count }, (_, i) => i);
  await engine.set(slots, rows);
  const { graph } = engine;
  const { u32, u8 } = graph.memory.views;
  const far = (a: number, b: number): number => {
    let sum = 0;
    for (let j = 0; j < dimension; j++) sum += (rows[a * dimension + j]! - rows[b * dimension + j]!) ** 2;
    return sum;
  };
  const wrong: string[] = [];
  let [full, chosen] = [0, 0];
  for (let node = 0; node < count; node++) {
    const from = graph.memory.at('links') / 4 + node * graph.M0;
    const links = [...u32.subarray(from, from + graph.M0)];
    const held = links.filter((link) => link !== NONE);
    if (new Set([...held, node]).size <= held.length) wrong.push(`${node} is linked twice, or to itself`);
    if (held.length === graph.M0) full++;
    const settled = held.slice(0, u8[graph.memory.at('settled') + node]);
    chosen += settled.length;
    settled.forEach((link, i) => {
      const own = far(node, link);
      for (const before of settled.slice(0, i)) {
        if (far(node, before) > own * (1 + 1e-5)) wrong.push(`${node}: ${before} comes before ${link}`);
        if (far(before, link) * alpha < own * (1 - 1e-5)) wrong.push(`${node}: ${before} rules out ${link}`);
      }
    });
  }
  expect(wrong).toEqual([]);
  expect(full).toBeGreaterThan(count / 10);
  expect(chosen).toBeGreaterThan(count * 4);
});
