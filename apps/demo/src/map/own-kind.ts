import type { Rows } from './plane.ts';

/** Labels of records: digits, or names of classes that were taught. */
export type Label = number | string;

/**
 * Of each label, the share of its rows whose nearest other row has the same label, from 0 to 1; labels in the order they
 * come first. What a map of two dimensions cannot show, this counts in all of them. O(n²·d).
 */
export function ownKind({ values, dimension }: Rows, labels: readonly Label[]): Map<Label, number> {
  const [right, all] = [new Map<Label, number>(), new Map<Label, number>()];
  labels.forEach((label, row) => {
    let [nearest, least] = [-1, Infinity];
    for (let other = 0; other < labels.length; other++) {
      if (other === row) continue;
      let distance = 0;
      for (let i = 0; i < dimension; i++)
        distance += (values[row * dimension + i]! - values[other * dimension + i]!) ** 2;
      if (distance < least) [nearest, least] = [other, distance];
    }
    all.set(label, (all.get(label) ?? 0) + 1);
    right.set(label, (right.get(label) ?? 0) + (labels[nearest] === label ? 1 : 0));
  });
  return new Map([...all].map(([label, count]) => [label, right.get(label)! / count]));
}
