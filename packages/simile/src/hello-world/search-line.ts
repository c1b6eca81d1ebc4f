import type { IndexMeasurement } from '@simile/index';

/** What was measured of the index, as one line: how it searches, how well, how fast, in how much memory. */
export function searchLine({ engine, recall, k, queries, latency, bytesPerVector }: IndexMeasurement): string {
  const found = `${(recall * 100).toFixed(1)} % of the ${k} closest found over ${queries.toLocaleString('en')} queries`;
  const time = `median ${(latency.median * 1000).toFixed(0)} µs, 95 % within ${(latency.p95 * 1000).toFixed(0)} µs a query`;
  return `${engine}: ${found}, ${time}, ${Math.round(bytesPerVector)} bytes a vector`;
}
