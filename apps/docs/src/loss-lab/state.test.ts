import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHash } from './hash.ts';
import { beginning, stateFromHash, stateToHash } from './state.ts';

const link = (change: object): string => `#${toHash({ ...beginning(), ...change })}`;

test('a link holds the whole state', () => {
  const state = { ...beginning('circle'), classes: 2, perClass: 2, points: [0, 1, 2, 3, 4, 5, 6, 7.25] };
  state.panels[0]!.options['margin'] = 0.3;
  expect(stateFromHash(`#${stateToHash(state)}`)).toEqual(state);
});

test('an address of something else holds none', () => {
  expect(stateFromHash('')).toBeUndefined();
  expect(stateFromHash('#formula')).toBeUndefined();
});

test.each([
  ['no base64', '#lab=%%%'],
  ['no JSON', `#lab=${btoa('{"space":')}`],
  ['another space', link({ space: 'torus' })],
  ['too many classes', link({ classes: 7 })],
  ['no panel', link({ panels: [] })],
  ['a name that is markup', link({ panels: [{ ...beginning().panels[0], loss: '<img>' }] })],
  ['options that are no object', link({ panels: [{ ...beginning().panels[0], options: [] }] })],
  ['too few points', link({ points: [1, 2] })],
  ['points that are no numbers', link({ classes: 2, perClass: 2, points: Array(8).fill('1') })],
])('a link with %s is called damaged', (_, hash) => {
  expect(() => stateFromHash(hash)).toThrow(/^This link to the lab is damaged/);
});

test('a link too long to be one of ours is not read', () => {
  expect(() => stateFromHash(`#lab=${'A'.repeat(9000)}`)).toThrow('This link to the lab is too long: 9004 characters.');
});

test('whatever a link holds, it is a state, nothing or a clear message', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        const state = stateFromHash(`#${toHash(value)}`);
        expect(state!.panels.length).toBeGreaterThan(0);
      } catch (error) {
        expect((error as Error).message).toMatch(/^This link to the lab is/);
      }
    }),
    { numRuns: 300 },
  );
});
