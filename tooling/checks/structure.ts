// What each package must have: files, fields, exports that exist, a test and docs for each public unit.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseSync, type Comment } from 'oxc-parser';
import { importsOf } from './imports.ts';
import { root } from './run.ts';
import { isMain, isTest, readWorkspace, reportFindings, slashed, sourceFiles } from './workspace.ts';
import type { Finding, Manifest, Member, Workspace } from './workspace.ts';

const FILES = ['README.md', 'LICENSE', 'package.json', 'tsconfig.json', 'tsdown.config.ts', 'src/index.ts'];
const LONGEST_UNIT = 150; // lines of code, comments and blank lines left out

export function checkStructure(workspace: Workspace): Finding[] {
  return [
    ...workspace.packages.flatMap((member) => [
      ...checkFiles(workspace, member),
      ...checkFields(workspace, member),
      ...checkExports(member),
      ...checkSources(workspace, member),
    ]),
    ...checkCatalog(workspace),
    ...checkErrorDocs(workspace),
  ];
}

function checkFiles({ root: top }: Workspace, { path, folder }: Member): Finding[] {
  const missing = FILES.filter((file) => !existsSync(join(folder, file)));
  const findings = missing.map((file) => ({ where: path, what: `has no ${file}` }));
  const licence = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  if (!missing.includes('LICENSE') && licence(join(folder, 'LICENSE')) !== licence(join(top, 'LICENSE'))) {
    findings.push({ where: `${path}/LICENSE`, what: 'differs from the LICENSE of the root' });
  }
  return findings;
}

function checkFields({ rootManifest }: Workspace, { path, folder, manifest }: Member): Finding[] {
  const name = basename(folder) === 'simile' ? 'simile' : `@simile/${basename(folder)}`;
  const same = (got: unknown, wanted: unknown): boolean => JSON.stringify(got) === JSON.stringify(wanted);
  const wanted: [field: string, got: unknown, wanted: unknown][] = [
    ['name', manifest.name, name],
    ['license', manifest.license, 'Apache-2.0'],
    ['type', manifest.type, 'module'],
    ['sideEffects', manifest.sideEffects, false],
    ['files', manifest.files, ['dist']],
    ['engines', manifest.engines, rootManifest.engines],
    ['repository.directory', manifest.repository?.directory, path],
    ['publishConfig.access', manifest.publishConfig?.access, 'public'],
  ];
  const where = `${path}/package.json`;
  const findings = wanted
    .filter(([, got, right]) => !same(got, right))
    .map(([field, got, right]) => ({
      where,
      what: `${field} must be ${JSON.stringify(right)}, but is ${JSON.stringify(got)}`,
    }));
  if (!manifest.description?.endsWith('.'))
    findings.push({ where, what: 'description must be a sentence with a full stop' });
  if (manifest.private) findings.push({ where, what: 'is private: packages/ holds what is published' });
  for (const script of ['build', 'types', 'test']) {
    if (!manifest.scripts?.[script]) findings.push({ where, what: `has no script ${script}` });
  }
  const browserTests = sourceFiles(join(folder, 'src')).some((file) => file.endsWith('.browser.test.ts'));
  if (browserTests && !manifest.scripts?.['test:browser']) {
    findings.push({ where, what: 'has browser tests but no script test:browser' });
  }
  if (!browserTests && manifest.scripts?.['test:browser']) {
    findings.push({ where, what: 'has a script test:browser but no *.browser.test.ts' });
  }
  return findings;
}

