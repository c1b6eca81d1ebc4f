import { checkInteger, checkNames, checkOneOf, SimileError } from '@simile/core/errors';
import { averagePrecision } from './map-at-r.ts';
import { shapeError, type ClassLabel } from './neighbor-table.ts';
import { orderOfGallery } from './order-of-gallery.ts';
import { averageOf } from './ranked-neighbors.ts';

/** A distance between two vectors; smaller is closer. `vectorDistance` of `@simile/distances/vectors` makes them. */
export type RowDistance = (query: Float32Array, row: Float32Array) => number;

/** What {@link retrieval} measures. */
export interface RetrievalOptions<L extends ClassLabel = ClassLabel> {
  /** The rows to find neighbours of: `[n × dimension]`, row-major. */
  readonly queries: Float32Array;
  /** Classes of the queries: `[n]`. */
  readonly labels: ArrayLike<L>;
  /** Values of a row. */
  readonly dimension: number;
  /** The rows to find: `[m × dimension]`, row-major. Default the queries themselves, each left out of its own ranking. */
  readonly gallery?: Float32Array;
  /** Classes of the gallery: `[m]`; needed with `gallery`. Default those of the queries. */
  readonly galleryLabels?: ArrayLike<L>;
  /** `[n]`: row of the gallery that is the query itself and is left out of its ranking; −1 for none. Default none. */
  readonly self?: ArrayLike<number>;
  /** How far apart two rows are, smaller is closer. Default cosine. */
  readonly distance?: RowDistance;
  /** Ranks for recall@k and precision@k. Default `[1]`. */
  readonly k?: readonly number[];
  /** `micro`: mean over queries; `macro`: mean over classes of their means. Default `micro`. */
  readonly average?: 'micro' | 'macro';
}

/** Figures from 0 to 1; NaN when no query counts. */
export interface RetrievalReport {
  /** Queries that count: those with at least one other row of their label in the gallery. */
  readonly queries: number;
  /** By k: share of queries with a right row among the first `k`. */
  readonly recallAtK: Readonly<Record<number, number>>;
  /** By k: mean share of the first `k` that are right. */
  readonly precisionAtK: Readonly<Record<number, number>>;
  /** Mean share of the first `R` that are right; `R`: rows of the query's label, itself left out. */
  readonly rPrecision: number;
  /** Mean average precision over the first `R`; see `mapAtR`. */
  readonly mapAtR: number;
}

/**
 * Ranks a gallery for each query and measures the ranking. Equal distances rank in gallery order. Queries whose label no
 * other row of the gallery has are left out.
 *
 * Cost: O(n·m·dimension) time; 48 bytes a row of the gallery, whatever n is.
 *
 * @throws `ERR_SHAPE` when the lists do not agree; `ERR_OPTION` for a `k` below 1 or beyond the gallery
 * @see Musgrave, Belongie & Lim, “A Metric Learning Reality Check”, ECCV 2020: https://arxiv.org/abs/2003.08505
 * @example
 * const queries = Float32Array.of(1, 0, 1, 0.1, 0, 1, 0.1, 1); // two pairs, 2-d
 * retrieval({ queries, labels: ['a', 'a', 'b', 'b'], dimension: 2 }).mapAtR; // 1
 */
export function retrieval<L extends ClassLabel>(options: RetrievalOptions<L>): RetrievalReport {
  const { queries, labels, dimension, gallery = queries, k: ks = [1], average = 'micro', distance } = options;
  const { galleryLabels = labels, self } = options;
  checkOptions(options);

  const perClass = new Map<L, number>();
  for (let row = 0; row < galleryLabels.length; row++) {
    perClass.set(galleryLabels[row]!, (perClass.get(galleryLabels[row]!) ?? 0) + 1);
  }
  const selfOf = (query: number): number => (options.gallery ? (self?.[query] ?? -1) : query);
  const relevantOf = (query: number): number => {
    const own = selfOf(query);
    const itself = own >= 0 && galleryLabels[own] === labels[query] ? 1 : 0;
    return (perClass.get(labels[query]!) ?? 0) - itself;
  };
  const counted = Array.from({ length: labels.length }, (_, query) => query).filter((query) => relevantOf(query) > 0);
  const ranksOf = (query: number): number => Math.max(relevantOf(query), ...ks);

  const hits = new Map(ks.map((k) => [k, new Float64Array(labels.length)]));
  const rights = new Float64Array(labels.length);
  const precisions = new Float64Array(labels.length);
  const rank = { queries, gallery, dimension, distance, selfOf, ranksOf };
  orderOfGallery(rank, counted, (query, order) => {
    const isRight = (at: number): boolean => galleryLabels[order[at]!] === labels[query];
    const relevant = relevantOf(query);
    precisions[query] = averagePrecision(isRight, relevant, relevant)!;
    let found = 0;
    for (let at = 0; at < order.length; at++) {
      if (isRight(at)) found++;
      if (at + 1 === relevant) rights[query] = found / relevant;
      const list = hits.get(at + 1);
      if (list) list[query] = found;
    }
  });

  const kept = counted.map((query) => labels[query]!);
  const mean = (value: (query: number) => number): number => averageOf(kept, average, (at) => value(counted[at]!));
  const byK = (value: (k: number, found: number) => number): Record<number, number> =>
    Object.fromEntries(ks.map((k) => [k, mean((query) => value(k, hits.get(k)![query]!))]));
  return {
    queries: counted.length,
    recallAtK: byK((_, found) => (found > 0 ? 1 : 0)),
    precisionAtK: byK((k, found) => found / k),
    rPrecision: mean((query) => rights[query]!),
    mapAtR: mean((query) => precisions[query]!),
  };
}

const KNOWN = ['queries', 'labels', 'dimension', 'gallery', 'galleryLabels', 'self', 'distance', 'k', 'average'];

function checkOptions(options: RetrievalOptions): void {
  const { queries, labels, dimension, gallery, galleryLabels, self, k: ks = [1], average = 'micro' } = options;
  const where = 'retrieval';
  checkNames(where, options, KNOWN);
  checkInteger(where, { dimension }, 1);
  checkOneOf(where, { average }, ['micro', 'macro']);
  const expect = (name: string, got: number | undefined, wanted: number): void => {
    if (got !== wanted) throw shapeError(where, `${name} must have ${wanted} values`, got ?? 'none');
  };
  expect('queries', queries.length, labels.length * dimension);
  if (gallery) {
    expect('galleryLabels', galleryLabels?.length, Math.floor(gallery.length / dimension));
    expect('gallery', gallery.length, galleryLabels!.length * dimension);
  }
  if (self) expect('self', self.length, labels.length);
  const rows = (gallery ?? queries).length / dimension;
  const most = gallery && !self ? rows : rows - 1;
  for (const k of ks) {
    checkInteger(where, { k }, 1);
    if (k <= most || labels.length === 0) continue;
    throw new SimileError({
      where,
      rule: `k must be at most ${most}, the rows of the gallery that a query is compared with`,
      got: k,
      remedy: 'Use a smaller k, or a larger gallery.',
      code: 'ERR_OPTION',
    });
  }
}
