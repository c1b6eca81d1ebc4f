import { describe, expect, it } from 'vitest';
import { loadKernel } from '../kernel/load-kernel.ts';
import { drawClusters } from '../../test/draw-clusters.ts';
import { IvfContext } from './ivf-context.ts';
import { readIvfOptions, type IvfOptions } from './ivf-options.ts';
import { IvfStore } from './ivf-store.ts';
import { ivfBuilds } from './ivf.wasm.ts';
import { Pace } from './pace.ts';
import { incomingRows } from './row-source.ts';

const COUNT = 1500;
const DIMENSION = 13;
const rows = drawClusters(COUNT, DIMENSION, 5);

async function trainedStore(
  metric: string,
  options: IvfOptions,
  kernelName: 'simd' | 'scalar' = 'simd',
): Promise<IvfStore> {
  const loaded = await loadKernel('here', ivfBuilds, { kernel: kernelName });
  const kernel = { ...loaded, threads: 1, workerUrl: undefined };
  const store = new IvfStore(metric, DIMENSION, readIvfOptions({ partitions: 24, ...options }), kernel);
  const slots = Uint32Array.from({ length: COUNT }, (_, i) => i);
  store.rows.reserve(COUNT);
  const source = incomingRows(store.rows, slots, rows);
  const recoded = await store.train(source, new Pace(undefined), () => undefined);
  slots.forEach((slot) => store.rows.put(slot, rows, slot));
  store.replace(recoded, store.prepare(recoded), source);
  return store;
}

/** Everything that was learnt, in float64, read by its documented layout. */
function read(store: IvfStore): {
  coded: (row: Float32Array) => number[];
  centroids: number[][];
  word: (subspace: number, code: number) => number[];
  members: { slot: number; list: number; codes: number[] }[];
} {
  const { model, lists } = store.trained!;
  const { width, subspaces, subspaceSize, blockBytes, biased, metric } = store.shape;
  const { f32, u8, u32 } = store.memory.views;
  const mean = Array.from(f32.subarray(model.mean / 4, model.mean / 4 + DIMENSION));
  const centroids = Array.from({ length: model.partitions }, (_, c) =>
    Array.from(f32.subarray(model.centroids / 4 + c * width, model.centroids / 4 + c * width + DIMENSION)),
  );
  const word = (subspace: number, code: number): number[] =>
    Array.from(
      { length: subspaceSize },
      (_, j) => f32[model.codebooks / 4 + (subspace * subspaceSize + j) * 16 + code]!,
    );
  const members = centroids.flatMap((_, list) =>
    Array.from({ length: lists.count(list) }, (__, place) => {
      const block = lists.address(list) + Math.floor(place / 32) * blockBytes;
      const [half, row] = [place & 16, place & 15];
      const lane = half + (row < 8 ? 2 * row : 2 * row - 15);
      const codes = Array.from({ length: subspaces }, (___, m) => {
        const byte = u8[block + (biased ? 256 : 128) + (m >> 1) * 32 + lane]!;
        return m % 2 === 0 ? byte & 15 : byte >> 4;
      });
      return { slot: u32[block / 4 + (place & 31)]!, list, codes };
    }),
  );
  const coded = (row: Float32Array): number[] => {
    const length = Math.hypot(...row);
    return Array.from(row, (value, j) => (metric === 0 ? value / length : (value - mean[j]!) * model.scale));
  };
  return { coded, centroids, word, members };
}

const square = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);
const less = (a: readonly number[], b: readonly number[]): number[] => a.map((value, j) => value - b[j]!);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, j) => sum + value * b[j]!, 0);

