/**
 * Seeded random numbers: the same seed gives the same stream on every platform. Not for secrets.
 *
 * Generator: xoshiro128** 1.1, seeded through SplitMix32. Blackman & Vigna, “Scrambled Linear Pseudorandom Number
 * Generators”, ACM TOMS 47, 2021: https://prng.di.unimi.it
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits. With bounds, uniform in [low, high). */
  uniform(low?: number, high?: number): number;
  /** Normal, by the polar method of Marsaglia. Default mean 0, deviation 1. */
  normal(mean?: number, deviation?: number): number;
  /** Whole number, uniform in [0, below), without bias; below ≤ 2³². */
  integer(below: number): number;
  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
  /** `count` different numbers of [0, below) in random order; count ≤ below. */
  choose(count: number, below: number): number[];
  /** An independent stream named `name`; asking for it does not disturb this one. */
  fork(name: string): Random;
  /** A seed for libraries that want a number of their own: a whole number in [0, 2³¹). */
  seed(): number;
  /** The four words of the state, to be kept in a file. */
  state(): [number, number, number, number];
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

function splitMix(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x9e3779b9) | 0;
    let t = Math.imul(a ^ (a >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
}

/** Hash of a text into 32 bits (FNV-1a), so that a stream can be named. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** A {@link Random} from a seed (any number; its low 32 bits and its high part count) or a kept state. */
export function createRandom(from: number | readonly [number, number, number, number]): Random {
  const words = typeof from === 'number' ? seeded(from) : [...from];
  let [a, b, c, d] = words as [number, number, number, number];
  const origin = [a, b, c, d] as const;

  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  let spare: number | undefined;

  const random: Random = {
    uniform: (low = 0, high = 1) => low + (next() / 2 ** 32) * (high - low),
    normal: (mean = 0, deviation = 1) => {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return mean + deviation * kept;
      }
      for (;;) {
        const u = random.uniform(-1, 1);
        const v = random.uniform(-1, 1);
        const square = u * u + v * v;
        if (square > 0 && square < 1) {
          const factor = Math.sqrt((-2 * Math.log(square)) / square);
          spare = v * factor;
          return mean + deviation * u * factor;
        }
      }
    },
    integer: (below) => {
      const unbiased = 2 ** 32 - (2 ** 32 % below);
      for (;;) {
        const drawn = next();
        if (drawn < unbiased) return drawn % below;
      }
    },
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = random.integer(i + 1);
        [items[i], items[j]] = [items[j], items[i]];
      }
      return items;
    },
    choose: (count, below) => {
      // Partial Fisher–Yates on a sparse array: O(count), whatever `below` is.
      const moved = new Map<number, number>();
      return Array.from({ length: count }, (_, i) => {
        const j = i + random.integer(below - i);
        const drawn = moved.get(j) ?? j;
        moved.set(j, moved.get(i) ?? i);
        return drawn;
      });
    },
    fork: (name) => {
      const mix = splitMix(hash(name));
      return createRandom(origin.map((word) => (word ^ mix()) >>> 0) as [number, number, number, number]);
    },
    seed: () => next() >>> 1,
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
  return random;
}

function seeded(seed: number): number[] {
  const low = splitMix(seed >>> 0);
  const high = splitMix(Math.trunc(seed / 2 ** 32) >>> 0);
  const words = Array.from({ length: 4 }, () => (low() ^ high()) >>> 0);
  return words.some((word) => word !== 0) ? words : [1, 2, 3, 4];
}
