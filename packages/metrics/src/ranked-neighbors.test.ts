import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mapAtR } from './map-at-r.ts';
import { precisionAtK } from './precision-at-k.ts';
import { rPrecision } from './r-precision.ts';
import { recallAtK } from './recall-at-k.ts';

interface Case {
  name: string;
  unit: string;
  options: {
    k: number;
    average: 'micro' | 'macro';
    dropClosest: boolean;
    distanceThreshold: number | null;
    r?: Record<string, number>;
    clipAtR?: boolean;
  };
  inputs: {
    queryLabels: number[];
    lookupLabels: { shape: [number, number]; data: number[] };
    lookupDistances: { data: number[] };
  };
  expected: { value: number };
  expectedFixed?: { value: number };
}
const golden = JSON.parse(readFileSync(new URL('ranked-neighbors.golden.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

/** What ours must be called with to mean the same; undefined where the library's figure has no namesake here. */
function value({ unit, options, inputs }: Case): number | undefined {
  const { k, average, r, clipAtR, dropClosest, distanceThreshold } = options;
  const skip = dropClosest ? 1 : 0;
  const [, width] = inputs.lookupLabels.shape;
  const used = Math.min(width, k + skip);
  const cut = (list: number[]): number[] => list.filter((_, i) => i % width < used);
  const neighbors = {
    labels: inputs.queryLabels,
    neighborLabels: cut(inputs.lookupLabels.data),
    neighborDistances: cut(inputs.lookupDistances.data),
  };
  const ranking = { skip, average, radius: distanceThreshold ?? Infinity };
  const relevant = inputs.queryLabels.map((label) => Math.max(0, (r?.[label] ?? 0) - skip));
  // Queries without a relevant row are left out here and count 0 there.
  const share = average === 'micro' ? relevant.filter((count) => count > 0).length / relevant.length : 1;
  if (unit === 'retrieval/recall') return recallAtK(neighbors, k, ranking);
  if (unit === 'retrieval/precision' && !r && !clipAtR) return precisionAtK(neighbors, k, ranking);
  if (!r || !clipAtR || share === 0 || (average === 'macro' && relevant.includes(0))) return undefined;
  const figure = unit === 'retrieval/map' ? mapAtR : rPrecision;
  return figure(neighbors, relevant, ranking) * share;
}

it('ranking metrics give the values of TensorFlow Similarity, right where it is right', () => {
  const compared = golden.cases.flatMap((one) => {
    const got = value(one);
    if (got === undefined) return [];
    const wanted = (one.expectedFixed ?? one.expected).value;
    expect(Math.abs(got - wanted), one.name).toBeLessThanOrEqual(1e-6 + 1e-5 * Math.abs(wanted));
    return [one.unit];
  });
  const count = (unit: string): number => compared.filter((one) => one === unit).length;
  expect(count('retrieval/recall')).toBeGreaterThan(15);
  expect(count('retrieval/precision')).toBeGreaterThan(15);
  expect(count('retrieval/map')).toBeGreaterThan(2);
});