describe('codes of ivf, against a float64 reading of what was learnt', () => {
  it.each(['simd', 'scalar'] as const)('are the closest centroid and the closest words, %s', async (kernel) => {
    const store = await trainedStore('euclidean', { anisotropic: 0 }, kernel);
    const { coded, centroids, word, members } = read(store);
    expect(members.map(({ slot }) => slot).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: COUNT }, (_, i) => i),
    );
    for (const { slot, list, codes } of members.slice(0, 400)) {
      const row = coded(rows.subarray(slot * DIMENSION, (slot + 1) * DIMENSION));
      const distances = centroids.map((centroid) => square(less(row, centroid)));
      // Centroids are compared as int16: to one part in some thousands.
      expect(distances[list]).toBeLessThan(Math.min(...distances) + 1e-3 * square(row) + 1e-3);
      const residual = less(row, centroids[list]!);
      codes.slice(0, 6).forEach((code, m) => {
        const piece = residual.slice(2 * m, 2 * m + 2);
        const errors = Array.from({ length: 16 }, (_, other) =>
          square(less(piece, word(m, other).slice(0, piece.length))),
        );
        expect(errors[code]).toBeLessThan(Math.min(...errors) + 1e-5);
      });
    }
  });

  it('lean along the row: the error along it shrinks, and the loss that is meant with it', async () => {
    const errors = async (anisotropic: number): Promise<{ along: number; across: number }> => {
      const { coded, centroids, word, members } = read(await trainedStore('cosine', { anisotropic }));
      let [along, across] = [0, 0];
      for (const { slot, list, codes } of members) {
        const row = coded(rows.subarray(slot * DIMENSION, (slot + 1) * DIMENSION));
        const words = codes.flatMap((code, m) => word(m, code)).slice(0, DIMENSION);
        const error = less(less(row, centroids[list]!), words);
        along += dot(error, row) ** 2 / COUNT;
        across += (square(error) - dot(error, row) ** 2) / COUNT;
      }
      return { along, across };
    };
    const plain = await errors(0);
    const leaning = await errors(0.6);
    const weight = (12 * 0.36) / 0.64; // (d − 1)·T²/(1 − T²)
    expect(leaning.along).toBeLessThan(plain.along / 2);
    expect(weight * leaning.along + leaning.across).toBeLessThan(weight * plain.along + plain.across);
  });

  it.each(['cosine', 'inner-product', 'squared-euclidean'] as const)(
    'rank rows as their words say, to the steps that a byte can tell, %s',
    async (metric) => {
      const store = await trainedStore(metric, {});
      const { coded, centroids, word, members } = read(store);
      const { memory, shape, trained } = store;
      const { layout, partitions } = trained!.model;
      const context = new IvfContext(memory, shape, { partitions, keep: 64, wanted: 256 });
      for (let q = 0; q < 5; q++) {
        const given = drawClusters(1, DIMENSION, 5, 50 + q);
        const query = coded(given);
        const costs = new Map(
          members.map(({ slot, list, codes }) => {
            const words = codes.flatMap((code, m) => word(m, code)).slice(0, DIMENSION);
            const near = words.map((value, j) => value + centroids[list]![j]!);
            if (metric !== 'squared-euclidean') return [slot, -dot(query, near)];
            const row = coded(rows.subarray(slot * DIMENSION, (slot + 1) * DIMENSION));
            return [slot, (square(near) - square(less(row, near))) / 2 - dot(query, near)];
          }),
        );
        memory.views.f32.set(given, context.query / 4);
        memory.exports.search(layout, context.at, partitions, 100, 64, 0);
        const at = memory.views.u32;
        const [found, count, perCost] = [
          at[context.at / 4 + 8]!,
          at[context.at / 4 + 10]!,
          memory.views.f32[context.at / 4 + 16]!,
        ];
        expect(count).toBeGreaterThanOrEqual(100);
        expect(count).toBeLessThan(130);
        const slots = Array.from({ length: count }, (_, i) => at[found / 4 + 2 * i + 1]!);
        const worst = Math.max(...slots.map((slot) => costs.get(slot)!));
        // Half a step a subspace at most, and some for centroids and biases in whole steps.
        const slack = (shape.subspaces / 2 + 4) / perCost;
        for (const [slot, cost] of costs) if (cost < worst - 2 * slack) expect(slots).toContain(slot);
        expect(worst).toBeLessThan([...costs.values()].toSorted((a, b) => a - b)[99]! + 2 * slack);
      }
    },
  );
});
