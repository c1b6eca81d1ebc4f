import { expect, test } from 'vitest';
import { checkShared } from './shared.ts';

const good = {
  page: 'playground',
  files: { 'main.ts': 'a', 'part-2.test.ts': '' },
  entry: 'main.ts',
  options: { backend: 'cpu' },
};

test('what is as it should be passes, without what does not belong', () => {
  expect(checkShared({ ...good, more: 1 })).toEqual(good);
  expect(checkShared({ ...good, options: undefined })).toEqual({ ...good, options: {} });
});

test.each([
  ['no object', null],
  ['a list', []],
  ['another page', { ...good, page: 'elsewhere' }],
  ['no files', { ...good, files: {} }],
  ['a file that is no text', { ...good, files: { 'main.ts': 1 } }],
  ['a path', { ...good, files: { ...good.files, '../main.ts': '' } }],
  ['a name from the depths', { ...good, files: JSON.parse('{ "main.ts": "", "__proto__": "" }') as object }],
  ['an address', { ...good, files: { ...good.files, 'https://a.b/c.ts': '' } }],
  ['too many files', { ...good, files: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`${i}.ts`, ''])) }],
  ['an entry that is not there', { ...good, entry: 'other.ts' }],
  ['an entry from the depths', { ...good, entry: 'toString' }],
  ['an option that is an object', { ...good, options: { backend: {} } }],
  ['an option of another name', { ...good, options: { 'on click': 'x' } }],
])('%s does not', (_, value) => {
  expect(() => checkShared(value)).toThrow();
});
