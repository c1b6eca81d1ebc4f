import { checkNames, SimileError } from '@simile/core/errors';
import { calibrate, matcher as matcherNamed, type Calibration, type NeighborTable } from '@simile/metrics';
import type {
  IndexCalibrateOptions,
  Label,
  Match,
  MatchOptions,
  SearchColumns,
  VectorIndex,
  Vectors,
} from './contract.ts';

/** Columns as a table of `k` places a query, the ones that the index could not fill being padding. */
function neighborTable({ k: places, labels, distances }: SearchColumns, k: number): NeighborTable<Label> {
  if (places === k || distances.length === 0) return { neighborLabels: labels, neighborDistances: distances, k };
  const rows = distances.length / places;
  const neighborDistances = new Float64Array(rows * k).fill(Infinity);
  const neighborLabels = Array.from<Label | null>({ length: rows * k }).fill(null);
  for (let at = 0; at < distances.length; at++) {
    const to = Math.floor(at / places) * k + (at % places);
    neighborDistances[to] = distances[at]!;
    neighborLabels[to] = labels[at]!;
  }
  return { neighborLabels, neighborDistances, k };
}

/** What `VectorIndex.calibrate` finds. @throws what `calibrate` of `@simile/metrics` does */
export async function calibrateQueries(
  index: VectorIndex,
  vectors: Vectors,
  labels: ArrayLike<Label>,
  { k = 1, ...options }: IndexCalibrateOptions,
): Promise<Calibration> {
  const columns = await index.searchColumns(vectors, { k });
  return calibrate({ labels, ...neighborTable(columns, k) }, options);
}

/** The label of each query, or unknown: what `VectorIndex.match` does. @throws `ERR_STATE`, `ERR_OPTION` */
export async function matchQueries(index: VectorIndex, vectors: Vectors, options: MatchOptions): Promise<Match[]> {
  checkNames('index.match', options, ['cutpoint', 'k', 'matcher', 'filter']);
  const { calibration } = index;
  const { cutpoint = 'optimal', k = calibration?.k ?? 1, matcher = calibration?.matcher ?? 'match-nearest' } = options;
  const limit = limitOf(cutpoint, calibration);
  const { derive } = matcherNamed(matcher);
  const lists = await index.search(vectors, options.filter ? { k, filter: options.filter } : { k });
  const places = lists.flatMap((list) => Array.from({ length: k }, (_, i) => list[i]));
  const { labels, distances } = derive<Label>({
    neighborLabels: places.map((neighbor) => neighbor?.label ?? null),
    neighborDistances: places.map((neighbor) => neighbor?.distance ?? Infinity),
    k,
  });
  return lists.map((neighbors, i) => {
    const distance = distances[i]!;
    const known = labels[i] !== null && distance <= limit;
    return { label: known ? labels[i]! : null, known, distance, neighbors };
  });
}

function limitOf(cutpoint: string | number, calibration: Calibration | undefined): number {
  if (typeof cutpoint === 'number' && !Number.isNaN(cutpoint)) return cutpoint;
  if (!calibration) {
    throw new SimileError({
      where: 'index.match',
      rule: 'a named cut-point needs a calibration, and the index has none',
      remedy: 'Call calibrate with queries of known labels first, or give the cut-point as a distance.',
      code: 'ERR_STATE',
    });
  }
  if (Object.hasOwn(calibration.cutpoints, cutpoint)) return calibration.cutpoints[cutpoint]!.distance;
  throw new SimileError({
    where: 'index.match',
    rule: `cut-points of this calibration are ${Object.keys(calibration.cutpoints).join(', ')}`,
    got: cutpoint,
    remedy: 'Use one of them, or calibrate with a target of that name.',
    code: 'ERR_OPTION',
  });
}
