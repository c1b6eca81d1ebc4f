// The workspace as the checks see it: packages, apps and tooling with their manifests, and their source files.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parse } from 'yaml';

export type Dependencies = Readonly<Record<string, string>>;

export interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly private?: boolean;
  readonly sideEffects?: boolean;
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly repository?: { readonly directory?: string };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly publishConfig?: { readonly access?: string; readonly exports?: Manifest['exports'] };
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly optionalDependencies?: Dependencies;
}

export interface Member {
  /** From the root, with slashes: `packages/losses`. */
  readonly path: string;
  /** Folder on disk. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface Workspace {
  readonly root: string;
  readonly packages: readonly Member[];
  readonly apps: readonly Member[];
  readonly tooling: readonly Member[];
  readonly rootManifest: Manifest;
  readonly catalog: Dependencies;
}

/** A broken rule, and where. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

export function readWorkspace(root: string): Workspace {
  const members = (group: string): Member[] =>
    list(join(root, group)).flatMap((name) => {
      const folder = join(root, group, name);
      const file = join(folder, 'package.json');
      return existsSync(file) && !isOutside(folder)
        ? [{ path: `${group}/${name}`, folder, manifest: readJson(file) }]
        : [];
    });
  const { catalog = {} } = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) as { catalog?: Dependencies };
  return {
    root,
    packages: members('packages'),
    apps: members('apps'),
    tooling: members('tooling'),
    rootManifest: readJson(join(root, 'package.json')),
    catalog,
  };
}

/** A folder with a workspace file of its own (tooling/bench) is no member of this one. */
function isOutside(folder: string): boolean {
  return existsSync(join(folder, 'pnpm-workspace.yaml'));
}

/** TypeScript sources of a folder and all below it, generated ones left out, as paths on disk. */
export function sourceFiles(folder: string): string[] {
  return list(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === 'node_modules' || name === 'dist') return [];
    if (!name.includes('.')) return sourceFiles(path);
    return name.endsWith('.ts') && !name.endsWith('.wasm.ts') ? [path] : [];
  });
}

export function isTest(file: string): boolean {
  return /\.(test|test-d|browser\.test)\.ts$/.test(file) || /[/\\](test|fixtures)[/\\]/.test(file);
}

/** Everything a package may name at run time. */
export function runtimeDependencies({ dependencies, peerDependencies, optionalDependencies }: Manifest): Dependencies {
  return { ...optionalDependencies, ...peerDependencies, ...dependencies };
}

export function slashed(root: string, file: string): string {
  return relative(root, file).replaceAll('\\', '/');
}

/** Prints the findings and ends the process: 1 when there is one. */
export function reportFindings(title: string, findings: readonly Finding[], checked: string): void {
  for (const { where, what } of findings) console.error(`${where}: ${what}`);
  console.error(findings.length > 0 ? `${title}: ${findings.length} to mend` : `${title}: ${checked}, nothing to mend`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}

export function isMain(moduleUrl: string): boolean {
  return process.argv[1] !== undefined && basename(process.argv[1]) === basename(new URL(moduleUrl).pathname);
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function readJson(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}