/** `exports`, `publishConfig.exports`, `bin`, the sources and the entries of the build must all say the same. */
function checkExports({ path, folder, manifest }: Member): Finding[] {
  const where = `${path}/package.json`;
  const findings: Finding[] = [];
  const { '.': main, './package.json': self, ...subpaths } = manifest.exports ?? {};
  if (self !== './package.json') findings.push({ where, what: "exports must hold './package.json'" });
  const sources: string[] = [];
  for (const [subpath, entry] of Object.entries({ '.': main, ...subpaths })) {
    if (typeof entry === 'string' && subpath.endsWith('/*')) {
      // A folder of files that are not modules: kernels, scripts of workers.
      if (!entry.startsWith('./dist/')) findings.push({ where, what: `exports['${subpath}'] must lie in ./dist` });
      if (manifest.publishConfig?.exports?.[subpath] !== entry)
        findings.push({ where, what: `publishConfig.exports['${subpath}'] must be ${JSON.stringify(entry)}` });
      continue;
    }
    if (typeof entry !== 'object' || !entry['source']) {
      findings.push({ where, what: `exports['${subpath}'] must have source, types and default` });
      continue;
    }
    const { source } = entry;
    sources.push(source);
    const built = source.replace('./src/', './dist/').replace(/\.ts$/, '');
    const right = { source, types: `${built}.d.ts`, default: `${built}.js` };
    if (JSON.stringify(entry) !== JSON.stringify(right)) {
      findings.push({ where, what: `exports['${subpath}'] must be ${JSON.stringify(right)}` });
    }
    if (!existsSync(join(folder, source)))
      findings.push({ where, what: `exports['${subpath}']: ${source} does not exist` });
    const { source: _, ...published } = right;
    const got = manifest.publishConfig?.exports?.[subpath];
    if (JSON.stringify(got) !== JSON.stringify(published)) {
      findings.push({ where, what: `publishConfig.exports['${subpath}'] must be ${JSON.stringify(published)}` });
    }
  }
  for (const subpath of Object.keys(manifest.publishConfig?.exports ?? {})) {
    if (!(subpath in (manifest.exports ?? {})))
      findings.push({ where, what: `publishConfig.exports['${subpath}'] is not in exports` });
  }
  const programs = Object.values(manifest.bin ?? {}).map((file) =>
    file.replace('./dist/', './src/').replace(/\.js$/, '.ts'),
  );
  const config = join(folder, 'tsdown.config.ts');
  if (existsSync(config)) {
    const built = new Set(readFileSync(config, 'utf8').match(/(?<=['"])(?:\.\/)?src\/[^'"]+\.ts(?=['"])/g) ?? []);
    const entries = new Set([...built].map((file) => `./${file.replace(/^\.\//, '')}`));
    for (const file of [...sources, ...programs]) {
      if (!entries.has(file))
        findings.push({ where: `${path}/tsdown.config.ts`, what: `${file} is exported but not an entry` });
    }
  }
  return findings;
}

function checkSources(workspace: Workspace, member: Member): Finding[] {
  const { folder, manifest } = member;
  const files = sourceFiles(join(folder, 'src'));
  const entries = Object.values(manifest.exports ?? {}).flatMap((entry) =>
    typeof entry === 'object' && entry['source'] ? [join(folder, entry['source'])] : [],
  );
  const units = publicNames(entries);
  return files.flatMap((file) => {
    const where = slashed(workspace.root, file);
    const findings = checkName(where, basename(file));
    if (isTest(file) || file.endsWith('.d.ts')) return findings;
    if (basename(file) === 'index.ts') return [...findings, ...checkIndex(where, file)];
    if (basename(file) === 'plugin.ts' && !where.startsWith('packages/core/'))
      return [...findings, ...checkPlugin(where, file)];
    const names = units.get(file);
    const unit = readUnit(file, names ?? new Set());
    if (unit.lines > LONGEST_UNIT)
      findings.push({ where, what: `has ${unit.lines} lines of code, more than ${LONGEST_UNIT}: split it` });
    if (!names) return findings;
    if (unit.runs && !['.test.ts', '.browser.test.ts'].some((end) => existsSync(file.replace(/\.ts$/, end)))) {
      findings.push({ where, what: `has no test beside it (${basename(file, '.ts')}.test.ts)` });
    }
    return [...findings, ...unit.findings.map(({ line, what }) => ({ where: `${where}:${line}`, what }))];
  });
}

function checkName(where: string, name: string): Finding[] {
  const stem = name.split('.')[0]!;
  const findings: Finding[] = [];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) findings.push({ where, what: 'file names are kebab-case' });
  if (/^(utils?|helpers?|common|misc|stuff)$/.test(stem))
    findings.push({ where, what: `${stem} says nothing: name it after what it holds` });
  return findings;
}

