import { deflateRawSync, crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromLink, toLink } from './link.ts';
import type { Shared } from './shared.ts';

const shared: Shared = {
  page: 'playground',
  files: { 'main.ts': "console.log('naïve 🦊');\n" },
  entry: 'main.ts',
  options: { backend: 'wasm', threads: 2, dark: true },
};

/** A link to any text, made with Node's zlib. */
function linkTo(text: string | Uint8Array, version = 1): string {
  const data = deflateRawSync(text);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(data));
  return `program=${version}.${Buffer.concat([checksum, data]).toString('base64url')}`;
}

const programs = fc.record({
  page: fc.constantFrom('playground' as const, 'judge' as const),
  entry: fc.constant('main.ts'),
  files: fc
    .dictionary(fc.stringMatching(/^[a-z]{1,9}\.ts$/), fc.string({ unit: 'binary', maxLength: 300 }), { maxKeys: 5 })
    .chain((files) => fc.string({ unit: 'grapheme' }).map((text) => ({ ...files, 'main.ts': text }))),
  options: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
    maxKeys: 5,
  }),
});

test('a program comes back as it was, whatever it holds', () => {
  fc.assert(
    fc.property(programs, (program) => {
      expect(fromLink(`#${toLink(program)}`)).toEqual({
        ...program,
        files: { ...program.files },
        options: { ...program.options },
      });
    }),
  );
});

test('the format is the one that is written down: CRC-32, raw deflate, base64url', () => {
  expect(fromLink(linkTo(JSON.stringify(shared)))).toEqual(shared);
  expect(toLink(shared)).toMatch(/^program=1\.[\w-]+$/);
});

test('a link that lost a part, or was changed in any place, is told from a whole one', () => {
  const link = toLink(shared);
  const damaged =
    'This link is damaged: a part of it is missing or was changed. Copy the whole link, or ask for it again.';
  fc.assert(
    fc.property(
      fc.integer({ min: 'program=1.'.length, max: link.length - 1 }),
      fc.constantFrom(...'abcXYZ019-_ %+/='),
      (at, character) => {
        expect(() => fromLink(link.slice(0, at))).toThrow(damaged);
        fc.pre(link[at] !== character);
        expect(() => fromLink(link.slice(0, at) + character + link.slice(at + 1))).toThrow(damaged);
      },
    ),
  );
});

test('any text after # is another link, or is refused with a sentence', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `program=1.${text}`),
    fc.string().map((text) => `program=${text}`),
  );
  fc.assert(
    fc.property(anything, (text) => {
      try {
        expect(fromLink(text)).toBeUndefined();
        expect(text).not.toMatch(/^#?program=/);
      } catch (error) {
        expect((error as Error).message).toMatch(/^This link (is damaged|was made by a later version)/);
      }
    }),
  );
});

test('whole links to anything but a program are refused', () => {
  const json = fc.oneof(fc.json(), fc.string(), fc.constant(JSON.stringify({ ...shared, entry: 'no.ts' })));
  fc.assert(
    fc.property(json, (text) => {
      expect(() => fromLink(linkTo(text))).toThrow('This link holds no program that this site can open.');
    }),
  );
});

test('other parts of a page are no links to programs', () => {
  for (const hash of ['', '#', '#options', '#lab=abc', 'programs=1.a']) expect(fromLink(hash)).toBeUndefined();
});

test('later versions are named', () => {
  expect(() => fromLink(linkTo('{}', 2))).toThrowErrorMatchingInlineSnapshot(
    `[Error: This link was made by a later version of this site (format 2). Open it there.]`,
  );
  expect(() => fromLink('program=0.AAAA')).toThrow(/damaged/);
});

test('what is too long is refused before it is read, and a bomb before it is unfolded', () => {
  expect(() => fromLink(`#program=1.${'A'.repeat(100_000)}`)).toThrowErrorMatchingInlineSnapshot(
    `[Error: This link is too long to be read: 100,010 characters, where 100,000 are the most.]`,
  );
  const bomb = linkTo(JSON.stringify({ ...shared, files: { 'main.ts': ' '.repeat(20_000_000) } }));
  expect(bomb.length).toBeLessThan(100_000);
  expect(() => fromLink(bomb)).toThrow('This link holds no program that this site can open.');
});

test('what is too long for a link is not made one', () => {
  let seed = 1;
  const noise = Array.from({ length: 120_000 }, () =>
    String.fromCharCode(33 + ((seed = (seed * 48271) % 2147483647) % 90)),
  );
  expect(() => toLink({ ...shared, files: { 'main.ts': noise.join('') } })).toThrow(
    /^This program is too long for a link: 1\d\d,\d{3} characters, where 100,000 are the most\. Send it as a file\.$/,
  );
  expect(() => toLink({ ...shared, files: { 'main.ts': ' '.repeat(2_000_000) } })).toThrow(
    /2,000,\d{3} bytes, where 1,000,000/,
  );
});
