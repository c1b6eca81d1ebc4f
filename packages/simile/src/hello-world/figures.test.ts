import { sliceItems, type LabelledItems } from '@simile/core/items';
import { mnist } from '@simile/datasets';
import { beforeAll, expect, test } from 'vitest';
import { first } from './classes.ts';
import { helloWorld, type HelloWorldResult } from './run.ts';

// The real job on a part of the real data: 2,000 training images and 150 test images, four steps.
let train: LabelledItems<Uint8Array>;
let testing: LabelledItems<Uint8Array>;
let result: HelloWorldResult;

beforeAll(async () => {
  train = first(await mnist({ split: 'train' }), 2000);
  testing = first(await mnist({ split: 'test' }), 150);
  result = await helloWorld({ train, test: testing, steps: 4, seed: 5 });
}, 240_000);

type Ranked = { label: number; distance: number }[];

/** Rows of `gallery` from near to far of every query, by a plain loop. */
function rank(queries: Float32Array[], gallery: Float32Array[], labels: number[]): Ranked[] {
  return queries.map((query) =>
    gallery
      .map((row, i) => ({ label: labels[i]!, distance: 1 - query.reduce((sum, value, k) => sum + value * row[k]!, 0) }))
      .sort((a, b) => a.distance - b.distance),
  );
}

async function rows(x: LabelledItems['x']): Promise<Float32Array[]> {
  const { data, shape } = await result.model.predict(x);
  const d = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, i) => data.slice(i * d, (i + 1) * d));
}

test('f1, precision, recall and binary accuracy are those of a plain loop over the definition', async () => {
  const gallery = [...result.model.vectorIndex];
  const ranked = rank(
    await rows(sliceItems(train.x, 0, 1000)),
    gallery.map(({ vector }) => vector),
    gallery.map(({ label }) => Number(label)),
  );
  const nearest = ranked.map(([near], i) => ({ right: near!.label === train.labels[i], distance: near!.distance }));
  let best = { f1: -1, precision: 0, recall: 0, binaryAccuracy: 0, distance: 0 };
  for (const { distance } of nearest.toSorted((a, b) => a.distance - b.distance)) {
    const tp = nearest.filter((n) => n.right && n.distance <= distance).length;
    const fp = nearest.filter((n) => !n.right && n.distance <= distance).length;
    const fn = nearest.filter((n) => n.right && n.distance > distance).length;
    const [precision, recall] = [tp / (tp + fp), tp / (tp + fn)];
    const f1 = (2 * precision * recall) / (precision + recall);
    if (f1 >= best.f1) best = { f1, precision, recall, binaryAccuracy: tp / 1000, distance };
  }
  for (const [name, value] of Object.entries(best)) {
    expect(result.figures[name as keyof typeof result.figures], name).toBeCloseTo(value, 5);
  }
});

test('the search is measured, and misses nothing among 200 images', () => {
  expect(result.search).toMatchObject({ recall: 1, k: 10, queries: 150, effort: undefined });
  expect(result.search.engine).toMatch(/^flat \(.*\), chosen for 31,250 records or fewer$/);
  expect(result.search.latency.median).toBeGreaterThan(0);
});

test('recall@1 and MAP@R of the unseen digits are those of a plain loop', async () => {
  const embeddings = await rows(testing.x);
  const labels = [...testing.labels];
  const unseen = labels.flatMap((label, i) => ([8, 5, 0, 4].includes(label) ? [i] : []));
  const average = (galleryRows: number[]): [number, number] => {
    let recall = 0;
    let map = 0;
    for (const query of unseen) {
      const others = galleryRows.filter((row) => row !== query);
      const [ranked] = rank(
        [embeddings[query]!],
        others.map((row) => embeddings[row]!),
        others.map((row) => labels[row]!),
      );
      const relevant = others.filter((row) => labels[row] === labels[query]).length;
      let found = 0;
      let sum = 0;
      ranked!.slice(0, relevant).forEach(({ label }, at) => {
        if (label === labels[query]) sum += ++found / (at + 1);
      });
      recall += ranked![0]!.label === labels[query] ? 1 : 0;
      map += sum / relevant;
    }
    return [recall / unseen.length, map / unseen.length];
  };
  const [recallAmong, mapAmong] = average(unseen);
  const [recallAll, mapAll] = average(labels.map((_, i) => i));
  expect(result.figures.unseenRecallAt1).toBeCloseTo(recallAmong, 10);
  expect(result.figures.unseenMapAtR).toBeCloseTo(mapAmong, 4);
  expect(result.figures.unseenAgainstAllRecallAt1).toBeCloseTo(recallAll, 10);
  expect(result.figures.unseenAgainstAllMapAtR).toBeCloseTo(mapAll, 4);
});
