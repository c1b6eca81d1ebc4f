import { expect, test } from 'vitest';
import { scriptShelf } from './script-shelf.ts';

test('a script imports others by their addresses, and runs', async () => {
  const shelf = scriptShelf();
  shelf.put({ file: 'a.js', code: 'export const a=1;', imports: [] });
  shelf.put({ file: 'b.js', code: 'import{a}from"./a.js";export const b=a+1;', imports: ['a.js'] });
  expect([shelf.has('a.js'), shelf.has('c.js')]).toEqual([true, false]);
  const text = await (await fetch(shelf.addressOf('b.js'))).text();
  expect(text).toBe(`import{a}from"${shelf.addressOf('a.js')}";export const b=a+1;`);
});

test('a script keeps its address, and one that is not there has none', () => {
  const shelf = scriptShelf();
  shelf.put({ file: 'a.js', code: '1', imports: [] });
  const address = shelf.addressOf('a.js');
  shelf.put({ file: 'a.js', code: '2', imports: [] });
  expect(shelf.addressOf('a.js')).toBe(address);
  expect(() => shelf.addressOf('b.js')).toThrow('b.js is not there yet');
  expect(() => shelf.put({ file: 'c.js', code: '', imports: ['b.js'] })).toThrow('b.js is not there yet');
});
