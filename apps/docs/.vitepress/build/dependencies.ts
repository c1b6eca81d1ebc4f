// What the published packages depend on, read from their manifests, and what is done should it stop.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');

export interface Dependency {
  readonly name: string;
  readonly versions: string;
  /** Packages that want it; those in brackets can do without. */
  readonly usedBy: string;
  readonly plan: string;
}

const tensorflow =
  'Pinned and tested at this version. Its kernels are Apache-2.0 and small enough to keep; index, metrics, pictures and files work without it.';
const plans: Readonly<Record<string, string>> = {
  '@tensorflow/tfjs-core': `${tensorflow} All calls go through one module, \`@simile/core/ops\`.`,
  '@tensorflow/tfjs-layers': 'Wanted for its networks and its gradients; `similarityModel({ embed })` works without.',
  '@tensorflow/tfjs-backend-cpu': 'Optional.',
  '@tensorflow/tfjs-backend-wasm':
    'Exact, since our kernels work in its memory. The kernels are ours: another host for them is a module of one package.',
  '@tensorflow/tfjs-backend-webgl': 'Optional.',
  '@tensorflow/tfjs-backend-webgpu': 'Optional.',
  '@napi-rs/canvas': 'Optional: PNG files in Node. SVG needs nothing.',
  '@fontsource/inter': 'Optional: letters for PNG files on machines without fonts.',
  citty: 'Reads the words of the command line; a day to replace.',
  'cli-progress': 'A bar on the command line; an hour to replace.',
  'd3-scale': 'Axes. Frozen in function; could be copied, ISC.',
  'd3-shape': 'Curves. Frozen in function; could be copied, ISC.',
  'fast-png': 'Writes and reads PNG.',
  fflate: 'Unpacks gzip where the host has no `DecompressionStream`.',
};

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Sorted by name. A dependency without a plan is an error: nothing comes in unthought. */
export function dependencies(): Dependency[] {
  const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const versionOf = (name: string): string =>
    new RegExp(`^ {2}'?${name.replaceAll('/', '\\/')}'?: (\\S+)`, 'm').exec(catalog)?.[1] ?? '';
  const found = new Map<string, { versions: Set<string>; users: Set<string> }>();
  for (const folder of readdirSync(join(root, 'packages'))) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as Manifest;
    const all = [...Object.entries(manifest.dependencies ?? {}), ...Object.entries(manifest.peerDependencies ?? {})];
    for (const [name, version] of all.filter(([each]) => !each.startsWith('@simile/'))) {
      const entry = found.get(name) ?? { versions: new Set(), users: new Set() };
      found.set(name, entry);
      entry.versions.add(version === 'catalog:' ? versionOf(name) : version);
      const own = manifest.name.replace('@simile/', '');
      entry.users.add(manifest.peerDependenciesMeta?.[name]?.optional ? `(${own})` : own);
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { versions, users }]) => {
      const plan = plans[name];
      if (plan === undefined) throw new Error(`the support page does not say what is done should ${name} stop`);
      return { name, versions: [...versions].sort().join(', '), usedBy: [...users].sort().join(', '), plan };
    });
}

/** The same as a Markdown table. */
export function dependenciesTable(): string {
  const rows = dependencies().map(
    ({ name, versions, usedBy, plan }) => `| \`${name}\` | ${versions} | ${usedBy} | ${plan} |`,
  );
  return ['| package | version | used by | should it stop |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
