type Row = ArrayLike<number>;

/** Distance of a query and a row by a plain float64 loop. */
export type PlainDistance = (query: Row, row: Row) => number;

function sum(n: number, term: (j: number) => number): number {
  let total = 0;
  for (let j = 0; j < n; j++) total += term(j);
  return total;
}

function variance(n: number, at: (j: number) => number): number {
  const mean = sum(n, at) / n;
  return sum(n, (j) => (at(j) - mean) ** 2) / n;
}

const lengthOf = (row: Row): number => Math.sqrt(sum(row.length, (j) => row[j]! ** 2));
const squared: PlainDistance = (q, x) => sum(q.length, (j) => (q[j]! - x[j]!) ** 2);

/** The six distances of Simile as their definitions say, in loops that share nothing with any index. */
export const plainDistances: Readonly<Record<string, PlainDistance>> = {
  // A row no longer than 1e-12 has no direction.
  cosine: (q, x) => {
    const [a, b] = [lengthOf(q), lengthOf(x)];
    return a <= 1e-12 || b <= 1e-12 ? 1 : 1 - sum(q.length, (j) => q[j]! * x[j]!) / a / b;
  },
  euclidean: (q, x) => Math.sqrt(squared(q, x)),
  'squared-euclidean': squared,
  manhattan: (q, x) => sum(q.length, (j) => Math.abs(q[j]! - x[j]!)),
  'inner-product': (q, x) => -sum(q.length, (j) => q[j]! * x[j]!),
  snr: (q, x) =>
    variance(q.length, (j) => q[j]! - x[j]!) /
    Math.max(
      variance(q.length, (j) => q[j]!),
      1e-12,
    ),
};
