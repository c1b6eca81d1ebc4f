import { SimileError, type ErrorCode } from '@simile/core/errors';
import { CheckFailure } from '../check.ts';
import { expectSame, type IndexCheckBody } from './index-check.ts';
import type { IndexUnderTest } from './index-under-test.ts';

const floats = (...values: number[]): Float32Array => Float32Array.from(values);

/** Calls that must be refused, on an index with three records of dimension 2 under the ids 0, 1 and `x`. */
const calls: readonly (readonly [name: string, code: ErrorCode, call: (index: IndexUnderTest) => Promise<unknown>])[] =
  [
    ['NaN', 'ERR_NAN', (index) => index.add(floats(1, 2, NaN, 1))],
    ['infinity', 'ERR_NAN', (index) => index.add(floats(1, Infinity))],
    ['a query with NaN', 'ERR_NAN', (index) => index.search(floats(NaN, 1))],
    ['another dimension', 'ERR_SHAPE', (index) => index.add({ data: floats(1, 2, 3), shape: [1, 3] })],
    ['half a vector', 'ERR_SHAPE', (index) => index.add(floats(1, 2, 3))],
    ['a query of another dimension', 'ERR_SHAPE', (index) => index.search({ data: floats(1), shape: [1, 1] })],
    ['an id in use', 'ERR_OPTION', (index) => index.add(floats(5, 5, 6, 6), { ids: ['new', 'x'] })],
    ['an id given twice', 'ERR_OPTION', (index) => index.add(floats(5, 5, 6, 6), { ids: ['new', 'new'] })],
    ['an id that is no whole number', 'ERR_OPTION', (index) => index.add(floats(5, 5), { ids: [0.5] })],
    ['too few labels', 'ERR_SHAPE', (index) => index.add(floats(5, 5, 6, 6), { labels: ['a'] })],
    ['a label that is NaN', 'ERR_OPTION', (index) => index.add(floats(5, 5), { labels: [NaN] })],
    ['upsert with NaN', 'ERR_NAN', (index) => index.upsert(floats(5, 5, NaN, 5), { ids: [0, 1] })],
    ['k of 0', 'ERR_OPTION', (index) => index.search(floats(1, 1), { k: 0 })],
    ['a radius that is NaN', 'ERR_OPTION', (index) => index.search(floats(1, 1), { radius: NaN })],
    ['what is no filter', 'ERR_OPTION', (index) => index.search(floats(1, 1), { filter: 3 as never })],
  ];

const refuses: IndexCheckBody = async ({ make }) => {
  const index = await make(2);
  const none = await index.search(floats(1, 2)).catch((reason: unknown) => reason);
  expectCode(none, 'ERR_STATE', 'a search in an empty index');
  await index.add(floats(1, 2, 3, 4, 5, 1), { ids: [0, 1, 'x'], labels: ['a', null, 'b'] });
  const state = async (): Promise<unknown> => [
    index.size,
    [...index].map(({ id, label }) => [id, label]),
    await index.search(floats(2, 2), { k: 9 }),
  ];
  const before = await state();
  for (const [name, code, call] of calls) {
    expectCode(await call(index).catch((reason: unknown) => reason), code, name);
    expectSame(await state(), before, `records and answers after ${name}`);
  }
  expectSame(await index.add(floats(7, 7)), [2], 'the next id after all that was refused');
};

function expectCode(error: unknown, code: ErrorCode, name: string): void {
  if (!SimileError.is(error)) throw new CheckFailure(`${name}: ${String(error)}, which is no SimileError`);
  if (error.code !== code) throw new CheckFailure(`${name}: code ${error.code} in place of ${code}: ${error.message}`);
}

/** A row of zeros has no direction: under cosine it is at distance 1 of everything, itself too. */
const zeroRows: IndexCheckBody = async ({ make, metric, tolerance }) => {
  if (metric !== 'cosine') return;
  const index = await make(3);
  await index.add(floats(0, 0, 0, 1, 2, 3));
  const [zero, row] = await index.search(floats(0, 0, 0, 2, 4, 6), { k: 2 });
  const distances = [...zero!, ...row!].map(({ distance }) => distance);
  const wanted = [1, 1, 0, 1];
  if (distances.some((distance, i) => !(Math.abs(distance - wanted[i]!) <= tolerance))) {
    throw new CheckFailure(`distances are ${distances.join(', ')} in place of 1, 1, 0, 1`);
  }
};

/** What is refused, and what has a rule of its own. */
export const refusalChecks: readonly (readonly [name: string, body: IndexCheckBody])[] = [
  ['refuses bad input with its code and changes nothing', refuses],
  ['is at distance 1 of a row of zeros', zeroRows],
];
