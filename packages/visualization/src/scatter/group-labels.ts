import { nameOfLabel, type ClassNames, type Label } from '../class-names.ts';

/** The points of one class. */
export interface PointClass {
  /** How the class is called; `no label` for points without one. */
  readonly name: string;
  /** Colour and mark; undefined for points without a label. */
  readonly look: number | undefined;
  readonly rows: readonly number[];
}

/** Points by label: class ids ascending, then texts as they come, those without a label last. */
export function groupLabels(labels: ArrayLike<Label>, classNames: ClassNames | undefined): PointClass[] {
  const rowsOf = new Map<Label, number[]>();
  Array.from(labels).forEach((label, row) => {
    const rows = rowsOf.get(label);
    if (rows) rows.push(row);
    else rowsOf.set(label, [row]);
  });
  const rank = (label: Label): number => (typeof label === 'number' ? label : label === null ? Infinity : 2 ** 53);
  const order = [...rowsOf.keys()].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
  return order.map((label, place) => ({
    name: nameOfLabel(label, classNames),
    look: label === null ? undefined : place,
    rows: rowsOf.get(label)!,
  }));
}
