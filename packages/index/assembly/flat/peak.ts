// What this machine reaches at best with the instructions of the scans: chains that wait for nothing but themselves. For benches.
import { Products, step } from './floats';

/** Runs `12 · rounds` multiply-adds of four float32 values. */
export function peakProducts(rounds: u32, seed: f32): f32 {
  const x = f32x4.splat(seed);
  let a0 = x;
  let a1 = x;
  let a2 = x;
  let a3 = x;
  let a4 = x;
  let a5 = x;
  let a6 = x;
  let a7 = x;
  let a8 = x;
  let a9 = x;
  let a10 = x;
  let a11 = x;
  for (let i: u32 = 0; i < rounds; i++) {
    a0 = step<Products>(x, a0, x);
    a1 = step<Products>(x, a1, x);
    a2 = step<Products>(x, a2, x);
    a3 = step<Products>(x, a3, x);
    a4 = step<Products>(x, a4, x);
    a5 = step<Products>(x, a5, x);
    a6 = step<Products>(x, a6, x);
    a7 = step<Products>(x, a7, x);
    a8 = step<Products>(x, a8, x);
    a9 = step<Products>(x, a9, x);
    a10 = step<Products>(x, a10, x);
    a11 = step<Products>(x, a11, x);
  }
  a0 = f32x4.add(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)), f32x4.add(f32x4.add(a4, a5), f32x4.add(a6, a7)));
  a0 = f32x4.add(a0, f32x4.add(f32x4.add(a8, a9), f32x4.add(a10, a11)));
  return f32x4.extract_lane(a0, 0);
}

/** Runs `12 · rounds` times eight multiplications of codes, added up. */
export function peakCodes(rounds: u32, seed: i32): i32 {
  const x = i32x4.splat(seed);
  let a0 = x;
  let a1 = x;
  let a2 = x;
  let a3 = x;
  let a4 = x;
  let a5 = x;
  let a6 = x;
  let a7 = x;
  let a8 = x;
  let a9 = x;
  let a10 = x;
  let a11 = x;
  for (let i: u32 = 0; i < rounds; i++) {
    a0 = i32x4.add(x, i32x4.dot_i16x8_s(a0, x));
    a1 = i32x4.add(x, i32x4.dot_i16x8_s(a1, x));
    a2 = i32x4.add(x, i32x4.dot_i16x8_s(a2, x));
    a3 = i32x4.add(x, i32x4.dot_i16x8_s(a3, x));
    a4 = i32x4.add(x, i32x4.dot_i16x8_s(a4, x));
    a5 = i32x4.add(x, i32x4.dot_i16x8_s(a5, x));
    a6 = i32x4.add(x, i32x4.dot_i16x8_s(a6, x));
    a7 = i32x4.add(x, i32x4.dot_i16x8_s(a7, x));
    a8 = i32x4.add(x, i32x4.dot_i16x8_s(a8, x));
    a9 = i32x4.add(x, i32x4.dot_i16x8_s(a9, x));
    a10 = i32x4.add(x, i32x4.dot_i16x8_s(a10, x));
    a11 = i32x4.add(x, i32x4.dot_i16x8_s(a11, x));
  }
  a0 = i32x4.add(i32x4.add(i32x4.add(a0, a1), i32x4.add(a2, a3)), i32x4.add(i32x4.add(a4, a5), i32x4.add(a6, a7)));
  a0 = i32x4.add(a0, i32x4.add(i32x4.add(a8, a9), i32x4.add(a10, a11)));
  return i32x4.extract_lane(a0, 0);
}

/** Reads memory, and does nothing else: `bytes` is a whole number of 64. */
export function readMemory(at: usize, bytes: usize): i32 {
  let a = i32x4.splat(0);
  let b = i32x4.splat(0);
  let c = i32x4.splat(0);
  let d = i32x4.splat(0);
  for (const end = at + bytes; at < end; at += 64) {
    a = v128.xor(a, v128.load(at));
    b = v128.xor(b, v128.load(at, 16));
    c = v128.xor(c, v128.load(at, 32));
    d = v128.xor(d, v128.load(at, 48));
  }
  return i32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}
