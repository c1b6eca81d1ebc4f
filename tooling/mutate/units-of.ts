import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Subject } from './tester.ts';

/** Tests of users that a file without a test of its own is run against, at most. */
const USERS = 3;

/**
 * Every source file of a package that a test reaches: with the test beside it, or with those of the first units that import it, by
 * way of others or not. In alphabetical order.
 */
export function unitsOf(folder: string): Subject[] {
  const source = join(folder, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|wasm|d)\.ts$/.test(file))
    .map((file) => join(source, file))
    .toSorted();
  const users = new Map<string, string[]>();
  for (const file of files)
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      const used = join(dirname(file), name!);
      users.set(used, [...(users.get(used) ?? []), file]);
    }
  return files.flatMap((unit) => {
    const test = existsSync(testOf(unit)) ? testOf(unit) : testsOfUsers(unit, users).slice(0, USERS);
    return test.length > 0 ? [{ folder, unit, test }] : [];
  });
}

/** Tests of the units that use a file; of their users, where they have none either. */
function testsOfUsers(unit: string, users: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set([unit]);
  for (let level = [unit]; level.length > 0;) {
    level = level.flatMap((file) => users.get(file) ?? []).filter((file) => !seen.has(file) && seen.add(file));
    const tests = level.map(testOf).filter(existsSync);
    if (tests.length > 0) return [...new Set(tests)].toSorted();
  }
  return [];
}

function testOf(unit: string): string {
  return unit.replace(/\.ts$/, '.test.ts');
}
