import { createRandom } from '@simile/core/random';
import { dimensionOf, type LabState, type Space } from './state.ts';

/** Rows of the lab, one a point: `[x, y]` or `[x, y, z]`. Row `k · classes + c` is point k of class c. */
export type Rows = number[][];

/** Where the points begin: classes in rough heaps that overlap, seeded; or where a person put them. */
export function makePoints({ space, classes, perClass, seed, points }: LabState): Rows {
  const dimension = dimensionOf(space);
  const count = classes * perClass;
  if (points) return Array.from({ length: count }, (_, i) => points.slice(i * dimension, (i + 1) * dimension));
  const random = createRandom(seed);
  const centers = Array.from({ length: classes }, () =>
    Array.from({ length: dimension }, () => random.normal(0, space === 'plane' ? 0.35 : 0.7)),
  );
  return Array.from({ length: count }, (_, i) =>
    onto(
      space,
      centers[i % classes]!.map((at) => at + random.normal(0, 0.45)),
    ),
  );
}

/** Class of each point. */
export const labelsOf = ({ classes, perClass }: LabState): Int32Array =>
  Int32Array.from({ length: classes * perClass }, (_, i) => i % classes);

/** The nearest place of the space: a row of length 1 on circle and sphere. */
export function onto(space: Space, row: readonly number[]): number[] {
  if (space === 'plane') return [...row];
  const length = Math.hypot(...row);
  return length < 1e-9 ? row.map((_, i) => (i === 0 ? 1 : 0)) : row.map((at) => at / length);
}

/** Part of a vector at a row that the space lets it move along. */
export function along(space: Space, row: readonly number[], vector: readonly number[]): number[] {
  if (space === 'plane') return [...vector];
  const outward = row.reduce((sum, at, i) => sum + at * vector[i]!, 0);
  return vector.map((part, i) => part - outward * row[i]!);
}

/**
 * One step of gradient descent. No point moves farther than `most`, so that a loss of a large scale leaves the picture readable.
 *
 * @param gradient One row a point.
 */
export function descend(space: Space, rows: Rows, gradient: Rows, rate: number, most = 0.1): Rows {
  return rows.map((row, i) => {
    const step = along(space, row, gradient[i]!).map((slope) => -rate * slope);
    const length = Math.hypot(...step);
    const shorter = length > most ? most / length : 1;
    return onto(
      space,
      row.map((at, k) => at + step[k]! * shorter),
    );
  });
}
