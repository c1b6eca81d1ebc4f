// The six distances as their definitions say, in float64 loops that share nothing with the code under test.

export type Metric = 'cosine' | 'euclidean' | 'squared-euclidean' | 'manhattan' | 'inner-product' | 'snr';
export const metrics: readonly Metric[] = [
  'cosine',
  'euclidean',
  'squared-euclidean',
  'manhattan',
  'inner-product',
  'snr',
];

type Row = ArrayLike<number>;
const sum = (n: number, term: (j: number) => number): number => {
  let total = 0;
  for (let j = 0; j < n; j++) total += term(j);
  return total;
};
const variance = (row: Row): number => {
  const mean = sum(row.length, (j) => row[j]!) / row.length;
  return sum(row.length, (j) => (row[j]! - mean) ** 2) / row.length;
};

export const plainDistances: Readonly<Record<Metric, (query: Row, row: Row) => number>> = {
  // A row no longer than 1e-12 has no direction.
  cosine: (q, x) => {
    const [a, b] = [q, x].map((row) => Math.sqrt(sum(row.length, (j) => row[j]! ** 2))) as [number, number];
    return a <= 1e-12 || b <= 1e-12 ? 1 : 1 - sum(q.length, (j) => q[j]! * x[j]!) / a / b;
  },
  euclidean: (q, x) => Math.hypot(...Array.from(q, (value, j) => value - x[j]!)),
  'squared-euclidean': (q, x) => sum(q.length, (j) => (q[j]! - x[j]!) ** 2),
  manhattan: (q, x) => sum(q.length, (j) => Math.abs(q[j]! - x[j]!)),
  'inner-product': (q, x) => -sum(q.length, (j) => q[j]! * x[j]!),
  snr: (q, x) => variance(Array.from(q, (value, j) => value - x[j]!)) / Math.max(variance(q), 1e-12),
};
