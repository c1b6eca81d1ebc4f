import { createRandom } from '@simile/core/random';
import { beforeEach, expect, test } from 'vitest';
import { embeddingMap } from './embedding-map.ts';

/** Three groups of twenty about unit vectors of eight dimensions. */
function groups(seed: number): { rows: { values: Float32Array; dimension: number }; labels: number[] } {
  const random = createRandom(seed);
  const labels = Array.from({ length: 60 }, (_, i) => i % 3);
  const values = Float32Array.from(
    labels.flatMap((label) => Array.from({ length: 8 }, (_, i) => (i === label ? 1 : 0) + random.normal(0, 0.05))),
  );
  return { rows: { values, dimension: 8 }, labels };
}

/** The mean distance of places of one label over that of places of two. */
function tightness(places: Float32Array, labels: readonly number[]): number {
  const sums = { own: [0, 0], other: [0, 0] } as Record<'own' | 'other', [number, number]>;
  labels.forEach((label, i) => {
    labels.forEach((each, j) => {
      if (i >= j) return;
      const sum = sums[label === each ? 'own' : 'other'];
      sum[0] += Math.hypot(places[2 * i]! - places[2 * j]!, places[2 * i + 1]! - places[2 * j + 1]!);
      sum[1]++;
    });
  });
  return sums.own[0] / sums.own[1] / (sums.other[0] / sums.other[1]);
}

beforeEach(() => embeddingMap.forget());

test('a flat map shows groups apart, says how pure they are, and stays where it is when rows hardly move', () => {
  const { rows, labels } = groups(1);
  const { places, ownKind } = embeddingMap.flat(rows, labels);
  expect(tightness(places, labels)).toBeLessThan(0.2);
  expect([...ownKind.values()]).toEqual([1, 1, 1]);
  // Rows in other signs have a plane whose axes point elsewhere: mirrored rows, the same picture.
  const mirrored = { values: rows.values.map((value) => -value), dimension: 8 };
  const next = embeddingMap.flat(mirrored, labels).places;
  next.forEach((value, i) => expect(value).toBeCloseTo(places[i]!, 4));
});

test('a new row has its place in a flat map where the same row of the map is', () => {
  const { rows, labels } = groups(2);
  const { places } = embeddingMap.flat(rows, labels);
  const [x, y] = embeddingMap.place({ values: rows.values.subarray(0, 8), dimension: 8 }, []);
  expect(x).toBeCloseTo(places[0]!, 6);
  expect(y).toBeCloseTo(places[1]!, 6);
});

test('a map of neighbourhoods is the same for a seed, shows groups apart, and places a new row among its nearest', async () => {
  const { rows, labels } = groups(3);
  embeddingMap.flat(rows, labels);
  let told = 0;
  const places = (await embeddingMap.neighborhoods(rows, 1, () => told++))!;
  expect(told).toBeGreaterThan(10);
  expect(tightness(places, labels)).toBeLessThan(0.4);
  const near = [
    { row: 4, distance: 0.01 },
    { row: 7, distance: 5 },
  ];
  const [x, y] = embeddingMap.place({ values: new Float32Array(8), dimension: 8 }, near);
  expect(x).toBeCloseTo(places[8]!, 4);
  expect(y).toBeCloseTo(places[9]!, 4);
  embeddingMap.forget();
  embeddingMap.flat(rows, labels);
  expect(await embeddingMap.neighborhoods(rows, 1, () => {})).toEqual(places);
});

test('a map that is overtaken by another ends without a word', async () => {
  const { rows, labels } = groups(4);
  const first = embeddingMap.neighborhoods(rows, 1, () => {});
  embeddingMap.flat(rows, labels);
  expect(await first).toBeUndefined();
});
