import { checkNames, checkOneOf, SimileError } from '@simile/core/errors';
import type { Id, Label, MergeOptions, RecordData, VectorIndex } from '../contract.ts';
import type { Rows } from './read-vectors.ts';

/** Every record of an index, as it is now. */
export interface MergeRows {
  readonly rows: Rows;
  readonly ids: Id[];
  readonly labels: (Label | null)[];
  readonly data: (RecordData | undefined)[];
}

/** Copies what `VectorIndex.merge` will add. @throws `ERR_OPTION` for an index of another metric; `ERR_SHAPE` of another dimension */
export function readMergeRows(
  { metric, dimension }: Pick<VectorIndex, 'metric' | 'dimension'>,
  other: VectorIndex,
  options: MergeOptions,
): MergeRows {
  const where = 'index.merge';
  const { onConflict = 'error' } = options;
  checkNames(where, options, ['onConflict', 'signal', 'onProgress']);
  checkOneOf(where, { onConflict }, ['error', 'keep', 'replace', 'new-id']);
  const refuse = (name: string, ours: unknown, theirs: unknown, code: 'ERR_OPTION' | 'ERR_SHAPE'): SimileError =>
    new SimileError({
      where,
      rule: `the other index must have ${name} ${String(ours)}, as this one has`,
      got: theirs,
      remedy: 'Embed its records with the model of this index.',
      code,
    });
  if (other.metric !== metric) throw refuse('metric', metric, other.metric, 'ERR_OPTION');
  const width = other.dimension ?? dimension ?? 0;
  if (dimension !== undefined && width !== dimension) throw refuse('dimension', dimension, width, 'ERR_SHAPE');
  const ids: Id[] = [];
  const labels: (Label | null)[] = [];
  const data: (RecordData | undefined)[] = [];
  const vectors = new Float32Array(other.size * width);
  for (const record of other) {
    vectors.set(record.vector, ids.length * width);
    ids.push(record.id);
    labels.push(record.label);
    data.push(record.data);
  }
  return { rows: { data: vectors, count: ids.length, dimension: width }, ids, labels, data };
}

/** Settles ids that are in use, by what was asked for; ids of others stay. Without the records that are passed over. */
export function settleConflicts(
  all: MergeRows,
  has: (id: Id) => boolean,
  nextId: number,
  onConflict: MergeOptions['onConflict'],
): MergeRows {
  if (onConflict === 'new-id') {
    const theirs = all.ids.filter((id) => typeof id === 'number');
    let next = theirs.reduce((most, id) => Math.max(most, id + 1), nextId);
    return { ...all, ids: all.ids.map((id) => (has(id) ? next++ : id)) };
  }
  if (onConflict !== 'keep' || !all.ids.some(has)) return all;
  const kept = all.ids.map((_, i) => i).filter((i) => !has(all.ids[i]!));
  const { dimension } = all.rows;
  const data = new Float32Array(kept.length * dimension);
  kept.forEach((from, to) =>
    data.set(all.rows.data.subarray(from * dimension, (from + 1) * dimension), to * dimension),
  );
  const pick = <T>(list: readonly T[]): T[] => kept.map((i) => list[i]!);
  return {
    rows: { data, count: kept.length, dimension },
    ids: pick(all.ids),
    labels: pick(all.labels),
    data: pick(all.data),
  };
}
