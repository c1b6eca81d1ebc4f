import { parse } from 'es-module-lexer/js';
import { transform } from 'sucrase';

/** A file of a program as JavaScript, line for line. */
export interface CompiledFile {
  readonly code: string;
  readonly imports: readonly StaticImport[];
  /** What it imports while it runs, where that is a plain text. */
  readonly later: readonly string[];
}

export interface StaticImport {
  readonly specifier: string;
  /** Of the specifier in the code, without its quotes. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
}

/** A place in a program that cannot be run. */
export interface ProgramProblem {
  readonly message: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * Strips the types of a file and finds what it imports. `import(…)` becomes a call of `importName(…)`, which the worker offers.
 *
 * @returns The file, or what is wrong with it
 */
export function compile(file: string, source: string, importName: string): CompiledFile | ProgramProblem {
  try {
    let { code } = transform(source, { transforms: ['typescript'], disableESTransforms: true, filePath: file });
    const [all] = parse(code);
    // The last first, so that places before it stay right.
    for (const { d, ss } of all.toSorted((a, b) => b.ss - a.ss)) {
      if (d >= 0) code = `${code.slice(0, ss)}${importName}${code.slice(ss + 'import'.length)}`;
    }
    const later = all.flatMap(({ d, n }) => (d >= 0 && n !== undefined ? [n] : []));
    const [found] = parse(code);
    const imports = found
      .filter(({ d, n }) => d === -1 && n !== undefined)
      .map(({ n, s, e }) => ({ specifier: n!, start: s, end: e, line: code.slice(0, s).split('\n').length }));
    return { code, imports, later };
  } catch (error) {
    return problemOf(file, source, error);
  }
}

function problemOf(file: string, source: string, error: unknown): ProgramProblem {
  const { message, loc, idx } = error as Error & { loc?: { line: number; column: number }; idx?: number };
  const said = message.replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '');
  if (loc) return { message: said, file, line: loc.line, column: loc.column };
  if (idx === undefined) return { message: said, file };
  const before = source.slice(0, idx).split('\n');
  return { message: 'This is no program.', file, line: before.length, column: before.at(-1)!.length + 1 };
}
