// A convolution, relu and a dense layer, small enough to work out by hand. The expected numbers are those of plain loops
// (known-graph.test.ts) and are whole, so float32 holds them exactly in any order of summation. Some of the gradients
// are odd and above 2048: a backend that works in 16 bits, as WebGL does on some phones, cannot hold those, and may
// embed but not train.

/** `[2, 3, 3, 1]` */
export const IMAGES: readonly number[] = [3, -1, 2, 5, 4, -2, 1, 7, -3, -2, 6, 1, 4, -5, 3, 2, 9, -4];
/** `[2, 2, 1, 2]` */
export const FILTER: readonly number[] = [2, -1, -3, 4, 1, 5, 6, -2];
/** `[8, 2]` */
export const WEIGHTS: readonly number[] = [3, -2, 1, 4, -5, 2, 7, 1, 2, -3, -1, 6, 4, -4, 5, 3];
/** `[2, 2]`, the gradient of the loss by the outputs. */
export const UPSTREAM: readonly number[] = [111, -77, 13, 171];
/** `[2, 2]` */
export const OUTPUTS: readonly number[] = [592, -39, 454, 241];
/** By images, filter and weights. */
export const GRADIENTS: readonly (readonly number[])[] = [
  [1171, -2949, 2800, 981, 4345, -2360, -2412, 6236, 3864, -697, 3342, -831, 2511, -234, 3974, -487, -32, -1156],
  [6448, -7144, 2533, 4573, 5793, 11500, -689, -12968],
  [4218, -2926, 1838, 8806, 286, 3762, 3663, -2541, 5578, 10352, 222, -154, 333, -231, 4129, 9737],
];
