import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { Subject } from './tester.ts';

/**
 * A unit by its name (`triplet-margin`), with its package in front where two have one of that name (`losses/angular`). A file without
 * a test of its own is tested by that of another unit of its package: `test` names it.
 */
export function findUnit(root: string, name: string, test?: string): Subject {
  const packages = join(root, 'packages');
  const found = readdirSync(packages).flatMap((folder) => {
    const source = join(packages, folder, 'src');
    if (!existsSync(source)) return [];
    return readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => basename(file) === `${basename(name)}.ts`)
      .map((file) => ({ folder: join(packages, folder), unit: join(source, file) }))
      .filter(({ unit }) => called(packages, unit).endsWith(`/${name}`) && existsSync(testOf(unit, test)));
  });
  const [only] = found;
  if (found.length === 1) return { ...only!, test: testOf(only!.unit, test) };
  const which = found.map(({ unit }) => called(packages, unit).slice(1)).join(', ');
  throw new Error(found.length > 1 ? `which ${name}: ${which}?` : `no unit ${name} with a test beside it in packages`);
}

function testOf(unit: string, test?: string): string {
  return test ? join(unit, '..', `${test}.test.ts`) : unit.replace(/\.ts$/, '.test.ts');
}

/** `/losses/angular` of packages/losses/src/angular.ts. */
function called(packages: string, unit: string): string {
  return `/${relative(packages, unit).split(sep).join('/').replace('/src/', '/').replace(/\.ts$/, '')}`;
}
