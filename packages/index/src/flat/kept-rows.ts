/** Beyond this many places heaps are no gain over looking at every row in float64. */
const MOST_PLACES = 200_000;

/**
 * Places of a query's heap: some more than the rows asked for, so that near ties seldom call for a second look. Undefined where that would
 * keep all rows, or nearly, and so choose nothing.
 */
export function heapPlaces(places: number, within: number, spare: number): number | undefined {
  const kept = places + spare;
  return kept >= within || kept > MOST_PLACES ? undefined : kept;
}

/**
 * The rows of a heap that can be among the `places` closest, or the score to collect up to where others can be too.
 *
 * @param error Bound on how far a score near another is from the true one
 */
export function certainRows(
  scores: Float32Array | Float64Array,
  slots: Uint32Array,
  places: number,
  error: (score: number) => number,
): number[] | number {
  const worst = scores[0]!; // Infinity unless the heap is full
  const last = scores.toSorted()[places - 1]!;
  const limit = last + 2 * error(last);
  if (worst <= limit) return limit;
  const found: number[] = [];
  for (let i = 0; i < slots.length; i++) if (scores[i]! <= limit && scores[i]! < Infinity) found.push(slots[i]!);
  return found;
}
