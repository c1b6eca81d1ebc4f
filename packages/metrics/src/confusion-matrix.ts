import { shapeError, type ClassLabel } from './neighbor-table.ts';

/** Counts of true against predicted class, with a last column for queries that were not recognised. */
export interface ConfusionMatrix<L extends ClassLabel = ClassLabel> {
  /** Classes of the rows, and of all columns but the last; numbers ascending, then texts in code-point order. */
  readonly classes: readonly L[];
  /** `counts[i][j]`: queries of class `i` taken for class `j`; `counts[i][classes.length]`: taken for none. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts which classes are taken for which.
 *
 * @param labels `[n]`, the true classes
 * @param predicted `[n]`; null for a query that was not recognised
 * @param classes Rows and columns, in that order. Default every class in `labels` and `predicted`, sorted.
 * @throws `ERR_SHAPE` when the lists do not agree, or a class is not in `classes`
 * @example
 * confusionMatrix(['a', 'a', 'b'], ['a', null, 'a']); // classes ['a', 'b'], counts [[1, 0, 1], [1, 0, 0]]
 */
export function confusionMatrix<L extends ClassLabel>(
  labels: ArrayLike<L>,
  predicted: ArrayLike<L | null>,
  classes: readonly L[] = sorted(labels, predicted),
): ConfusionMatrix<L> {
  if (labels.length !== predicted.length) {
    throw shapeError('confusion-matrix', `predicted must have ${labels.length} values, one a label`, predicted.length);
  }
  const place = new Map(classes.map((label, i) => [label, i]));
  const placeOf = (label: L): number => {
    const at = place.get(label);
    if (at === undefined) throw shapeError('confusion-matrix', 'every class must be in classes', label);
    return at;
  };
  const counts = classes.map(() => Array.from({ length: classes.length + 1 }, () => 0));
  for (let i = 0; i < labels.length; i++) {
    const guess = predicted[i]!;
    counts[placeOf(labels[i]!)]![guess === null ? classes.length : placeOf(guess)]!++;
  }
  return { classes, counts };
}

function sorted<L extends ClassLabel>(labels: ArrayLike<L>, predicted: ArrayLike<L | null>): L[] {
  const all = new Set([...Array.from(labels), ...Array.from(predicted).filter((label) => label !== null)]);
  const order = (a: L, b: L): number => {
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
    return a < b ? -1 : 1;
  };
  return [...all].toSorted(order);
}
