/** A distance to three digits that count: of a young model, distances are small. */
export function distanceText(distance: number): string {
  return distance.toPrecision(3);
}
