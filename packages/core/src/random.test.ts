import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from './random.ts';

/** xoshiro128** 1.1 written a second time, on BigInt: https://prng.di.unimi.it/xoshiro128starstar.c */
function* xoshiro(state: readonly number[]): Generator<number> {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  const s = state.map(BigInt);
  for (;;) {
    yield Number((rotl((s[1]! * 5n) & mask, 7n) * 9n) & mask);
    const t = (s[1]! << 9n) & mask;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotl(s[3]!, 11n);
  }
}

const words = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.uniform() * 2 ** 32);

/** Chi-square of counts against equal expectation; its mean is the number of cells less 1. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

const counts = (cells: number, draws: number, draw: () => number): number[] => {
  const seen = Array.from({ length: cells }, () => 0);
  for (let i = 0; i < draws; i++) seen[draw()]!++;
  return seen;
};

describe('the generator', () => {
  it.each([[[1, 2, 3, 4]], [[0xffffffff, 0, 1, 0x80000000]], [[0xdeadbeef, 0xcafebabe, 7, 0x12345678]]])(
    'is xoshiro128** from state %j',
    (state) => {
      const reference = xoshiro(state);
      const expected = Array.from({ length: 1000 }, () => reference.next().value as number);
      expect(words(createRandom(state as [number, number, number, number]), 1000)).toEqual(expected);
    },
  );

  it('gives the published first words from state 1, 2, 3, 4', () => {
    // Test vector of the Rust crate rand_xoshiro, which has it from the reference C code.
    expect(words(createRandom([1, 2, 3, 4]), 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('gives the stream it always gave for a seed: a change here changes every seeded run', () => {
    expect(words(createRandom(0), 3)).toMatchInlineSnapshot(`
      [
        72648723,
        4117017181,
        2237722361,
      ]
    `);
    expect(words(createRandom(42), 3)).toMatchInlineSnapshot(`
      [
        1075868315,
        3159264068,
        2814976608,
      ]
    `);
  });

  it('takes different seeds to different streams: small, negative, and in the bits above 32', () => {
    const seeds = [0, 1, 2, 3, -1, -2, 2 ** 32, 2 ** 32 + 1, 1 + 2 * 2 ** 32, 2 + 2 ** 32, 2 ** 32 - 1, 2 ** 53 - 1];
    expect(new Set(seeds.map((seed) => createRandom(seed).state().join())).size).toBe(seeds.length);
  });

  it('starts well mixed from every small seed', () => {
    const first = Array.from({ length: 4096 }, (_, seed) => Math.floor(createRandom(seed).uniform() * 16));
    // 15 degrees of freedom: above 37.7 once in a thousand.
    expect(chiSquare(counts(16, first.length, () => first.pop()!))).toBeLessThan(37.7);
  });
});

describe('uniform', () => {
  it('fills [0, 1) evenly', () => {
    const random = createRandom(7);
    // 99 degrees of freedom: above 148 once in a thousand.
    expect(chiSquare(counts(100, 100_000, () => Math.floor(random.uniform() * 100)))).toBeLessThan(148);
  });

  it('keeps to its bounds', () => {
    const random = createRandom(7);
    const drawn = Array.from({ length: 10_000 }, () => random.uniform(-3, 5));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...drawn)).toBeLessThan(5);
    expect(drawn.reduce((a, b) => a + b) / drawn.length).toBeCloseTo(1, 0);
  });
});

describe('normal', () => {
  it('has the moments and tails of a normal distribution', () => {
    const random = createRandom(3);
    const n = 100_000;
    const z = Array.from({ length: n }, () => (random.normal(5, 2) - 5) / 2);
    const moment = (power: number): number => z.reduce((sum, value) => sum + value ** power, 0) / n;
    // Each is within five of its own standard errors: 1, √2, √15 and √96 over √n.
    for (const [power, expected, error] of [
      [1, 0, 1],
      [2, 1, Math.SQRT2],
      [3, 0, Math.sqrt(15)],
      [4, 3, Math.sqrt(96)],
    ]) {
      expect(Math.abs(moment(power!) - expected!)).toBeLessThan((5 * error!) / Math.sqrt(n));
    }
    expect(z.filter((value) => Math.abs(value) > 1.959964).length / n).toBeCloseTo(0.05, 2);
  });
});

describe('integer', () => {
  it('gives each number below alike', () => {
    const random = createRandom(5);
    // 6 degrees of freedom: above 22.5 once in a thousand.
    expect(chiSquare(counts(7, 70_000, () => random.integer(7)))).toBeLessThan(22.5);
  });

  it('has no bias where 2³² is far from a multiple', () => {
    // With below = 3·2³⁰, a plain remainder would give the lowest third twice as often as the others.
    const random = createRandom(5);
    const below = 3 * 2 ** 30;
    expect(chiSquare(counts(3, 30_000, () => Math.floor(random.integer(below) / 2 ** 30)))).toBeLessThan(13.8);
  });

  it('knows 1 and 2³²', () => {
    expect(createRandom(1).integer(1)).toBe(0);
    expect(createRandom(1).integer(2 ** 32)).toBe(createRandom(1).uniform() * 2 ** 32);
  });

  it('refuses an empty, broken or too wide range', () => {
    expect(() => createRandom(1).integer(0)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random: below must be a whole number from 1 to 2³², but got 0. There must be something to draw from. [ERR_OPTION]]`,
    );
    for (const below of [-1, 1.5, NaN, 2 ** 32 + 1, Infinity]) expect(() => createRandom(1).integer(below)).toThrow();
  });
});

describe('shuffle and choose', () => {
  it('shuffle gives each order alike, in place', () => {
    const random = createRandom(11);
    const orders = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const items = [0, 1, 2, 3];
      expect(random.shuffle(items)).toBe(items);
      orders.set(items.join(), (orders.get(items.join()) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    // 23 degrees of freedom: above 49.7 once in a thousand.
    expect(chiSquare([...orders.values()])).toBeLessThan(49.7);
  });

  it('shuffle takes typed arrays and empty ones', () => {
    expect([...createRandom(1).shuffle(Int32Array.from({ length: 9 }, (_, i) => i))].sort()).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(createRandom(1).shuffle([])).toEqual([]);
  });

  it('choose gives different numbers, each set and order alike', () => {
    const random = createRandom(13);
    const pairs = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = random.choose(2, 5);
      expect(a).not.toBe(b);
      pairs.set(`${a},${b}`, (pairs.get(`${a},${b}`) ?? 0) + 1);
    }
    expect(pairs.size).toBe(20);
    // 19 degrees of freedom: above 43.8 once in a thousand.
    expect(chiSquare([...pairs.values()])).toBeLessThan(43.8);
  });

  it('choose takes all, none, and few of very many', () => {
    expect(createRandom(1).choose(6, 6).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(createRandom(1).choose(0, 6)).toEqual([]);
    expect(new Set(createRandom(1).choose(1000, 2 ** 32)).size).toBe(1000);
  });

  it('choose refuses more than there are', () => {
    expect(() => createRandom(1).choose(4, 3)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random: count must be a whole number from 0 to 3, but got 4. Choose no more than there are. [ERR_OPTION]]`,
    );
    expect(() => createRandom(1).choose(-1, 3)).toThrow(/count must be/);
  });
});

describe('fork', () => {
  it('leaves its parent where it was', () => {
    const [one, two] = [createRandom(9), createRandom(9)];
    one.fork('augment').uniform();
    expect(words(one, 5)).toEqual(words(two, 5));
  });

  it('does not depend on how far its parent has come', () => {
    const parent = createRandom(9);
    const early = parent.fork('augment');
    words(parent, 100);
    expect(words(parent.fork('augment'), 5)).toEqual(words(early, 5));
  });

  it('gives different streams for names, seeds, depths and orders', () => {
    const root = createRandom(9);
    const streams = [
      root,
      createRandom(10),
      root.fork('a'),
      root.fork('b'),
      root.fork(''),
      createRandom(10).fork('a'),
      root.fork('a').fork('a'),
      root.fork('a').fork('b'),
      root.fork('b').fork('a'),
    ];
    expect(new Set(streams.map((stream) => words(stream, 4).join())).size).toBe(streams.length);
  });

  it('gives streams without correlation', () => {
    const [a, b] = [createRandom(9).fork('a'), createRandom(9).fork('b')];
    const n = 50_000;
    let product = 0;
    for (let i = 0; i < n; i++) product += (a.uniform() - 0.5) * (b.uniform() - 0.5);
    // Standard error of the mean product of two independent uniforms: 1 / (12 √n).
    expect(Math.abs(product / n)).toBeLessThan(5 / (12 * Math.sqrt(n)));
  });
});

describe('seed and state', () => {
  it('goes on from a kept state exactly, whatever was drawn before', () => {
    for (const draw of [(r: Random) => r.uniform(), (r: Random) => r.normal(), (r: Random) => r.integer(10)]) {
      const random = createRandom(21);
      draw(random);
      const again = createRandom(random.state());
      expect([again.normal(), again.uniform(), again.integer(1000), again.normal()]).toEqual([
        random.normal(),
        random.uniform(),
        random.integer(1000),
        random.normal(),
      ]);
    }
  });

  it('survives JSON', () => {
    const random = createRandom(-5);
    const kept = JSON.parse(JSON.stringify(random.state())) as [number, number, number, number];
    expect(words(createRandom(kept), 5)).toEqual(words(random, 5));
  });

  it('gives seeds of 31 bits', () => {
    const random = createRandom(2);
    const seeds = Array.from({ length: 1000 }, () => random.seed());
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31)).toBe(true);
    expect(Math.max(...seeds)).toBeGreaterThan(2 ** 30);
  });

  it('refuses seeds and states that are none', () => {
    expect(() => createRandom(1.5)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random: seed must be a whole number, but got 1.5. Any will do, such as 1. [ERR_OPTION]]`,
    );
    expect(() => createRandom([0, 0, 0, 0])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: random: a state must be four words, not all 0, but got [0, 0, 0, 0]. Pass what state() gave. [ERR_OPTION]]`,
    );
    expect(() => createRandom(NaN)).toThrow(/seed must be/);
    expect(() => createRandom([1, 2, 3] as unknown as [number, number, number, number])).toThrow(/state must be/);
  });
});
