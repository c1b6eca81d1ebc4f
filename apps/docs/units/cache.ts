import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.ts';

/** Where results are kept; git does not see it. */
export const cacheFolder: string = join(import.meta.dirname, '../.cache/units');

/** What was worked out before from the same sources, or else is now. */
export async function cached<T>(name: string, make: () => Promise<T>): Promise<T> {
  const file = join(cacheFolder, `${name}.json`);
  const key = hashOfSources();
  if (existsSync(file)) {
    const held = JSON.parse(readFileSync(file, 'utf8')) as { key: string; value: T };
    if (held.key === key) return held.value;
  }
  const value = await make();
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(file, JSON.stringify({ key, value }));
  return value;
}

let hash: string | undefined;

/** Hash of all that pages of units are made from: sources of packages and of this folder. */
function hashOfSources(): string {
  if (hash !== undefined) return hash;
  const digest = createHash('sha256');
  const packages = join(root, 'packages');
  const folders = readdirSync(packages)
    .toSorted()
    .map((name) => join(packages, name, 'src'));
  for (const each of [...folders, import.meta.dirname, join(root, 'tooling/ops-table/src')]) {
    const files = readdirSync(each, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(?<!test)\.ts$/.test(name),
    );
    for (const name of files.toSorted()) digest.update(name).update(readFileSync(join(each, name)));
  }
  hash = digest.update(readFileSync(join(root, 'docs/backends.md'))).digest('hex');
  return hash;
}
