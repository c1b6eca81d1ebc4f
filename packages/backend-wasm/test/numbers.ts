/** Numbers in [-1, 1), the same for the same seed (a multiplicative congruential generator). */
export function numbers(size: number, seed: number): Float32Array {
  let state = (Math.imul(seed, 2_654_435_761) >>> 0) | 1;
  return Float32Array.from({ length: size }, () => {
    state = Math.imul(state, 747_796_405) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}
