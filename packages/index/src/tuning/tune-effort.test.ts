import { describe, expect, it } from 'vitest';
import type { EngineHits, SearchEffort } from '../contract.ts';
import { recallOf } from './recall-of.ts';
import { tuneEffort } from './tune-effort.ts';

const hits = (k: number, ...rows: readonly (readonly [slots: number[], distances: number[]])[]): EngineHits => ({
  k,
  counts: Uint32Array.from(rows, ([slots]) => slots.length),
  slots: Uint32Array.from(rows.flatMap(([slots]) => Array.from({ length: k }, (_, i) => slots[i] ?? 0))),
  distances: Float64Array.from(
    rows.flatMap(([, distances]) => Array.from({ length: k }, (_, i) => distances[i] ?? Infinity)),
  ),
});

describe('recall-of', () => {
  it('is the share of true neighbours found, equal distances counting', () => {
    const exact = hits(
      3,
      [
        [1, 2, 3],
        [0.1, 0.2, 0.2],
      ],
      [
        [4, 5],
        [0.3, 0.4],
      ],
    );
    expect(recallOf(exact, exact)).toBe(1);
    // 1 of 3 (9 is as close as the third, 8 is not) and 2 of 2
    expect(
      recallOf(
        hits(
          3,
          [
            [1, 9, 8],
            [0.1, 0.2, 0.3],
          ],
          [
            [4, 5],
            [0.3, 0.4],
          ],
        ),
        exact,
      ),
    ).toBe(4 / 5);
    expect(recallOf(hits(3, [[], []], [[5], [0.4]]), exact)).toBe(1 / 5);
    expect(recallOf(hits(1), hits(1))).toBe(1);
  });
});

describe('tune-effort', () => {
  /** An engine that finds a neighbour of 1,000 for each `step` of effort, up to `most` of them. */
  const trial = (
    step: number,
    most = 1000,
  ): { asked: number[]; exact: EngineHits; search: (effort: number) => EngineHits } => {
    const all = Array.from({ length: 1000 }, (_, i) => i);
    const exact = hits(1000, [all, all]);
    const asked: number[] = [];
    const search = (effort: number): EngineHits => {
      asked.push(effort);
      const some = all.slice(0, Math.min(most, Math.floor(effort / step)));
      return hits(1000, [some, some]);
    };
    return { asked, exact, search };
  };
  const range: SearchEffort = { name: 'efSearch', value: 7, least: 1, most: 4096 };

  it.each([
    [0.9, 4, 3600],
    [0.95, 1, 950],
    [0.5, 0.1, 50],
    [0.01, 0.1, 1],
    [1, 1, 1000],
  ])('finds the least effort for recall %d within 3 %% of it', async (recall, step, least) => {
    const { asked, exact, search } = trial(step);
    const found = await tuneEffort(range, recall, { exact, search, signal: undefined });
    expect(found.reached).toBe(true);
    expect(found.recall).toBeGreaterThanOrEqual(recall);
    expect(found.value).toBeGreaterThanOrEqual(least);
    expect(found.value).toBeLessThanOrEqual(Math.ceil(least * 1.03) + 1);
    expect(asked.length).toBe(new Set(asked).size); // nothing is measured twice
    expect(asked.length).toBeLessThan(16);
  });

  it('takes what found most where the recall is out of reach', async () => {
    const { exact, search } = trial(1, 700);
    const found = await tuneEffort(range, 0.95, { exact, search, signal: undefined });
    expect(found).toEqual({ value: 1024, recall: 0.7, reached: false }); // 64 doubled until it has all it can have
  });

  it('can be stopped', async () => {
    const stopped = tuneEffort(range, 0.95, { ...trial(1), signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'ERR_ABORTED' });
  });
});
