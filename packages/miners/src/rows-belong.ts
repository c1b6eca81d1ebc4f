import { checkRelation, type Relation } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import type { Random } from '@simile/core/random';

/** Labels of a whole data set: one a row, or any relation. */
export type DatasetLabels = Relation | ArrayLike<number | string>;

/** Which rows of a data set belong together. */
export interface RowsBelong {
  /** A positive pair (true), a negative one (false) or none (undefined). */
  readonly same: (i: number, j: number) => boolean | undefined;
  /** A row that belongs to row `i`, itself not among them, at random; undefined where there is none. */
  readonly mate: (i: number, random: Random) => number | undefined;
}

/** Reads labels once, without a matrix of pairs. @throws `ERR_SHAPE` */
export async function rowsBelong(where: string, labels: DatasetLabels, rows: number): Promise<RowsBelong> {
  if (isRelation(labels)) {
    checkRelation(where, labels, rows);
    if (!('kind' in labels)) return byClass(await labels.data());
    if (labels.kind === 'predicate') {
      const { values, same } = labels;
      return bySame(rows, (i, j) => same(values[i], values[j]));
    }
    const [, width] = labels.matrix.shape;
    const data = await labels.matrix.data();
    if (labels.kind === 'multi-label') {
      return bySame(rows, (i, j) => {
        for (let c = 0; c < width; c++) if (data[i * width + c] && data[j * width + c]) return true;
        return false;
      });
    }
    checkCount(where, width, rows, 'a pair matrix must have as many columns as rows');
    return bySame(rows, (i, j) => (data[i * width + j] === 1 ? true : data[i * width + j] === 0 ? false : undefined));
  }
  checkCount(where, labels.length, rows, 'labels must be one a row of embeddings');
  return byClass(labels);
}

function isRelation(labels: DatasetLabels): labels is Relation {
  return 'kind' in labels || ('shape' in labels && 'dtype' in labels);
}

function byClass(labels: ArrayLike<number | string>): RowsBelong {
  const classes = new Map<number | string, number[]>();
  const places = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const rows = classes.get(labels[i]!) ?? [];
    places[i] = rows.push(i) - 1;
    classes.set(labels[i]!, rows);
  }
  return {
    same: (i, j) => (i === j ? undefined : labels[i] === labels[j]),
    mate: (i, random) => {
      const rows = classes.get(labels[i]!)!;
      if (rows.length === 1) return undefined;
      const at = random.integer(rows.length - 1);
      return rows[at < places[i]! ? at : at + 1];
    },
  };
}

function bySame(rows: number, same: RowsBelong['same']): RowsBelong {
  const between: RowsBelong['same'] = (i, j) => (i === j ? undefined : same(i, j));
  return {
    same: between,
    mate: (i, random) => {
      const mates = Array.from({ length: rows }, (_, j) => j).filter((j) => between(i, j) === true);
      return mates.length === 0 ? undefined : mates[random.integer(mates.length)];
    },
  };
}

function checkCount(where: string, got: number, rows: number, rule: string): void {
  if (got === rows) return;
  throw new SimileError({
    where,
    rule: `${rule}, ${rows}`,
    got,
    remedy: 'Pass labels and embeddings of the same rows.',
    code: 'ERR_SHAPE',
  });
}
