import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64Url, toBase64Url } from './base64-url.ts';

test('it is what Node calls base64url', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url');
      expect(toBase64Url(bytes)).toBe(text);
      expect(fromBase64Url(text)).toEqual(bytes);
    }),
  );
});

test('long data passes', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) % 256);
  expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
});

test.each(['a', 'a+b=', 'YQ==', 'a b', 'YR', 'é'])('%s is refused', (text) => {
  expect(() => fromBase64Url(text)).toThrow();
});
