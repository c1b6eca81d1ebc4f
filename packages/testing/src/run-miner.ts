import type { Miner } from '@simile/core';
import { dispose } from '@simile/core/ops';
import { matrix, type Rows } from './batches.ts';
import { CheckFailure } from './check.ts';
import { tensorCount } from './on-backend.ts';
import type { TestRelation } from './relations.ts';

/** Row and column of a pair. */
export type MinedPair = readonly [row: number, column: number];

/** Rows of anchor, positive and negative. */
export type MinedTriplet = readonly [anchor: number, positive: number, negative: number];

/** What a miner keeps, as lists; in which order does not matter. */
export type Mined =
  | { readonly positive: readonly MinedPair[]; readonly negative: readonly MinedPair[] }
  | { readonly triplets: readonly MinedTriplet[] };

/** What a miner kept of a batch, sorted, and how many tensors the call made. */
export interface MinerRun {
  readonly mined: Mined;
  readonly made: number;
}

/** Runs a miner on distances; disposes of all tensors it made and of those of the relation. */
export async function runMiner(miner: Miner, distances: Rows, relation: TestRelation): Promise<MinerRun> {
  const table = matrix(distances);
  const before = tensorCount();
  const kept = relation.others ? miner(relation.labels, table, relation.others) : miner(relation.labels, table);
  const made = tensorCount() - before;
  dispose([table, ...relation.tensors]);
  if (kept.kind === 'triplets') {
    const { anchors, positives, negatives } = kept;
    const lists = [anchors, positives, negatives];
    if (!lists.every((list) => list instanceof Int32Array && list.length === anchors.length)) {
      throw new CheckFailure('triplets are not three Int32Arrays of one length');
    }
    const triplets = Array.from(anchors, (a, t): MinedTriplet => [a, positives[t]!, negatives[t]!]);
    return { mined: { triplets: sorted(triplets) }, made };
  }
  const sides: MinedPair[][] = [];
  for (const mask of [kept.positive, kept.negative]) {
    const shape = `[${mask.shape.join(', ')}]`;
    const wanted = `[${distances.length}, ${distances[0]!.length}]`;
    if (shape !== wanted) throw new CheckFailure(`a mask has shape ${shape} in place of ${wanted}`);
    const data = await mask.data();
    mask.dispose();
    if (!data.every((x) => x === 0 || x === 1)) throw new CheckFailure('a mask holds other numbers than 0 and 1');
    const width = distances[0]!.length;
    sides.push([...data.keys()].filter((at) => data[at] === 1).map((at) => [Math.floor(at / width), at % width]));
  }
  return { mined: { positive: sides[0]!, negative: sides[1]! }, made };
}

/** Lists by row, then column, then further. */
function sorted<T extends readonly number[]>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => a.map((x, k) => x - b[k]!).find((difference) => difference !== 0) ?? 0);
}

/** The same with sorted lists, as text that can be compared. */
export function textOf(mined: Mined): string {
  const print = (list: readonly (readonly number[])[]): string =>
    sorted(list)
      .map((one) => `(${one.join(', ')})`)
      .join(' ');
  return 'triplets' in mined
    ? `triplets ${print(mined.triplets) || 'none'}`
    : `positive ${print(mined.positive) || 'none'}; negative ${print(mined.negative) || 'none'}`;
}