/** Names that packages offer through their entries, by the file that declares them; `*` stands for all of a file. */
function publicNames(entries: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (file: string, names: readonly string[]): void => {
    if (!existsSync(file)) return;
    const known = found.get(file) ?? new Set();
    found.set(file, known);
    const fresh = names.filter((name) => !known.has(name));
    for (const name of fresh) known.add(name);
    if (fresh.length === 0) return;
    const { staticExports } = parseSync(file, readFileSync(file, 'utf8')).module;
    for (const { moduleRequest, importName, exportName } of staticExports.flatMap(
      ({ entries: exported }) => exported,
    )) {
      if (!moduleRequest?.value.startsWith('.')) continue;
      const all = known.has('*') || importName.kind === 'All' || importName.kind === 'AllButDefault';
      if (!all && !known.has(exportName.name ?? '')) continue;
      visit(resolve(dirname(file), moduleRequest.value), [importName.name ?? '*']);
    }
  };
  for (const entry of entries) visit(entry, ['*']);
  return found;
}

function checkIndex(where: string, file: string): Finding[] {
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  const others = program.body.filter(
    (node) => node.type !== 'ExportNamedDeclaration' && node.type !== 'ExportAllDeclaration',
  );
  const declares = program.body.some((node) => node.type === 'ExportNamedDeclaration' && node.declaration);
  const findings = others.length > 0 || declares ? [{ where, what: 'index.ts holds exports only' }] : [];
  for (const { from, line } of importsOf(file)) {
    if (from.startsWith('@simile/') && !where.startsWith('packages/simile/')) {
      findings.push({ where: `${where}:${line}`, what: `re-exports ${from}: import it from its owner` });
    }
  }
  return findings;
}

/** Ids of a plugin are the names of the files that hold the units. */
function checkPlugin(where: string, file: string): Finding[] {
  const kinds = /\b(?:losses|distances|miners|samplers|layers|datasets): \{([^}]*)\}/g;
  const objects = [...readFileSync(file, 'utf8').matchAll(kinds)].map((match) => match[1]!);
  const ids = objects.flatMap((object) =>
    object.split(',').map((pair) => pair.split(':')[0]!.trim().replaceAll("'", '')),
  );
  return ids.filter(Boolean).flatMap((id) => {
    return existsSync(join(dirname(file), `${id}.ts`))
      ? []
      : [{ where, what: `offers ${id}, but there is no ${id}.ts` }];
  });
}

interface Unit {
  readonly lines: number;
  /** It declares a public name that is there at run time; a list of re-exports does not. */
  readonly runs: boolean;
  readonly findings: readonly { readonly line: number; readonly what: string }[];
}

/** Reads a unit's length, and whether each public name has a doc comment, `@throws` where it throws, an example somewhere. */
function readUnit(file: string, names: ReadonlySet<string>): Unit {
  const text = readFileSync(file, 'utf8');
  const { program, comments } = parseSync(file, text);
  const lineOf = (at: number): number => text.slice(0, at).split('\n').length;
  const findings: { line: number; what: string }[] = [];
  const isPublic = (name: string): boolean => names.has('*') || names.has(name);
  let runs = false;
  let examples = 0;
  let functions = 0;
  const documented = new Set<string>();
  const missing = new Map<string, number>();
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration' || !node.declaration) continue;
    const { declaration } = node;
    const name = nameOf(declaration);
    if (!isPublic(name)) continue;
    runs ||= declaration.type !== 'TSInterfaceDeclaration' && declaration.type !== 'TSTypeAliasDeclaration';
    const docs = docsBefore(text, comments, node.start);
    const line = lineOf(node.start);
    // Overloads share the docs of one of them.
    if (docs) documented.add(name);
    else missing.set(name, missing.get(name) ?? line);
    if (docs?.includes('@example')) examples++;
    if (!/^(TSDeclareFunction|FunctionDeclaration)$/.test(declaration.type)) continue;
    functions++;
    const body = text.slice(declaration.start, declaration.end);
    if (docs && /\bthrow\b|\bcheck[A-Z]\w*\(/.test(body) && !docs.includes('@throws') && !/ERR_[A-Z]+/.test(docs)) {
      findings.push({ line, what: `${name} throws, and its docs do not say what (@throws)` });
    }
  }
  for (const [name, line] of missing) {
    if (!documented.has(name)) findings.push({ line, what: `${name} is public and has no /** docs */` });
  }
  const isUnit = functions > 0 && isPublic(symbolOf(file)) && declaresFunction(symbolOf(file), program.body);
  if (isUnit && examples === 0)
    findings.push({ line: 1, what: 'a public unit shows its use: no @example in this file' });
  return { lines: codeLines(text, comments), runs, findings };
}

