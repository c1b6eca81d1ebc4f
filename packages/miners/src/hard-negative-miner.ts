import type { Triplets } from '@simile/core';
import { checkAborted, checkInteger, checkNames, SimileError } from '@simile/core/errors';
import { checkItems, takeItems, type Items } from '@simile/core/items';
import { createRandom } from '@simile/core/random';
import { tripletsOf } from './keep-triplets.ts';
import { rowsBelong, type DatasetLabels, type RowsBelong } from './rows-belong.ts';

const id = 'hard-negative-miner';

/** Queries of one search, so that a data set's results do not have to fit into memory at once. */
const QUERIES = 1024;

/** What the miner needs of an index; that of `createIndex` of `@simile/index` has it, and so has a database's behind these three. */
export interface NeighborSearch {
  /** Records held. */
  readonly size: number;
  /** Adds rows under ids. */
  add(vectors: Items<Float32Array>, options: { readonly ids: readonly number[] }): Promise<unknown>;
  /** The `k` nearest records of each query, closest first. */
  search(
    vectors: Items<Float32Array>,
    options: { readonly k: number },
  ): Promise<readonly (readonly { readonly id: number | string }[])[]>;
}

/** Options of {@link hardNegativeMiner}. */
export interface HardNegativeMinerOptions {
  /** An empty index, to which the embeddings are added under their row numbers. They stay there. */
  index: NeighborSearch;
  /** Negatives of an anchor, nearest first; 1 or more. Default 1. */
  negatives?: number;
  /** Nearest negatives to pass over, which may be mislabelled or duplicates; 0 or more. Default 0. */
  skip?: number;
  /** Neighbours to look at first; doubled for the anchors that have not found enough. 1 or more. Default 32. */
  k?: number;
  /** Seed of the draw of positives: a whole number, 0 or more. Default 0. */
  seed?: number;
  /** Cancels between searches. Default none. */
  signal?: AbortSignal;
}

/**
 * Hard negatives of a whole data set: for each row its nearest rows of other classes, found with an index, and beside each a row of
 * its own class at random. For training between epochs on what the model confuses now.
 *
 * $$ n_1, n_2, \dots = \operatorname{sort}_{j \notin C_a}\, d_{aj}, \quad p \sim U(C_a \setminus \{a\}) $$
 *
 * C is the class of the anchor. A row without a class-mate, or without a row of another class, is no anchor. The order is that of anchors, negatives by distance.
 * The distance is that of the index; with an approximate index, so is the result.
 *
 * | input      | shape    | type                 | unit                                                      |
 * | ---------- | -------- | -------------------- | --------------------------------------------------------- |
 * | embeddings | `[n, d]` | items of float32     | that of the index                                         |
 * | labels     | `[n]`    | list, or any relation| numbers or strings                                        |
 * | result     |          | int32                | triplets of rows of the data set, `negatives` an anchor   |
 *
 * Cost: n searches of `k` neighbours, more where whole neighbourhoods are of one class; memory of the index and of 1,024 results.
 *
 * @throws `ERR_OPTION` for an option out of its range; the miner rejects with `ERR_SHAPE` for labels that do not fit, `ERR_STATE` for an
 *   index that is not empty, and `ERR_ABORTED`.
 * @see Schroff, Kalenichenko & Philbin, “FaceNet”, CVPR 2015, section 3.2 (offline generation): https://arxiv.org/abs/1503.03832;
 *   with an index: Xiong et al., “Approximate Nearest Neighbor Negative Contrastive Learning for Dense Text Retrieval”, ICLR 2021:
 *   https://arxiv.org/abs/2007.00808
 * @example
 * const mine = hardNegativeMiner({ index: createIndex({ metric: 'euclidean' }) });
 * await mine({ data: Float32Array.of(0, 1, 3, 9), shape: [4, 1] }, ['a', 'a', 'b', 'b']);
 * // (0, 1, 2), (1, 0, 2), (2, 3, 1), (3, 2, 1)
 */
export function hardNegativeMiner(
  options: HardNegativeMinerOptions,
): (embeddings: Items<Float32Array>, labels: DatasetLabels) => Promise<Triplets> {
  const { index, negatives = 1, skip = 0, k = 32, seed = 0, signal } = options;
  checkNames(id, options, ['index', 'negatives', 'skip', 'k', 'seed', 'signal']);
  checkInteger(id, { negatives, k }, 1);
  checkInteger(id, { skip, seed }, 0);
  checkIndex(index);
  return async (embeddings, labels) => {
    checkItems(id, embeddings);
    const [rows = 0] = embeddings.shape;
    const relation = await rowsBelong(id, labels, rows);
    checkEmpty(index);
    await index.add(embeddings, { ids: Array.from({ length: rows }, (_, i) => i) });

    const found = new Map<number, readonly number[]>();
    const wanted = skip + negatives;
    let open = Array.from({ length: rows }, (_, i) => i);
    for (let reach = Math.min(rows, Math.max(k, wanted + 1)); open.length > 0; reach = Math.min(rows, 2 * reach)) {
      const short: number[] = [];
      for (let begin = 0; begin < open.length; begin += QUERIES) {
        checkAborted(id, signal);
        const anchors = open.slice(begin, begin + QUERIES);
        const neighbors = await index.search(takeItems(embeddings, anchors), { k: reach });
        anchors.forEach((anchor, q) => {
          const others = neighbors[q]!.map((one) => Number(one.id)).filter((j) => relation.same(anchor, j) === false);
          if (others.length < wanted && reach < rows) short.push(anchor);
          else found.set(anchor, others.slice(skip, wanted));
        });
      }
      open = short;
    }
    return withPositives(found, relation, seed);
  };
}

function withPositives(found: ReadonlyMap<number, readonly number[]>, { mate }: RowsBelong, seed: number): Triplets {
  const random = createRandom(seed);
  const anchors = [...found.keys()].sort((a, b) => a - b);
  return tripletsOf(
    anchors.flatMap((anchor) =>
      found.get(anchor)!.flatMap((negative): [number, number, number][] => {
        const positive = mate(anchor, random);
        return positive === undefined ? [] : [[anchor, positive, negative]];
      }),
    ),
  );
}

function checkIndex(index: unknown): void {
  const { add, search } = (index ?? {}) as Partial<NeighborSearch>;
  if (typeof add === 'function' && typeof search === 'function') return;
  throw new SimileError({
    where: id,
    rule: 'index must be an index, with add and search',
    got: index,
    remedy: 'Pass createIndex() of @simile/index.',
    code: 'ERR_OPTION',
  });
}

function checkEmpty({ size }: NeighborSearch): void {
  if (size === 0) return;
  throw new SimileError({
    where: id,
    rule: 'the index must be empty, for the rows are added under their numbers',
    got: `${size} records`,
    remedy: 'Make a new index, or clear() this one.',
    code: 'ERR_STATE',
  });
}
