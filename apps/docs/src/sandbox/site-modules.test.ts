import { expect, test } from 'vitest';
import { inOrder } from './site-modules.ts';

const script = (...imports: string[]) => ({ imports, bytes: 1, packedBytes: 1 });

test('scripts come after what they import, once', () => {
  const scripts = { a: script('b', 'c'), b: script('c'), c: script(), d: script() };
  expect(inOrder(scripts, ['a', 'b'])).toEqual(['c', 'b', 'a']);
});

test('a name that is no script of the site is refused, whatever it is', () => {
  expect(() => inOrder({}, ['toString'])).toThrow('the site has no script toString');
});
