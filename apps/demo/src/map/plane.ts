import { PCA } from 'ml-pca';

/** Rows of `dimension` values, one after the other. */
export interface Rows {
  readonly values: Float32Array;
  readonly dimension: number;
}

/** A plane through a cloud of points: a middle, and two directions at right angles. */
export interface Plane {
  /** `[dimension]` */
  readonly middle: Float64Array;
  /** `[2 × dimension]`, each of length 1. */
  readonly axes: Float64Array;
}

/** The plane in which points are spread the widest: principal component analysis by the singular values. */
export function widestPlane(rows: Rows): Plane {
  const { dimension } = rows;
  const points = listsOf(rows);
  const middle = Float64Array.from({ length: dimension }, (_, column) => {
    return points.reduce((sum, point) => sum + point[column]!, 0) / points.length;
  });
  const directions = new PCA(points).getEigenvectors();
  const axes = new Float64Array(2 * dimension);
  for (let axis = 0; axis < 2; axis++) {
    const direction = axes.subarray(axis * dimension, (axis + 1) * dimension);
    // Fewer points than two have no second direction: then all lie on a line.
    for (let i = 0; i < dimension && axis < directions.columns; i++) direction[i] = directions.get(i, axis);
    // The sign of a direction means nothing; fixed, a seed gives one map.
    const widest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    if (widest < 0) direction.forEach((value, i) => (direction[i] = -value));
  }
  return { middle, axes };
}

/** Where rows lie seen along a plane: `[n × 2]`. */
export function projectOnto({ middle, axes }: Plane, { values, dimension }: Rows): Float32Array {
  const count = values.length / dimension;
  const places = new Float32Array(2 * count);
  for (let row = 0; row < count; row++) {
    for (let axis = 0; axis < 2; axis++) {
      let sum = 0;
      for (let i = 0; i < dimension; i++) {
        sum += (values[row * dimension + i]! - middle[i]!) * axes[axis * dimension + i]!;
      }
      places[2 * row + axis] = sum;
    }
  }
  return places;
}

/** Rows as libraries of plain lists want them. */
export function listsOf({ values, dimension }: Rows): number[][] {
  return Array.from({ length: values.length / dimension }, (_, row) =>
    Array.from(values.subarray(row * dimension, (row + 1) * dimension)),
  );
}
