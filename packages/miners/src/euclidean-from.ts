/** Distances that tell the Euclidean one: itself, its square, or the cosine distance of rows, which is half the square between unit rows. */
export type EuclideanMetric = 'euclidean' | 'squared-euclidean' | 'cosine';

/** The names. */
export const euclideanMetrics: readonly EuclideanMetric[] = ['euclidean', 'squared-euclidean', 'cosine'];

/** The Euclidean distance that another distance tells. */
export function euclideanFrom(metric: EuclideanMetric): (distance: number) => number {
  if (metric === 'euclidean') return (distance) => distance;
  const factor = metric === 'cosine' ? 2 : 1;
  return (distance) => Math.sqrt(Math.max(0, factor * distance));
}
