import { meanOfValid, type CostSource, type Loss, type Reducer, type Relation } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { describeBatch, type TestBatch } from './batches.ts';
import { expectThat } from './compare.ts';
import type { CheckBody } from './on-backend.ts';
import { relationOf, type RelationKind } from './relations.ts';
import { lossValue } from './run-loss.ts';

/** What a reducer was given. */
interface Given {
  readonly costs: number;
  readonly valid: number;
  readonly source: CostSource | undefined;
}

/** A loss that takes the option `reduce` tells the reducer of whom each cost is; one that does not passes. */
export function reducerCheck<Options extends object>(
  make: (options?: Options) => Loss,
  options: Options,
  batches: readonly TestBatch[],
  kind: RelationKind,
): CheckBody {
  return [
    'tells its reducer whose each cost is',
    async () => {
      let given: Given[] = [];
      const reduce: Reducer = (costs, valid, source) => {
        given.push({ costs: costs.size, valid: valid.size, source });
        return meanOfValid(costs, valid);
      };
      const loss = withReducer(make, { ...options, reduce });
      if (!loss) return;
      for (const batch of batches) {
        const relation = relationOf(batch, kind);
        const rowsOf = new Map<Relation | undefined, number | undefined>([
          [relation.labels, batch.rows.length],
          [relation.others, batch.reference?.rows.length],
        ]);
        given = [];
        await lossValue(loss, batch, relation);
        for (const each of given) expectThat(isTold(each, rowsOf), says(each), () => describeBatch(batch));
      }
      loss.dispose?.();
    },
  ];
}

function withReducer<Options>(make: (options?: Options) => Loss, options: Options): Loss | undefined {
  try {
    return make(options);
  } catch (error) {
    if (SimileError.is(error) && error.code === 'ERR_OPTION') return undefined;
    throw error;
  }
}

function isTold(
  { costs, valid, source }: Given,
  rowsOf: ReadonlyMap<Relation | undefined, number | undefined>,
): boolean {
  if (costs !== valid) return false;
  if (!source) return true;
  const { labels, rows, anchors } = source;
  if (rowsOf.has(labels) && rowsOf.get(labels) !== rows) return false;
  return anchors ? anchors.length === costs && anchors.every((row) => row >= 0 && row < rows) : costs % rows === 0;
}

function says({ costs, valid, source }: Given): string {
  const { rows, anchors } = source ?? {};
  const of = anchors ? `, anchors of ${anchors.length} up to ${Math.max(...anchors)}` : '';
  return `the reducer is given ${costs} costs, ${valid} of valid, and ${rows} rows${of}`;
}
