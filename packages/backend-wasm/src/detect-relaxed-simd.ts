// A module with one function, (v128, v128, v128) → v128, whose body is f32x4.relaxed_madd.
const RELAXED_MADD = [
  [0, 97, 115, 109, 1, 0, 0, 0], // magic, version 1
  [1, 8, 1, 96, 3, 123, 123, 123, 1, 123], // type
  [3, 2, 1, 0], // function
  [10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11], // code: local.get 0, 1, 2; f32x4.relaxed_madd
].flat();

/** Whether this engine runs relaxed SIMD: a multiplication and an addition as one operation, rounded once. */
export function detectRelaxedSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(RELAXED_MADD));
}
