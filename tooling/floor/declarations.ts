// What a built package says it offers: the values that an entry's .d.ts exports, and what kind of thing each is.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';

export interface Value {
  readonly name: string;
  /** `unknown` where another package declares it. */
  readonly kind: 'function' | 'class' | 'constant' | 'unknown';
  /** Declared type of a constant, or what a function returns. */
  readonly type: string;
  /** Parameters that must be given; of a function only. */
  readonly required: number;
}

/**
 * Values exported by a .d.ts file, sorted by name. Types are left out.
 *
 * @param entryOf Declarations of another package by specifier, where `export *` is to be followed into it.
 */
export function valuesOf(file: string, entryOf: (specifier: string) => string | undefined = () => undefined): Value[] {
  const text = readFileSync(file, 'utf8');
  const { program, module } = parseSync(file, text);
  const imported = new Map<string, { from: string; name: string }>();
  for (const { moduleRequest, entries } of module.staticImports) {
    for (const { importName, localName } of entries) {
      imported.set(localName.value, { from: moduleRequest.value, name: importName.name ?? 'default' });
    }
  }
  // The module record forgets `type` where a name was imported first.
  const types = new Set(program.body.flatMap((node) => (node.type === 'ExportNamedDeclaration' ? typesOf(node) : [])));
  const values = new Map<string, Value>();
  for (const { exportName, localName, importName, moduleRequest, isType } of module.staticExports.flatMap(
    ({ entries }) => entries,
  )) {
    // `export declare` counts as a type too; what it declares decides.
    if ((isType && moduleRequest) || types.has(exportName.name ?? '')) continue;
    if (importName.kind === 'AllButDefault' && moduleRequest) {
      const target = declarationFile(file, moduleRequest.value) ?? entryOf(moduleRequest.value);
      for (const value of target ? valuesOf(target, entryOf) : [])
        if (value.name !== 'default') values.set(value.name, value);
      continue;
    }
    const name = exportName.name ?? 'default';
    // `import a from` and `export { a as b }` come as one re-export under the local name: what was imported is known better.
    const local = localName.name ?? importName.name ?? name;
    const source = imported.get(local) ?? (moduleRequest && { from: moduleRequest.value, name: local });
    const target = source && declarationFile(file, source.from);
    const found = target
      ? valuesOf(target, entryOf).find((value) => value.name === source.name)
      : declared(program.body, text, local);
    if (found) values.set(name, { ...found, name });
    else if (source && !target) values.set(name, { name, kind: 'unknown', type: '', required: 0 });
  }
  return [...values.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface NamedExport {
  readonly exportKind?: string;
  readonly specifiers: readonly { readonly exportKind?: string; readonly exported: object }[];
}

/** Names that `export { type A }` and `export type { A }` export. */
function typesOf({ exportKind, specifiers }: NamedExport): string[] {
  return specifiers
    .filter((specifier) => exportKind === 'type' || specifier.exportKind === 'type')
    .map(({ exported }) => ('name' in exported ? String(exported.name) : ''));
}

function declarationFile(file: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined;
  const target = resolve(dirname(file), from.replace(/\.js$/, '.d.ts'));
  return existsSync(target) ? target : undefined;
}

interface Annotated {
  readonly typeAnnotation?: { readonly typeAnnotation: { readonly start: number; readonly end: number } } | null;
}

interface Parameter extends Annotated {
  readonly type: string;
  readonly optional?: boolean;
}

/** The value that a file's own declaration makes, or undefined for a type. */
function declared(body: readonly { type: string }[], text: string, name: string): Value | undefined {
  const typeOf = (node: Annotated | undefined): string => {
    const span = node?.typeAnnotation?.typeAnnotation;
    return span ? text.slice(span.start, span.end) : '';
  };
  for (const statement of body) {
    const { declaration } = statement as { declaration?: { type: string } | null };
    const node = (declaration ?? statement) as {
      type: string;
      id?: { name: string } | null;
      params?: readonly Parameter[];
      returnType?: Annotated['typeAnnotation'];
      declarations?: readonly { id: { name: string } & Annotated }[];
    };
    if (/^(TSDeclareFunction|FunctionDeclaration)$/.test(node.type) && node.id?.name === name) {
      const required = (node.params ?? []).filter(
        (parameter) => !parameter.optional && parameter.type !== 'RestElement',
      ).length;
      return { name, kind: 'function', type: typeOf({ typeAnnotation: node.returnType ?? null }), required };
    }
    if (node.type === 'ClassDeclaration' && node.id?.name === name)
      return { name, kind: 'class', type: name, required: 0 };
    const constant = node.declarations?.find(({ id }) => id.name === name);
    if (constant) return { name, kind: 'constant', type: typeOf(constant.id), required: 0 };
  }
  return undefined;
}
