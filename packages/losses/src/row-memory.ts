import {
  cast,
  concat,
  slice,
  tensor1d,
  tidy,
  variable,
  zeros,
  type Tensor1D,
  type Tensor2D,
  type Variable,
} from '@simile/core/ops';

/** Rows and their class ids. */
export interface LabelledRows {
  readonly labels: Tensor1D;
  readonly embeddings: Tensor2D;
}

/** The newest rows of the batches so far, newest first. */
export interface RowMemory {
  /** Width of the rows, where it is known. */
  dimension(): number | undefined;
  /** Makes room for rows of a width; its numbers, as variables: labels, rows, and how many rows and calls there were. */
  prepare(dimension: number): readonly Variable[];
  /** A batch and behind it what is remembered, as much as there is room for. */
  behind(batch: LabelledRows): LabelledRows;
  /** Remembers what {@link RowMemory.behind} gave, once it was called more than `warmup` times. */
  remember(rows: LabelledRows, warmup: number): void;
  forget(): void;
}

interface Held {
  readonly labels: Variable;
  readonly embeddings: Variable;
  /** `[rows, calls]` */
  readonly counts: Variable;
}

/** A memory for so many rows. Its numbers have one shape from the start, so that they can be saved and put back. */
export function rowMemory(size: number): RowMemory {
  let held: Held | undefined;
  let [rows, calls] = [0, 0];
  let known: object | undefined; // the data that `rows` and `calls` were read from

  const make = (dimension: number, dtype: 'float32' | 'int32'): Held =>
    (held ??= tidy(() => ({
      labels: variable(zeros([size], dtype), false),
      embeddings: variable(zeros([size, dimension]), false),
      counts: variable(tensor1d([0, 0]), false),
    })));
  /** Someone may have put other numbers in: a model that is loaded, or one that takes a step back. */
  const count = ({ counts }: Held): void => {
    if (counts.dataId === known) return;
    [rows, calls] = counts.dataSync<'float32'>() as unknown as [number, number];
    known = counts.dataId;
  };

  return {
    dimension: () => held?.embeddings.shape[1],
    prepare: (dimension) => Object.values(make(dimension, 'int32')) as Variable[],
    behind: (batch) => {
      const { dtype } = batch.labels;
      const here = make(batch.embeddings.shape[1], dtype === 'int32' ? 'int32' : 'float32');
      count(here);
      if (rows === 0) return batch;
      const old = Math.min(rows, size - batch.labels.shape[0]);
      if (old === 0) return batch;
      const labels = cast(slice(here.labels, 0, old), dtype);
      return {
        labels: concat([batch.labels, labels]) as Tensor1D,
        embeddings: concat([batch.embeddings, slice(here.embeddings, 0, old)]) as Tensor2D,
      };
    },
    remember: ({ labels, embeddings }, warmup) => {
      const { labels: ids, embeddings: x, counts } = held!;
      calls++;
      if (calls > warmup) {
        rows = labels.shape[0];
        ids.assign(filled(cast(labels, ids.dtype), size));
        x.assign(filled(embeddings, size));
      }
      counts.assign(tensor1d([rows, calls]));
      known = counts.dataId;
    },
    forget: () => {
      for (const each of Object.values(held ?? {}) as Variable[]) each.dispose();
      held = known = undefined;
    },
  };
}

/** The same rows, and zeros behind them. */
function filled<T extends Tensor1D | Tensor2D>(x: T, size: number): T {
  const [rows, ...width] = x.shape as [number, ...number[]];
  return (rows === size ? x : concat([x, zeros([size - rows, ...width] as [number, number], x.dtype)])) as T;
}
