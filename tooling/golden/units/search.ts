import { vectorDistance, type DistanceName } from '@simile/distances/vectors';
import { createIndex } from '@simile/index';
import { inputOf, labelsOf, numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { hasUnitRows } from './tensor-inputs.ts';

const METRICS: Readonly<Record<string, DistanceName>> = {
  cosine: 'cosine',
  euclidean: 'euclidean',
  squared_euclidean: 'squared-euclidean',
  manhattan: 'manhattan',
  inner_product: 'inner-product',
  snr: 'snr',
};

/**
 * `search/*`: ids and distances of the k nearest, rows as given. Where theirs normalises rows for a metric that is not cosine
 * and no repaired numbers are recorded, the rows are normalised before they are added: what a user does who wants that.
 */
export async function search(golden: GoldenCase): Promise<Outcome> {
  const metric = METRICS[golden.unit.split('/')[1]!];
  if (!metric) throw new NotCovered(golden.unit);
  const { k, normalize = false } = golden.options as { k: number; normalize?: boolean };
  const { shape, data } = inputOf(golden, 'vectors');
  const queries = inputOf(golden, 'queries');
  const dimension = shape[1]!;
  const fixed = golden.expectedFixed && 'distances' in golden.expectedFixed;
  const before = (rows: Float32Array): Float32Array => (normalize && !fixed ? normalised(rows, dimension) : rows);
  const [vectors, asked] = [before(data), before(queries.data)];
  if (metric === 'cosine' && !normalize && !fixed && !(hasUnitRows({ shape, data }) && hasUnitRows(queries))) {
    throw new NotCovered('a cosine that does not normalise, on rows of other lengths than 1');
  }
  const ids = labelsOf(golden, 'ids');
  const index = createIndex({ dimension, metric });
  await index.add(vectors, { ids });
  const found = await index.search(asked, { k });
  // Inner products are recorded as similarities, distances of ours are their negatives.
  const sign = metric === 'inner-product' ? -1 : 1;
  const distances = found.map((row) => row.map(({ distance }) => sign * distance));
  return { got: { ids: found.map((row) => row.map(({ id }) => id)), distances }, wanted: { ids: idsUpToTies() } };

  /** Recorded ids, or ours where they are as near as the recorded ones: a tie that rounding may order either way. */
  function idsUpToTies(): number[] {
    const { expected, expectedFixed = {} } = golden;
    const wantedIds = numbersOf(expectedFixed['ids'] ?? expected['ids']);
    const wantedDistances = numbersOf(expectedFixed['distances'] ?? expected['distances']);
    const { rel, abs } = golden.tolerance;
    const distance = vectorDistance(metric!);
    const width = found[0]?.length ?? 0;
    return wantedIds.map((id, at) => {
      const [query, rank] = [Math.floor(at / width), at % width];
      const ours = found[query]?.[rank]?.id as number | undefined;
      if (ours === undefined || ours === id) return id;
      const row = ids.indexOf(ours);
      const actual =
        sign *
        distance(
          asked.subarray(query * dimension, (query + 1) * dimension),
          vectors.subarray(row * dimension, (row + 1) * dimension),
        );
      return Math.abs(actual - wantedDistances[at]!) <= abs + rel * Math.abs(wantedDistances[at]!) ? ours : id;
    });
  }
}

function normalised(rows: Float32Array, dimension: number): Float32Array {
  const result = Float32Array.from(rows);
  for (let begin = 0; begin < rows.length; begin += dimension) {
    const row = result.subarray(begin, begin + dimension);
    const length = Math.hypot(...row);
    if (length > 1e-6) row.forEach((x, i) => (row[i] = x / length));
  }
  return result;
}
