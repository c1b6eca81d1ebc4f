import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inflateBounded } from './inflate-bounded.ts';

test('it inflates what zlib deflated', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 0, max: 9 }), (bytes, level) => {
      expect(inflateBounded(deflateRawSync(bytes, { level }), 5000)).toEqual(bytes);
    }),
    { numRuns: 50 },
  );
});

test('it stops at the limit, long before a bomb is unfolded', () => {
  const bomb = deflateRawSync(new Uint8Array(50_000_000));
  const before = process.memoryUsage().arrayBuffers;
  expect(() => inflateBounded(bomb, 1_000_000)).toThrowErrorMatchingInlineSnapshot(`[Error: more than 1000000 bytes]`);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  expect(() => inflateBounded(deflateRawSync(new Uint8Array(1001)), 1000)).toThrow();
  expect(inflateBounded(deflateRawSync(new Uint8Array(1000)), 1000)).toHaveLength(1000);
});

test('data that is cut short is refused', () => {
  const whole = deflateRawSync(Uint8Array.from({ length: 3000 }, (_, i) => (i * i) % 251));
  for (let length = 0; length < whole.length; length++) {
    expect(() => inflateBounded(whole.subarray(0, length), 5000)).toThrow();
  }
});
