import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { it } from 'node:test';
import { findUnit } from './find-unit.ts';
import { measure } from './measure.ts';
import { mutationPage, type Row } from './mutation-page.ts';
import { mutantsOf } from './mutations.ts';
import { unitsOf } from './units-of.ts';

const folder = join(import.meta.dirname, 'fixtures');
const unit = join(folder, 'src/toy.ts');
const test = join(folder, 'src/toy.test.ts');

it('makes each small change once', () => {
  const changes = mutantsOf(unit, readFileSync(unit, 'utf8')).map(({ line, after }) => `${line}: ${after}`);
  assert.deepEqual(changes, ['1: a - b', '1: a', '1: b', '3: a / 2', '3: a', '3: 2', '3: 4', '3: 3']);
  const [first] = mutantsOf('x.ts', 'export const f = (x: number): boolean => x > 0;\n');
  assert.equal(first!.text, 'export const f = (x: number): boolean => (x < 0);\n');
});

it('says which changes the tests of a unit do not notice, and changes no file', async () => {
  const before = readFileSync(unit, 'utf8');
  const { possible, run, killed, survivors } = await measure({ folder, unit, test });
  assert.deepEqual([possible, run, killed], [8, 8, 3]);
  assert.deepEqual(new Set(survivors.map(({ line }) => line)), new Set([3]));
  assert.equal(readFileSync(unit, 'utf8'), before);
});

it('runs only what survived again, where it is told what did', async () => {
  const before = await measure({ folder, unit, test });
  const [one, ...others] = before.survivors;
  const told = { ...before, survivors: [one!] };
  const again = await measure({ folder, unit, test }, { before: told });
  assert.deepEqual(again.survivors, [one]);
  assert.equal(again.killed, before.killed + others.length);
});

it('draws the same mutants for a seed, and refuses tests that do not load the unit', async () => {
  const drawn = async (seed: number): Promise<string[]> => {
    const { survivors } = await measure({ folder, unit, test }, { most: 2, seed });
    return survivors.map(({ after }) => after);
  };
  assert.deepEqual(await drawn(3), await drawn(3));
  await assert.rejects(measure({ folder, unit: join(folder, 'vitest.config.ts'), test }), /does not load/);
});

it('finds units by name, and asks where there are two', () => {
  const root = join(import.meta.dirname, '../..');
  assert.match(String(findUnit(root, 'triplet-margin').test), /losses\/src\/triplet-margin\.test\.ts$/);
  assert.throws(() => findUnit(root, 'angular'), /which angular: .*losses\/angular/);
  assert.match(findUnit(root, 'losses/angular').unit, /losses\/src\/angular\.ts$/);
  assert.throws(() => findUnit(root, 'no-such-unit'), /no unit no-such-unit/);
});

it('tests a file without a test of its own by those of its users', () => {
  const units = unitsOf(join(import.meta.dirname, '../../packages/distances'));
  const testOf = (name: string): unknown => units.find(({ unit }) => basename(unit) === name)?.test;
  assert.match(String(testOf('cosine.ts')), /[/\\]cosine\.test\.ts$/);
  const names = (testOf('reduce-differences.ts') as string[]).map((file) => basename(file));
  assert.ok(names.includes('sum-of-differences.test.ts') && names.length <= 3, names.join(' '));
  assert.equal(testOf('index.ts'), undefined);
});

it('writes totals, and what nobody noticed', () => {
  const survivor = { line: 7, column: 1, before: 'a | b', after: 'a\n  & b' };
  const row = (name: string, killed: number): Row => ({
    package: name,
    unit: `packages/${name}/src/x.ts`,
    measured: { possible: 9, run: 4, killed, survivors: killed < 4 ? [survivor] : [] },
  });
  const page = mutationPage(
    [row('p', 4), row('q', 3), { ...row('q', 0), measured: { possible: 0, run: 0, killed: 0, survivors: [] } }],
    ['packages/q/src/y.ts'],
    { most: 4, seed: 1 },
  );
  assert.match(page, /\| q \| 1 \| 4 \| 3 \| 75\.0 % \|\n\| all \| 2 \| 8 \| 7 \| 87\.5 % \|/);
  assert.match(page, /^Not measured since they changed: q\/src\/y\.ts\.$/m);
  assert.match(page, /\| q\/src\/x\.ts:7 \| `a \\\| b` \| `a & b` \|/);
});
