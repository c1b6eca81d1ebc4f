import type { Miner, Pairs } from '@simile/core';
import { createRandom } from '@simile/core/random';
import { dispose, grad, mul, scalar, sum, tensor1d, type Tensor, type Tensor2D } from '@simile/core/ops';
import {
  degenerateBatches,
  describeBatch,
  matrix,
  ordinaryBatches,
  referenceBatches,
  type TestBatch,
} from './batches.ts';
import { expectThat } from './compare.ts';
import type { MinerOracleInput, MinerTest } from './miner-checks.ts';
import { tensorCount, type CheckBody } from './on-backend.ts';
import { relationKinds, relationOf, type RelationKind } from './relations.ts';
import { runMiner, textOf, type Mined } from './run-miner.ts';

type Body = (batch: TestBatch) => Promise<void>;

/** Names and bodies of the checks that need the oracle or none at all, for one set of options. */
export function minerProperties<Options extends object>(
  make: (options: Options) => Miner,
  test: MinerTest<Options>,
  options: Options,
): CheckBody[] {
  const { oracle, holds, relations = relationKinds, reference = true } = test;
  const { distance = (a, b) => Math.hypot(...a.map((x, k) => x - b[k]!)) } = test;
  const tableOf = ({ rows, reference: others }: TestBatch): number[][] =>
    rows.map((row) => (others?.rows ?? rows).map((column) => Math.fround(distance(row, column))));
  const kept = async (batch: TestBatch, kind: RelationKind, miner = make(options)) => {
    const relation = relationOf(batch, kind);
    const input: MinerOracleInput = { distances: tableOf(batch), same: relation.same };
    return { input, ...(await runMiner(miner, input.distances, relation)) };
  };
  const agrees =
    (kinds: readonly RelationKind[]): Body =>
    async (batch) => {
      for (const kind of kinds) {
        const { input, mined } = await kept(batch, kind);
        const where = (): string => `labels as ${kind}; ${describeBatch(batch)}`;
        if (oracle) {
          const wanted = textOf(oracle(input, options));
          expectThat(textOf(mined) === wanted, `it kept ${textOf(mined)} in place of ${wanted}`, where);
        }
        const wrong = notAllowed(mined, input) ?? holds?.(mined, input, options);
        expectThat(wrong === undefined, `of what it kept, ${wrong}`, where);
      }
    };
  const unmoved: Body = async (batch) => {
    const order = createRandom(5).shuffle(batch.rows.map((_, i) => i));
    const moved = { ...batch, labels: order.map((i) => batch.labels[i]!), rows: order.map((i) => batch.rows[i]!) };
    const before = textOf((await kept(batch, 'class-ids')).mined);
    const columns = batch.reference ? undefined : order;
    const after = textOf(renamed((await kept(moved, 'class-ids')).mined, order, columns));
    expectThat(after === before, `in another order it kept ${after} in place of ${before}`, () => describeBatch(batch));
  };
  const repeats: Body = async (batch) => {
    const two = [make(options), make(options)] as const;
    for (let call = 0; call < 3; call++) {
      const [a, b] = [await kept(batch, 'class-ids', two[0]), await kept(batch, 'class-ids', two[1])];
      const what = `call ${call + 1} of two alike kept ${textOf(a.mined)} and ${textOf(b.mined)}`;
      expectThat(textOf(a.mined) === textOf(b.mined), what, () => describeBatch(batch));
    }
  };
  const leavesNothing: Body = async (batch) => {
    const before = tensorCount();
    const { made, mined } = await kept(batch, 'class-ids');
    const own = 'triplets' in mined ? 0 : 2;
    expectThat(made === own, `a call made ${made} tensors in place of its ${own}`, () => describeBatch(batch));
    const left = tensorCount() - before;
    expectThat(left === 0, `${left} tensors were left`, () => describeBatch(batch));
  };
  const ordinary = ordinaryBatches();
  const compared = reference ? referenceBatches() : [];
  const all = (batches: readonly TestBatch[], body: Body) => async () => {
    for (const batch of batches) await body(batch);
  };
  const what = oracle ? 'keeps what the oracle says' : 'keeps what it may';
  return [
    [what, all([...ordinary, ...compared], agrees(relations.slice(0, 1)))],
    ['takes every form of labels', all([...ordinary.slice(0, 2), ...compared.slice(0, 1)], agrees(relations))],
    ...(oracle ? [['does not depend on the order of rows', all([...ordinary, ...compared], unmoved)] as const] : []),
    ['keeps the same from the same options', all(ordinary.slice(0, 2), repeats)],
    ['leaves no tensor behind', all([ordinary[0]!, ...compared.slice(0, 1)], leavesNothing)],
    [
      'is outside the gradient',
      all(
        ordinary.slice(0, 1),
        outsideTheTape(() => make(options), tableOf),
      ),
    ],
    ...degenerateBatches().map((batch): CheckBody => [`${what}: ${batch.name}`, all([batch], agrees(['class-ids']))]),
  ];
}