/** A file named after a function it exports is a unit people call, and owes them an example. */
function symbolOf(file: string): string {
  return basename(file, '.ts').replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function declaresFunction(name: string, body: readonly { type: string }[]): boolean {
  return body.some((node) => {
    const { declaration } = node as { declaration?: { type: string } | null };
    return declaration?.type === 'FunctionDeclaration' && nameOf(declaration) === name;
  });
}

function nameOf(declaration: { type: string }): string {
  const { id, declarations } = declaration as {
    id?: { name?: string } | null;
    declarations?: readonly { id: { name?: string } }[];
  };
  return id?.name ?? declarations?.[0]?.id.name ?? 'an export';
}

function docsBefore(text: string, comments: readonly Comment[], start: number): string | undefined {
  const before = comments.findLast((comment) => comment.end <= start);
  if (!before || before.type !== 'Block' || !before.value.startsWith('*')) return undefined;
  return /^\s*$/.test(text.slice(before.end, start)) ? before.value : undefined;
}

function codeLines(text: string, comments: readonly Comment[]): number {
  let code = text;
  for (const { start, end } of comments) {
    code = code.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + code.slice(end);
  }
  return code.split('\n').filter((line) => line.trim() !== '').length;
}

/** Every version once: manifests say `catalog:` or `workspace:`, peers a range the catalog's version lies in. */
function checkCatalog(workspace: Workspace): Finding[] {
  const { packages, apps, tooling, rootManifest, catalog } = workspace;
  const used = new Set<string>();
  const findings: Finding[] = [];
  const members: { where: string; manifest: Manifest }[] = [
    { where: 'package.json', manifest: rootManifest },
    ...[...packages, ...apps, ...tooling].map(({ path, manifest }) => ({ where: `${path}/package.json`, manifest })),
  ];
  for (const { where, manifest } of members) {
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      used.add(name);
      if (range === 'catalog:' && !catalog[name]) findings.push({ where, what: `${name} is not in the catalog` });
      if (!/^(catalog:|workspace:[*^])$/.test(range) && !range.startsWith('npm:')) {
        findings.push({ where, what: `${name} must be catalog: or workspace:, but is ${range}` });
      }
    }
    for (const [name, range] of Object.entries(peerDependencies ?? {})) {
      const version = catalog[name];
      if (version && range !== version && range !== `^${version}`) {
        findings.push({ where, what: `peer ${name} must be ${version} or ^${version}, but is ${range}` });
      }
    }
  }
  for (const name of Object.keys(catalog)) {
    if (!used.has(name)) findings.push({ where: 'pnpm-workspace.yaml', what: `nothing uses ${name} of the catalog` });
  }
  return findings;
}

/** Each error code has its section in docs/errors.md, and no section is about a code that is gone. */
function checkErrorDocs({ root: top }: Workspace): Finding[] {
  const read = (file: string): string => (existsSync(join(top, file)) ? readFileSync(join(top, file), 'utf8') : '');
  const codes = new Set(read('packages/core/src/errors.ts').match(/(?<=^  \| ')ERR_[A-Z]+/gm));
  const sections = new Set(read('docs/errors.md').match(/(?<=^## )ERR_[A-Z]+$/gm));
  return [
    ...[...codes]
      .filter((code) => !sections.has(code))
      .map((code) => ({ where: 'docs/errors.md', what: `has no section ${code}` })),
    ...[...sections]
      .filter((code) => !codes.has(code))
      .map((code) => ({ where: 'docs/errors.md', what: `${code} is no code any more` })),
  ];
}

if (isMain(import.meta.url)) {
  const workspace = readWorkspace(root);
  reportFindings('structure', checkStructure(workspace), `${workspace.packages.length} packages`);
}
