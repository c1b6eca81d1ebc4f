import { SimileError } from './errors.ts';

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
  /** Whole number, uniform in [0, below), without bias; below from 1 to 2³². @throws `ERR_OPTION` */
  integer(below: number): number;
  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
  /** `count` different numbers of [0, below) in random order; count ≤ below. O(count). @throws `ERR_OPTION` */
  choose(count: number, below: number): number[];
  /**
   * An independent stream named `name`. It depends on the seed (or kept state) that this one was made from and not on how
   * far this one has come; asking for it does not disturb this one.
   */
  fork(name: string): Random;
  /** A seed for libraries that want a number of their own: a whole number in [0, 2³¹). */
  seed(): number;
  /** The four words of the state, to be kept in a file: `createRandom(state)` goes on where this one is. */
  state(): [number, number, number, number];
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** Spreads every bit of a word over all of it: the last steps of SplitMix32. */
function scramble(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  const twice = Math.imul(once ^ (once >>> 15), 0x735a2d97);
  return (twice ^ (twice >>> 15)) >>> 0;
}

function splitMix(seed: number): () => number {
  let at = seed | 0;
  return () => {
    at = (at + 0x9e3779b9) | 0;
    return scramble(at);
  };
}

/** Hash of a text into 32 bits (FNV-1a), so that a stream can be named. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * A {@link Random} from a seed (a whole number, all 53 bits of which count) or a kept state.
 *
 * @throws `ERR_OPTION` for a seed that is not a whole number, or a state of zeros, which would give zeros for ever.
 * @example
 * const random = createRandom(1);
 * random.integer(6); // 1
 */
export function createRandom(from: number | readonly [number, number, number, number]): Random {
  let [a, b, c, d] = typeof from === 'number' ? seeded(from) : resumed(from);
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

  const random: Random = {
    uniform: (low = 0, high = 1) => low + (next() / 2 ** 32) * (high - low),
    normal: (mean = 0, deviation = 1) => {
      // The method yields a second number; it is not kept, for a kept one would be lost with the state.
      for (;;) {
        const u = random.uniform(-1, 1);
        const v = random.uniform(-1, 1);
        const square = u * u + v * v;
        if (square > 0 && square < 1) {
          return mean + deviation * u * Math.sqrt((-2 * Math.log(square)) / square);
        }
      }
    },
    integer: (below) => {
      if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
        throw rangeError('below must be a whole number from 1 to 2³²', below, 'There must be something to draw from.');
      }
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
      if (!Number.isInteger(count) || count < 0 || count > below) {
        throw rangeError(`count must be a whole number from 0 to ${below}`, count, 'Choose no more than there are.');
      }
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
      // The whole state goes into the key, so that fork('a').fork('b') and fork('b').fork('a') are two streams.
      const key = splitMix(origin.reduce((mixed, word) => scramble(mixed ^ word), hash(name)));
      return createRandom(notZero(origin.map((word) => scramble(word ^ key()))));
    },
    seed: () => next() >>> 1,
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
  return random;
}

type State = [number, number, number, number];

function seeded(seed: number): State {
  if (!Number.isSafeInteger(seed)) throw rangeError('seed must be a whole number', seed, 'Any will do, such as 1.');
  const low = splitMix(seed >>> 0);
  const high = splitMix(Math.floor(seed / 2 ** 32) >>> 0);
  return notZero(Array.from({ length: 4 }, () => scramble(low() + rotate(high(), 13))));
}

function resumed(state: readonly number[]): State {
  const words = state.map((word) => word >>> 0);
  if (words.length === 4 && words.some((word) => word !== 0)) return words as State;
  throw rangeError('a state must be four words, not all 0', state, 'Pass what state() gave.');
}

function notZero(words: number[]): State {
  return (words.some((word) => word !== 0) ? words : [1, 2, 3, 4]) as State;
}

function rangeError(rule: string, got: unknown, remedy: string): SimileError {
  return new SimileError({ where: 'random', rule, got, remedy, code: 'ERR_OPTION' });
}