/** What was kept though the labels do not allow it; undefined where all is well. */
function notAllowed(mined: Mined, { distances, same }: MinerOracleInput): string | undefined {
  const [n, m] = [distances.length, distances[0]!.length];
  const inside = (i: number, j: number): boolean => i >= 0 && i < n && j >= 0 && j < m;
  if ('triplets' in mined) {
    const wrong = mined.triplets.find(
      ([a, p, k]) => !inside(a, p) || !inside(a, k) || same(a, p) !== true || same(a, k) !== false,
    );
    return wrong && `(${wrong.join(', ')}) is no triplet of anchor, positive and negative`;
  }
  const wrongPositive = mined.positive.find(([i, j]) => same(i, j) !== true);
  if (wrongPositive) return `(${wrongPositive.join(', ')}) is no positive pair`;
  const wrongNegative = mined.negative.find(([i, j]) => same(i, j) !== false);
  return wrongNegative && `(${wrongNegative.join(', ')}) is no negative pair`;
}

/** Rows (and columns, where they are the batch's own) under the names they had before they were moved. */
function renamed(mined: Mined, rows: readonly number[], columns: readonly number[] | undefined): Mined {
  const column = (j: number): number => (columns ? columns[j]! : j);
  if ('triplets' in mined) {
    return { triplets: mined.triplets.map(([a, p, k]) => [rows[a]!, column(p), column(k)] as const) };
  }
  const move = (pairs: readonly (readonly [number, number])[]): [number, number][] =>
    pairs.map(([i, j]) => [rows[i]!, column(j)]);
  return { positive: move(mined.positive), negative: move(mined.negative) };
}

/** What it keeps is a constant: the gradient of a sum of the distances, weighted by masks where there are some, is the weight. */
function outsideTheTape(make: () => Miner, tableOf: (batch: TestBatch) => number[][]): Body {
  return async (batch) => {
    const labels = tensor1d([...batch.labels], 'int32');
    const distances = matrix(tableOf(batch));
    const miner = make();
    let masks: Pairs | undefined;
    const slopes = grad((d: Tensor) => {
      const kept = miner(labels, d as Tensor2D);
      masks = kept.kind === 'pairs' ? kept : undefined;
      return sum(mul(d, masks ? masks.positive : scalar(1)));
    })(distances);
    const again = masks && make()(labels, distances);
    const wanted = again?.kind === 'pairs' ? await again.positive.data() : undefined;
    const got = await slopes.data();
    dispose([labels, distances, slopes]);
    if (again?.kind === 'pairs') dispose([again.positive, again.negative]);
    expectThat(
      got.every((x, at) => x === (wanted ? wanted[at] : 1)),
      'the gradient of the weighted sum of distances is not the weights',
      () => describeBatch(batch),
    );
  };
}
