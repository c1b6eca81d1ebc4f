// Which package may know which: the arrows of docs/design.md, read from manifests and from imports.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { importsOf, packageOf } from './imports.ts';
import { root } from './run.ts';
import {
  isMain,
  isTest,
  readWorkspace,
  reportFindings,
  runtimeDependencies,
  slashed,
  sourceFiles,
} from './workspace.ts';
import type { Finding, Member, Workspace } from './workspace.ts';

/** Floors of the house. A package may depend on those below its own floor, never on one beside or above it. */
const FLOORS: readonly (readonly string[])[] = [
  ['@simile/backend-wasm'],
  ['@simile/core'],
  [
    '@simile/augmenters',
    '@simile/miners',
    '@simile/datasets',
    '@simile/distances',
    '@simile/layers',
    '@simile/metrics',
    '@simile/samplers',
    '@simile/testing',
    '@simile/visualization',
  ],
  ['@simile/index', '@simile/losses'],
  ['@simile/models'],
  ['simile'],
];

/** Typed arrays in, typed arrays out: these must outlive TensorFlow.js. */
const WITHOUT_TFJS: readonly string[] = [
  '@simile/augmenters',
  '@simile/datasets',
  '@simile/index',
  '@simile/metrics',
  '@simile/visualization',
];

/** Where @tensorflow/* may be imported at run time, besides tests. */
const SEAM: readonly RegExp[] = [
  /^packages\/core\/src\/(ops|backend)(\/[^/]+|-[a-z-]+)?\.ts$/,
  /^packages\/(backend-wasm|layers|models|testing|simile)\/src\//,
];

/** Files that run in Node only. */
const NODE_ONLY = /^packages\/simile\/src\/(cli\.ts|commands\/[a-z-]+\.ts)$/;

const floorOf = (name: string): number => FLOORS.findIndex((floor) => floor.includes(name));

export function checkGraph(workspace: Workspace): Finding[] {
  return [
    ...workspace.packages.flatMap((member) => checkManifest(workspace, member)),
    ...checkCycles(workspace),
    ...workspace.packages.flatMap((member) => checkImports(workspace, member)),
    ...workspace.packages.flatMap((member) => checkReach(workspace, member)),
  ];
}

function checkManifest({ packages }: Workspace, { path, manifest }: Member): Finding[] {
  const where = `${path}/package.json`;
  const own = floorOf(manifest.name);
  if (own < 0)
    return [{ where, what: `${manifest.name} stands on no floor: add it to FLOORS in tooling/checks/graph.ts` }];
  const ours = new Set(packages.map((member) => member.manifest.name));
  return Object.keys(runtimeDependencies(manifest)).flatMap((name) => {
    if (name.startsWith('@tooling/')) return [{ where, what: `depends on ${name}: packages never know tooling` }];
    if (!ours.has(name) || floorOf(name) < own) return [];
    return [{ where, what: `depends on ${name}, which is not below it` }];
  });
}

/** Cycles through dependencies of any kind: turbo could not order them. */
function checkCycles({ packages, apps, tooling }: Workspace): Finding[] {
  const members = new Map([...packages, ...apps, ...tooling].map((member) => [member.manifest.name, member]));
  const finished = new Set<string>();
  const findings: Finding[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    const member = members.get(name);
    if (!member || finished.has(name)) return;
    if (trail.includes(name)) {
      const cycle = [...trail.slice(trail.indexOf(name)), name].join(' → ');
      findings.push({ where: `${member.path}/package.json`, what: `cycle: ${cycle}` });
      return;
    }
    const { manifest } = member;
    for (const next of Object.keys({ ...runtimeDependencies(manifest), ...manifest.devDependencies })) {
      visit(next, [...trail, name]);
    }
    finished.add(name);
  };
  for (const name of members.keys()) visit(name, []);
  return findings;
}

function checkImports(workspace: Workspace, { folder, manifest }: Member): Finding[] {
  const declared = runtimeDependencies(manifest);
  return sourceFiles(join(folder, 'src'))
    .filter((file) => !isTest(file))
    .flatMap((file) => {
      const where = slashed(workspace.root, file);
      return importsOf(file).flatMap(({ from, type, line }): Finding[] => {
        const what = importProblem(
          workspace,
          { where, file, folder, manifestName: manifest.name, declared },
          from,
          type,
        );
        return what ? [{ where: `${where}:${line}`, what }] : [];
      });
    });
}

