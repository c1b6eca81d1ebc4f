import type { CodedRows } from './code-rows.ts';
import type { IvfStore } from './ivf-store.ts';

/** Fewer rows are not worth partitions: every one is looked at. */
export const LEAST_ROWS = 1024;
/** Rows to those of the training, from which on it is done again. */
const GROWTH = 2.5;
/** Error of rows coded since the training to that of its own, and crowding of lists to that after it, likewise. */
const DRIFT = 1.5;
const CROWDING = 2;
/** Rows that have come since must be so many, as a share of all, before they count. */
const NOTICED = 0.1;

/** How well the model fitted the rows that it was trained for, and those that came since. */
export interface Fit {
  readonly rows: number;
  /** Mean of |error|² of their codes. */
  readonly error: number;
  /** Σ count² over lists · lists / rows², 1 when all are alike. */
  readonly crowding: number;
  since: { rows: number; error: number };
}

/** Whether so many rows want a model other than the one there is, before it is known how well they fit it. */
export function wantsTraining({ trained, options }: IvfStore, rows: number): boolean {
  if (!trained) return rows >= LEAST_ROWS;
  return rows > trained.fit.rows * GROWTH && options.partitions === undefined;
}

/** Whether rows that came since the training, these ones too, fit the model markedly worse than those it was trained for. */
export function hasDrifted(store: IvfStore, coded: CodedRows): boolean {
  const { fit, lists } = store.trained!;
  const rows = fit.since.rows + coded.lists.length;
  const all = store.rows.size + coded.lists.length;
  if (rows < Math.max(LEAST_ROWS, all * NOTICED)) return false;
  const error = (fit.since.error * fit.since.rows + coded.error * coded.lists.length) / rows;
  if (error > fit.error * DRIFT + 1e-9) return true;
  let squares = lists.squares;
  const counts = lists.counts();
  for (const list of coded.lists) squares += 2 * counts[list]!++ + 1;
  return (squares * lists.partitions) / all ** 2 > fit.crowding * CROWDING;
}

/** Counts rows that came since the training. */
export function noteRows({ since }: Fit, coded: CodedRows): void {
  const rows = coded.lists.length;
  since.error = (since.error * since.rows + coded.error * rows) / (since.rows + rows);
  since.rows += rows;
}
