import { defineDistance, l2Normalize, type Distance } from '@simile/core';
import { checkNames, checkOneOf } from '@simile/core/errors';

/** Option of the distances that depend on the length of rows. */
export interface NormalizeOptions {
  /**
   * Divide every row by its Euclidean length first, so that only its direction counts; a row shorter than 1e-12 becomes zeros. The
   * distance is then named `normalized-…`, and an index of that metric does the same. Default false.
   */
  normalize?: boolean;
}

/** The distance itself or, where the option says so, that of rows of length 1. @throws `ERR_OPTION` */
export function normalized(distance: Distance, options: NormalizeOptions): Distance {
  const { normalize = false } = options;
  checkNames(distance.name, options, ['normalize']);
  checkOneOf(distance.name, { normalize }, [true, false]);
  if (!normalize) return distance;
  return defineDistance(
    `normalized-${distance.name}`,
    (a, b) => {
      const p = l2Normalize(a); // [n, d]
      return distance(p, a === b ? p : l2Normalize(b));
    },
    `normalized-${distance.metric}`,
  );
}
