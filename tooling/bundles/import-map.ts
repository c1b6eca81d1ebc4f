// An import map of built packages, read from their manifests: what a page without a bundler needs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Names that `@simile/index` and what it depends on may be imported by, and where they lie under the root. */
export function importMap(root: string): { imports: Record<string, string> } {
  const imports: Record<string, string> = {};
  const visit = (name: string): void => {
    const folder = `packages/${name.replace('@simile/', '')}`;
    const { exports, dependencies = {} } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    ) as Manifest;
    for (const [subpath, entry] of Object.entries(exports)) {
      if (typeof entry === 'string') continue;
      imports[name + subpath.slice(1)] = `/${folder}/${entry.default.replace('./', '')}`;
    }
    for (const other of Object.keys(dependencies)) if (other.startsWith('@simile/')) visit(other);
  };
  visit('@simile/index');
  return { imports };
}
