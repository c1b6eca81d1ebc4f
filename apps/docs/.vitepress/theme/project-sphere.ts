/** How far the sphere leans towards the eye, in radians. */
export const TILT = 0.35;

/** A point of the sphere as it is drawn. */
export interface Dot {
  /** Number of the point. */
  readonly at: number;
  /** Place in the picture, −1 to 1 both ways, y downwards. */
  readonly x: number;
  readonly y: number;
  /** Nearness to the eye, −1 at the far side to 1. */
  readonly depth: number;
}

/**
 * Points of the unit sphere seen from far away, the farthest first. Between two frames points lie between their places, pushed back onto the sphere.
 *
 * @param frames x, y, z of each point in hundredths, by frame.
 * @param time Frame, with a fraction between two.
 * @param turn Radians that the sphere is turned about its vertical axis.
 */
export function projectSphere(frames: readonly (readonly number[])[], time: number, turn: number): Dot[] {
  const last = frames.length - 1;
  const before = Math.min(Math.max(Math.floor(time), 0), last);
  const from = frames[before]!;
  const to = frames[Math.min(before + 1, last)]!;
  const share = Math.min(Math.max(time - before, 0), 1);
  const dots = Array.from({ length: from.length / 3 }, (_, at) => {
    const [x, y, z] = onSphere(
      [0, 1, 2].map((axis) => from[3 * at + axis]! * (1 - share) + to[3 * at + axis]! * share),
    );
    const [turnedX, turnedZ] = [x * Math.cos(turn) + z * Math.sin(turn), z * Math.cos(turn) - x * Math.sin(turn)];
    const [tiltedY, depth] = [
      y * Math.cos(TILT) - turnedZ * Math.sin(TILT),
      turnedZ * Math.cos(TILT) + y * Math.sin(TILT),
    ];
    return { at, x: turnedX, y: -tiltedY, depth };
  });
  return dots.sort((a, b) => a.depth - b.depth);
}

function onSphere(point: readonly number[]): [x: number, y: number, z: number] {
  const [x = 0, y = 0, z = 0] = point;
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}
