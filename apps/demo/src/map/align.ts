/** A rotation or reflection of the plane: `(x, y) → (a·x + b·y, c·x + d·y)`. */
export type Turn = readonly [a: number, b: number, c: number, d: number];

/**
 * The turn or mirroring that brings `places` closest to `reference`, both `[n × 2]` about their own middles: orthogonal
 * Procrustes in the plane. Axes of a map have no meaning of their own, so they may turn until points stay where the eye
 * has them.
 */
export function closestTurn(places: Float32Array, reference: Float32Array): Turn {
  const shared = Math.min(places.length, reference.length);
  const [p, q] = [middleOf(places, shared), middleOf(reference, shared)];
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (let i = 0; i < shared; i += 2) {
    const [px, py] = [places[i]! - p[0], places[i + 1]! - p[1]];
    const [qx, qy] = [reference[i]! - q[0], reference[i + 1]! - q[1]];
    [xx, xy, yx, yy] = [xx + px * qx, xy + px * qy, yx + py * qx, yy + py * qy];
  }
  // How well the best rotation, and the best mirroring, agree with the reference.
  const [turned, mirrored] = [Math.hypot(xx + yy, xy - yx), Math.hypot(xx - yy, xy + yx)];
  if (turned === 0 && mirrored === 0) return [1, 0, 0, 1];
  if (turned >= mirrored) {
    const [cos, sin] = [(xx + yy) / turned, (xy - yx) / turned];
    return [cos, -sin, sin, cos];
  }
  const [cos, sin] = [(xx - yy) / mirrored, (xy + yx) / mirrored];
  return [cos, sin, sin, -cos];
}

/** Places, turned. */
export function turn([a, b, c, d]: Turn, places: Float32Array): Float32Array {
  const turned = new Float32Array(places.length);
  for (let i = 0; i < places.length; i += 2) {
    turned[i] = a * places[i]! + b * places[i + 1]!;
    turned[i + 1] = c * places[i]! + d * places[i + 1]!;
  }
  return turned;
}

/** Mean of the first `length / 2` places. */
function middleOf(places: Float32Array, length: number): [number, number] {
  let [x, y] = [0, 0];
  for (let i = 0; i < length; i += 2) [x, y] = [x + places[i]!, y + places[i + 1]!];
  return length === 0 ? [0, 0] : [(2 * x) / length, (2 * y) / length];
}
