import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** Top of the repository. */
export const root: string = resolve(import.meta.dirname, '../../..');

const parsed = new Map<string, ts.SourceFile>();

/** A source file as a syntax tree; each is read once. */
export function sourceFile(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known) return known;
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  parsed.set(path, file);
  return file;
}

/** A path as it stands in the repository, with slashes. */
export function fromRoot(path: string): string {
  return relative(root, path).replaceAll('\\', '/');
}

/** File that an import of ours leads to; undefined for a package of others. */
function resolveImport(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return resolve(dirname(from), specifier);
  const [, name, subpath = ''] = /^@simile\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  if (!name) return undefined;
  const folder = join(root, 'packages', name);
  if (!existsSync(folder)) return undefined;
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports: Record<string, { source: string }>;
  };
  const entry = exports[`.${subpath}`];
  return entry && join(folder, entry.source);
}

/** A name that a file exports, and where it is declared. */
export interface Exported {
  readonly name: string;
  /** Its name in the file that declares it. */
  readonly local: string;
  readonly file: string;
  /** Only there for the compiler. */
  readonly type: boolean;
}

/** What a file exports, its re-exports followed to where they are declared. */
export function exportsOf(path: string): Exported[] {
  return sourceFile(path).statements.flatMap((statement): Exported[] => {
    if (ts.isExportDeclaration(statement)) return reExports(statement, path);
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => own(name.getText(), path, false));
    }
    const type = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const { name } = statement as ts.Statement & { name?: ts.Identifier };
    return name ? [own(name.text, path, type)] : [];
  });
}

function own(name: string, file: string, type: boolean): Exported {
  return { name, local: name, file, type };
}

function reExports({ exportClause, moduleSpecifier, isTypeOnly }: ts.ExportDeclaration, path: string): Exported[] {
  const specifier = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
  const target = specifier === undefined ? path : resolveImport(specifier, path);
  if (!exportClause) return target && target !== path ? exportsOf(target) : [];
  if (!ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.map((element) => {
    const local = (element.propertyName ?? element.name).text;
    const found = target && target !== path ? exportsOf(target).find(({ name }) => name === local) : undefined;
    return {
      name: element.name.text,
      local: found?.local ?? local,
      file: found?.file ?? target ?? path,
      type: isTypeOnly || element.isTypeOnly || (found?.type ?? false),
    };
  });
}

/** A declaration, and the file it stands in. */
export interface Declared<T extends ts.Node = ts.Node> {
  readonly node: T;
  readonly file: string;
}

/** What a name means in a file: declared there, or imported from a file of ours; undefined for what others declare. */
export function declarationOf(name: string, path: string): Declared | undefined {
  for (const statement of sourceFile(path).statements) {
    if ((statement as ts.Statement & { name?: ts.Identifier }).name?.text === name) {
      const function_ = ts.isFunctionDeclaration(statement);
      if (!function_ || statement.body) return { node: statement, file: path };
    }
    if (ts.isVariableStatement(statement)) {
      const found = statement.declarationList.declarations.find((one) => one.name.getText() === name);
      if (found) return { node: found, file: path };
    }
    const specifier = importedFrom(statement, name);
    if (!specifier) continue;
    const target = resolveImport(specifier.from, path);
    const exported = target && exportsOf(target).find((one) => one.name === specifier.name);
    return exported ? declarationOf(exported.local, exported.file) : undefined;
  }
  return undefined;
}

function importedFrom(statement: ts.Statement, name: string): { name: string; from: string } | undefined {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return undefined;
  const bindings = statement.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return undefined;
  const element = bindings.elements.find((one) => one.name.text === name);
  return element && { name: (element.propertyName ?? element.name).text, from: statement.moduleSpecifier.text };
}
