/** Brings a place of the map into a square from 0 to 1, y downwards. */
export type Fit = (place: readonly [number, number]) => [number, number];

/** Room left at each edge of the square. */
const EDGE = 0.07;

/** Fits all places, with room at the edges; both directions in one scale, so that distances stay what they are. */
export function fitTo(places: Float32Array): Fit {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < places.length; i += 2) {
    [left, right] = [Math.min(left, places[i]!), Math.max(right, places[i]!)];
    [bottom, top] = [Math.min(bottom, places[i + 1]!), Math.max(top, places[i + 1]!)];
  }
  const wide = Math.max(right - left, top - bottom);
  if (!(wide > 0)) return () => [0.5, 0.5]; // one place, or none
  const scale = (1 - 2 * EDGE) / wide;
  return ([x, y]) => [0.5 + (x - (left + right) / 2) * scale, 0.5 - (y - (bottom + top) / 2) * scale];
}