interface Importer {
  readonly where: string;
  readonly file: string;
  readonly folder: string;
  readonly manifestName: string;
  readonly declared: Readonly<Record<string, string>>;
}

function importProblem(workspace: Workspace, importer: Importer, from: string, type: boolean): string | undefined {
  if (from.startsWith('.')) {
    const inside = resolve(dirname(importer.file), from).startsWith(join(importer.folder, 'src'));
    return inside ? undefined : `imports ${from}, outside its own src`;
  }
  if (from.startsWith('node:')) {
    if (type || NODE_ONLY.test(importer.where)) return undefined;
    return `imports ${from}: bundlers for the web break on it; use nodeModule('${from}') from @simile/core/platform`;
  }
  const name = packageOf(from);
  if (name === importer.manifestName) return `imports its own package by name (${from}); use a relative path`;
  if (name.startsWith('@tooling/') || workspace.apps.some((app) => app.manifest.name === name)) {
    return `imports ${from}: packages never know tooling or apps`;
  }
  if (name.startsWith('@tensorflow/') && !type && !SEAM.some((file) => file.test(importer.where))) {
    return `imports ${from}: take tensor operations from @simile/core/ops`;
  }
  if (!(name in importer.declared)) return `imports ${name}, which package.json does not declare`;
  const target = workspace.packages.find((member) => member.manifest.name === name);
  const subpath = `.${from.slice(name.length)}`;
  if (target && !(subpath in (target.manifest.exports ?? {}))) return `imports ${from}, which ${name} does not export`;
  if (target && floorOf(name) >= floorOf(importer.manifestName)) return `imports ${name}, which is not below it`;
  return undefined;
}

/** What an import of the package really loads: TensorFlow.js must be declared where it is reached, or not be reached at all. */
function checkReach(workspace: Workspace, { path, folder, manifest }: Member): Finding[] {
  const entries = Object.values(manifest.exports ?? {}).flatMap((entry) =>
    typeof entry === 'string' ? [] : (entry['source'] ?? []),
  );
  const reached = new Map<string, readonly string[]>();
  for (const entry of entries) follow(workspace, join(folder, entry), [], new Set(), reached);
  return [...reached].flatMap(([name, trail]): Finding[] => {
    const where = `${path}/package.json`;
    const chain = [...trail, name].join(' → ');
    if (WITHOUT_TFJS.includes(manifest.name))
      return [{ where, what: `must work without TensorFlow.js, but loads it: ${chain}` }];
    if (name in { ...manifest.peerDependencies, ...manifest.dependencies }) return [];
    return [{ where, what: `loads ${name}, which is no peer dependency of it: ${chain}` }];
  });
}

/** Follows imports that happen at load, across our packages, and notes the first trail to each @tensorflow package. */
function follow(
  workspace: Workspace,
  file: string,
  trail: readonly string[],
  seen: Set<string>,
  reached: Map<string, readonly string[]>,
): void {
  if (seen.has(file) || !existsSync(file)) return;
  seen.add(file);
  const here = [...trail, slashed(workspace.root, file)];
  for (const { from, type, dynamic } of importsOf(file)) {
    if (type || dynamic) continue;
    const name = packageOf(from);
    if (from.startsWith('.')) follow(workspace, resolve(dirname(file), from), here, seen, reached);
    else if (name.startsWith('@tensorflow/')) reached.set(name, reached.get(name) ?? here);
    else {
      const target = workspace.packages.find((member) => member.manifest.name === name);
      const entry = target?.manifest.exports?.[`.${from.slice(name.length)}`];
      const source = typeof entry === 'object' ? entry['source'] : undefined;
      if (target && source) follow(workspace, join(target.folder, source), here, seen, reached);
    }
  }
}

if (isMain(import.meta.url)) {
  const workspace = readWorkspace(root);
  reportFindings('graph', checkGraph(workspace), `${workspace.packages.length} packages`);
}
