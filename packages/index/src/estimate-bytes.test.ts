import { createRandom } from '@simile/core/random';
import { describe, expect, it } from 'vitest';
import { createIndex } from './create-index.ts';
import { estimateBytes } from './estimate-bytes.ts';
import { flatEngine } from './flat/flat-engine.ts';

describe('estimate-bytes', () => {
  it.each([
    ['flat', 32, {}],
    ['flat', 100, { engine: 'flat' as const }],
    ['hnsw i4', 100, { engine: 'hnsw' as const }],
    ['hnsw f32', 32, { engine: 'hnsw' as const, precision: 'f32' as const }],
    ['hnsw binary', 64, { engine: 'hnsw' as const, precision: 'binary' as const }],
    ['ivf', 64, { engine: 'ivf' as const }],
  ])('says what is taken then: %s of dimension %i', async (name, dimension, choice) => {
    const count = 1500;
    const random = createRandom(1);
    const index = createIndex({ dimension, ...choice });
    await index.add(Float32Array.from({ length: count * dimension }, () => random.normal()));
    const { engine, bytes } = index.describe();
    expect(engine).toContain(name);
    const estimate = estimateBytes({ count, dimension, ...choice });
    // Memories grow by steps, and what is held at the least is no part of a record.
    expect(estimate.engine).toBeGreaterThan(bytes * 0.75 - 2 ** 20);
    expect(estimate.engine).toBeLessThan(bytes * 1.25 + 2 ** 20);
  });

  it('says what ids and labels take', () => {
    const of = (options: object): number => estimateBytes({ count: 1000, dimension: 2, ...options }).records;
    expect(of({})).toBe(125);
    expect(of({ labels: true })).toBe(4125);
    expect(of({ ids: 'numbers' })).toBe(48_125);
    expect(of({ ids: 'texts', labels: true })).toBe(92_125);
    const { engine, records, total } = estimateBytes({ count: 1000, dimension: 2 });
    expect(total).toBe(engine + records);
  });

  it('chooses as auto does', () => {
    const small = { count: 1000, dimension: 100 };
    const large = { count: 100_000, dimension: 100 };
    expect(estimateBytes(small)).toEqual(estimateBytes({ ...small, engine: 'flat' }));
    expect(estimateBytes(large)).toEqual(estimateBytes({ ...large, engine: 'ivf' }));
    expect(estimateBytes({ ...large, recall: 1 })).toEqual(estimateBytes({ ...large, engine: 'flat' }));
  });

  it('refuses counts that are none, and engines that cannot say', () => {
    expect(() => estimateBytes({ count: -1, dimension: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: estimate-bytes: count must be a whole number of at least 0, but got -1. Leave count out to use the default. [ERR_OPTION]]`,
    );
    expect(() => estimateBytes({ count: 1, dimension: 2, size: 3 } as never)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: estimate-bytes: options are engine, precision, recall, threads, but got 'size'. Check the spelling. [ERR_OPTION]]`,
    );
    const engine = Object.assign(flatEngine(), { estimateBytes: undefined }) as never;
    expect(() => estimateBytes({ count: 1, dimension: 2, engine })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: estimate-bytes: the engine must be able to say how much memory it takes. Ask its author for estimateBytes on the factory. [ERR_OPTION]]`,
    );
  });
});
