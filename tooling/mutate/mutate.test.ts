import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { findUnit } from './find-unit.ts';
import { measure } from './measure.ts';
import { mutantsOf } from './mutations.ts';

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
  assert.match(findUnit(root, 'triplet-margin').test, /losses\/src\/triplet-margin\.test\.ts$/);
  assert.throws(() => findUnit(root, 'angular'), /which angular: .*losses\/angular/);
  assert.match(findUnit(root, 'losses/angular').unit, /losses\/src\/angular\.ts$/);
  assert.throws(() => findUnit(root, 'no-such-unit'), /no unit no-such-unit/);
});
