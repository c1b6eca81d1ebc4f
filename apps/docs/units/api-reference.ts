import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Application, Comment, ReflectionKind, type DeclarationReflection, type ProjectReflection } from 'typedoc';
import { cached } from './cache.ts';
import { root } from './sources.ts';
import { allUnits, linkTo } from './units.ts';

/** A module that packages publish. */
export interface PublishedModule {
  /** What one imports it by. */
  readonly name: string;
  /** Its page below `/api/`. */
  readonly id: string;
  /** Source of its entry, in the repository. */
  readonly file: string;
}

/** Modules of all packages; the umbrella's come last, so that names belong to the package that declares them. */
export function publishedModules(): PublishedModule[] {
  const folders = readdirSync(join(root, 'packages')).toSorted();
  return [...folders.filter((name) => name !== 'simile'), 'simile'].flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
      name: string;
      exports: Record<string, string | { source?: string }>;
    };
    return Object.entries(manifest.exports).flatMap(([subpath, entry]) => {
      if (typeof entry === 'string' || !entry.source || subpath.includes('worker')) return [];
      const name = manifest.name + subpath.slice(1);
      const file = posix.join('packages', folder, entry.source);
      return [{ name, id: idOf(name), file }];
    });
  });
}

/** `index` is the name of a folder's own page. */
function idOf(module: string): string {
  return module === '@simile/index' ? 'vector-index' : module.replace('@simile/', '').replaceAll('/', '-');
}

/** Address of a module's page. */
export function apiLink(module: string): string {
  return `/api/${idOf(module)}`;
}

/** The page of all modules. */
export function apiIndexPage(): string {
  const rows = publishedModules().map(({ name }) => `| [\`${name}\`](${apiLink(name)}) |`);
  return `---
title: API reference
description: Every name that the packages export, with its types.
---

# API reference

Every name that the packages export, with its types, made from the sources. What one calls most has [a page of its own](/units).

${['| module |', '| --- |', ...rows].join('\n')}
`;
}

/** The page of each module by its id, as Markdown. Some seconds, or none where no source has changed. */
export function apiPages(): Promise<Record<string, string>> {
  return cached('api', makePages);
}

async function makePages(): Promise<Record<string, string>> {
  const modules = publishedModules();
  const cache = join(import.meta.dirname, '../.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'api-'));
  const out = join(folder, 'out');
  const files = modules.map(({ file }) => join(root, file));
  const tsconfig = join(folder, 'tsconfig.json');
  writeFileSync(tsconfig, JSON.stringify({ extends: join(root, 'apps/docs/tsconfig.json'), include: [], files }));
  try {
    const app = await Application.bootstrapWithPlugins({
      entryPoints: files,
      tsconfig,
      plugin: ['typedoc-plugin-markdown'],
      outputs: [{ name: 'markdown', path: out }],
      router: 'module',
      basePath: root,
      displayBasePath: root,
      readme: 'none',
      logLevel: 'Error',
      skipErrorChecking: true, // `pnpm types` does that
      disableGit: true,
      disableSources: true,
      excludeExternals: true,
      excludePrivate: true,
      hideGenerator: true,
      ...({
        hidePageHeader: true,
        hideBreadcrumbs: true,
        parametersFormat: 'table',
        interfacePropertiesFormat: 'table',
        propertiesFormat: 'table',
        typeAliasPropertiesFormat: 'table',
        sanitizeComments: true,
      } as object),
    });
    const project = await app.convert();
    if (!project) throw new Error('TypeDoc could not read the packages');
    nameModules(project, modules);
    sendToUnits(project);
    await app.generateOutputs(project);
    return pagesIn(out, modules);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** TypeDoc calls a module by the folder of its entry. */
function typedocName({ file }: PublishedModule): string {
  return file.replace(/(\/index)?\.ts$/, '');
}

function nameModules({ children = [] }: ProjectReflection, modules: readonly PublishedModule[]): void {
  for (const child of children) {
    const found = modules.find((one) => typedocName(one) === child.name);
    if (!found) throw new Error(`TypeDoc has a module ${child.name} that no package publishes`);
    child.name = found.name;
  }
}

/** What has a page of its own is not told twice: a sentence, and the way there. */
function sendToUnits({ children = [] }: ProjectReflection): void {
  const units = new Map(allUnits().map((unit) => [`${unit.from} ${unit.name}`, unit]));
  const each = (declaration: DeclarationReflection, module: string): void => {
    const unit = declaration.kind === ReflectionKind.Function && units.get(`${module} ${declaration.name}`);
    if (!unit) return;
    const [sentence = ''] = unit.docs.lead.split(/(?<=\.)\s/);
    const text = `${sentence.replace(/\{@link (\w+)\}/g, '`$1`')} [Its page](${linkTo(unit)}).`;
    for (const signature of declaration.signatures ?? []) {
      signature.comment = new Comment([{ kind: 'text', text }]);
      for (const parameter of signature.parameters ?? []) delete parameter.comment;
    }
  };
  for (const module of children) for (const declaration of module.children ?? []) each(declaration, module.name);
}

/** The files that TypeDoc wrote, with links that go to pages. */
function pagesIn(folder: string, modules: readonly PublishedModule[]): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  const pages: Record<string, string> = {};
  for (const module of modules) {
    const own = files.find((file) => moduleOf(file)?.id === module.id);
    if (!own) throw new Error(`TypeDoc wrote no page of ${module.name}: there are ${files.join(', ')}`);
    const text = readFileSync(join(folder, own), 'utf8');
    const head = `---\ntitle: ${JSON.stringify(module.name)}\noutline: [2, 3]\n---\n\n`;
    pages[module.id] =
      head +
      text.replaceAll(/\]\(([^)\s]+\.md)(#[^)\s]*)?\)/g, (_, to: string, anchor = '') => {
        const id = moduleOf(posix.normalize(posix.join(posix.dirname(own), to)))?.id;
        return `](/api/${id ?? ''}${anchor})`;
      });
  }
  return pages;

  function moduleOf(file: string): PublishedModule | undefined {
    return modules.find(({ name }) => file === `${name}.md`);
  }
}
