/** Whether every one of the float32 values is a finite number. */
export function areFinite(values: usize, count: u32): bool {
  const end = values + ((<usize>count) << 2);
  const exponent = i32x4.splat(0x7f800000);
  let wrong = i32x4.splat(0);
  for (; values + 16 <= end; values += 16) {
    wrong = v128.or(wrong, i32x4.eq(v128.and(v128.load(values), exponent), exponent));
  }
  let ok = !v128.any_true(wrong);
  for (; values < end; values += 4) ok = ok && (load<u32>(values) & 0x7f800000) != 0x7f800000;
  return ok;
}
