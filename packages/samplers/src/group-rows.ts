/** Rows of each label, ascending, at most `most` of each. */
export function groupRows(labels: Int32Array, most: number): Map<number, Int32Array> {
  const lists = new Map<number, number[]>();
  for (const [row, label] of labels.entries()) {
    const list = lists.get(label) ?? [];
    if (list.length === 0) lists.set(label, list);
    if (list.length < most) list.push(row);
  }
  return new Map(Array.from(lists, ([label, list]) => [label, Int32Array.from(list)]));
}
