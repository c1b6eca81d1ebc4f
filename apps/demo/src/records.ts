import type { Items } from '@simile/core/items';
import type { ArrayData, IndexRecord } from '@simile/index';
import type { Embedded } from './job-contract.ts';

const PIXELS = 28 * 28;

/** Images as a model takes them. */
export function imagesOf(pixels: readonly Uint8Array[]): Items<Uint8Array> {
  const data = new Uint8Array(pixels.length * PIXELS);
  pixels.forEach((each, i) => data.set(each, i * PIXELS));
  return { data, shape: [pixels.length, 28, 28, 1] };
}

/** Records with their images, in the order of the index. */
export function allRecords(index: Iterable<IndexRecord>): Embedded {
  const records = [...index];
  const dimension = records[0]?.vector.length ?? 0;
  const values = new Float32Array(records.length * dimension);
  records.forEach(({ vector }, row) => values.set(vector, row * dimension));
  const { data: pixels } = imagesOf(records.map(({ data }) => (data as ArrayData).data as Uint8Array));
  return { values, dimension, labels: records.map(({ label }) => label ?? ''), pixels };
}
