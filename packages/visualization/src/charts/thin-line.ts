/** Groups a line of at most this many values is drawn from; more could not be told apart. */
const GROUPS = 600;

/** A line with at most the least and the greatest of each group of neighbouring values, in their order, from x = `first`. */
export function thinLine(values: ArrayLike<number>, first: number): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  const push = (place: number): void => {
    x.push(first + place);
    y.push(values[place]!);
  };
  const size = Math.max(1, Math.ceil(values.length / GROUPS));
  for (let begin = 0; begin < values.length; begin += size) {
    let [least, greatest] = [begin, begin];
    for (let i = begin; i < Math.min(begin + size, values.length); i++) {
      if (!(values[i]! >= values[least]!)) least = i; // also takes a gap: NaN is not at least anything
      if (values[i]! > values[greatest]!) greatest = i;
    }
    push(Math.min(least, greatest));
    if (least !== greatest) push(Math.max(least, greatest));
  }
  return { x, y };
}
