import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

export interface Import {
  readonly from: string;
  /** Erased before it runs. */
  readonly type: boolean;
  /** `import(…)`: not there until called. */
  readonly dynamic: boolean;
  readonly line: number;
}

/** What a module imports or re-exports, in order. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const { program, module } = parseSync(file, text);
  const { staticImports, dynamicImports } = module;
  const line = (at: number): number => text.slice(0, at).split('\n').length;
  const imports: (Import & { at: number })[] = staticImports.map(({ moduleRequest, entries, start }) => ({
    from: moduleRequest.value,
    type: entries.length > 0 && entries.every((entry) => entry.isType),
    dynamic: false,
    line: line(start),
    at: start,
  }));
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration' && node.type !== 'ExportAllDeclaration') continue;
    if (!node.source) continue;
    const named = node.type === 'ExportNamedDeclaration' ? node.specifiers : [];
    const type =
      node.exportKind === 'type' || (named.length > 0 && named.every(({ exportKind }) => exportKind === 'type'));
    imports.push({ from: node.source.value, type, dynamic: false, line: line(node.start), at: node.start });
  }
  for (const { moduleRequest, start } of dynamicImports) {
    const literal = /^(['"`])([^'"`$]*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal?.[2] !== undefined)
      imports.push({ from: literal[2], type: false, dynamic: true, line: line(start), at: start });
  }
  return imports
    .sort((a, b) => a.at - b.at)
    .map(({ from, type, dynamic, line: row }) => ({ from, type, dynamic, line: row }));
}

/** The package of a specifier: `@simile/core/ops` → `@simile/core`. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
