// cspell:ignore avgs
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retrieval } from './retrieval.ts';

interface Case {
  name: string;
  options: { k: number | 'max_bin_count' | null; average: 'mean' | 'avg_of_avgs'; ref_includes_query: boolean };
  inputs: Record<'query' | 'query_labels' | 'reference' | 'reference_labels', { shape: number[]; data: number[] }>;
  expected: Record<'mean_average_precision_at_r' | 'precision_at_1' | 'r_precision', number | null>;
}
const golden = JSON.parse(readFileSync(new URL('retrieval.golden.json', import.meta.url), 'utf8')) as { cases: Case[] };
const euclidean = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((s, x, i) => s + (x - b[i]!) ** 2, 0));

/** From the definition, one query at a time. */
function oracle(
  queries: number[][],
  labels: number[],
  gallery: number[][],
  galleryLabels: number[],
  self: number[],
  distance: (a: number[], b: number[]) => number,
): { recall: number; precision: number; rPrecision: number; map: number; queries: number } {
  const lists = queries.flatMap((query, i) => {
    const ranked = gallery
      .map((row, j) => ({ j, d: distance(query, row), right: galleryLabels[j] === labels[i] }))
      .filter(({ j }) => j !== self[i])
      .sort((a, b) => a.d - b.d || a.j - b.j);
    const r = ranked.filter(({ right }) => right).length;
    if (r === 0) return [];
    const first = ranked.slice(0, r);
    const map = first.reduce(
      (sum, { right }, rank) =>
        sum + (right ? first.slice(0, rank + 1).filter((one) => one.right).length / (rank + 1) : 0),
      0,
    );
    const two = ranked.slice(0, 2).filter(({ right }) => right).length;
    return [
      { map: map / r, rPrecision: first.filter(({ right }) => right).length / r, recall: Math.sign(two), two: two / 2 },
    ];
  });
  const mean = (of: (one: (typeof lists)[number]) => number): number =>
    lists.reduce((sum, one) => sum + of(one), 0) / lists.length;
  return {
    queries: lists.length,
    recall: mean((one) => one.recall),
    precision: mean((one) => one.two),
    rPrecision: mean((one) => one.rPrecision),
    map: mean((one) => one.map),
  };
}

const cosineOf = (a: number[], b: number[]): number => {
  const dot = (x: number[], y: number[]): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  const [aa, bb] = [dot(a, a), dot(b, b)];
  return aa === 0 || bb === 0 ? 1 : 1 - dot(a, b) / Math.sqrt(aa * bb);
};

describe('retrieval', () => {
  it('gives the values of PyTorch Metric Learning', () => {
    const compared = golden.cases.filter(({ options }) => options.k === null);
    expect(compared.length).toBeGreaterThan(10);
    for (const { name, options, inputs, expected } of compared) {
      const { query, query_labels: labels, reference, reference_labels: referenceLabels } = inputs;
      const report = retrieval({
        queries: Float32Array.from(query.data),
        labels: labels.data,
        dimension: query.shape[1]!,
        ...(options.ref_includes_query && !reference
          ? {}
          : { gallery: Float32Array.from(reference.data), galleryLabels: referenceLabels.data }),
        ...(options.ref_includes_query && reference ? { self: labels.data.map((_, i) => i) } : {}),
        distance: euclidean,
        average: options.average === 'mean' ? 'micro' : 'macro',
      });
      const got = [report.mapAtR, report.recallAtK[1], report.precisionAtK[1], report.rPrecision];
      const { mean_average_precision_at_r: map, precision_at_1: first, r_precision: right } = expected;
      [map, first, first, right].forEach((wanted, i) => {
        if (wanted === null) expect(got[i], name).toBeNaN();
        else expect(Math.abs(got[i]! - wanted), name).toBeLessThan(1e-7);
      });
    }
  });

  it('agrees with the definition, cosine, ties and zero rows included', () => {
    const row = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 });
    const rows = fc.array(fc.tuple(row, fc.nat(2)), { minLength: 3, maxLength: 14 });
    fc.assert(
      fc.property(rows, rows, fc.boolean(), (queries, others, alone) => {
        const data = (list: [number[], number][]): Float32Array =>
          Float32Array.from(list.flatMap(([values]) => values));
        const of = (list: [number[], number][]): number[] => list.map(([, label]) => label);
        const gallery = alone ? queries : others;
        const self = queries.map((_, i) => (alone ? i : -1));
        const report = retrieval({
          queries: data(queries),
          labels: of(queries),
          dimension: 3,
          k: [2],
          ...(alone ? {} : { gallery: data(others), galleryLabels: of(others) }),
        });
        // Exact in both: lengths of such rows leave room for ties that are ties.
        const exact = (a: number[], b: number[]): number => Math.round(cosineOf(a, b) * 1e12) / 1e12;
        const list = (rowsOf: [number[], number][]): number[][] => rowsOf.map(([values]) => values);
        const wanted = oracle(list(queries), of(queries), list(gallery), of(gallery), self, exact);
        expect(report.queries).toBe(wanted.queries);
        if (wanted.queries === 0) return;
        const got = [report.recallAtK[2]!, report.precisionAtK[2]!, report.rPrecision, report.mapAtR];
        [wanted.recall, wanted.precision, wanted.rPrecision, wanted.map].forEach((value, i) =>
          expect(got[i]).toBeCloseTo(value, 10),
        );
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('leaves out the row that is the query, wherever it is', () => {
    const gallery = Float32Array.of(0, 1, 1, 0, 1, 0.2);
    const options = { queries: Float32Array.of(1, 0), labels: [7], dimension: 2, gallery, galleryLabels: [5, 7, 7] };
    expect(retrieval({ ...options, self: [1] }).mapAtR).toBe(1); // row 2 is first, R = 1
    expect(retrieval({ ...options, self: [-1] }).queries).toBe(1);
  });

  it('refuses lists that do not agree', () => {
    const options = { queries: new Float32Array(4), labels: [1, 2], dimension: 2 };
    expect(() => retrieval({ ...options, labels: [1] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: retrieval: queries must have 2 values, but got 4. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
    );
    expect(() => retrieval({ ...options, gallery: new Float32Array(2) })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: retrieval: galleryLabels must have 1 values, but got 'none'. Give every list in the order of the queries, row after row. [ERR_SHAPE]]`,
    );
    expect(() => retrieval({ ...options, k: [2] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: retrieval: k must be at most 1, the rows of the gallery that a query is compared with, but got 2. Use a smaller k, or a larger gallery. [ERR_OPTION]]`,
    );
    expect(() => retrieval({ ...options, self: [1] })).toThrow('ERR_SHAPE');
    expect(() => retrieval({ ...options, dimension: 0 })).toThrow('ERR_OPTION');
    expect(() => retrieval({ ...options, distances: 1 } as typeof options)).toThrow('ERR_OPTION');
  });
});
