import type ts from 'typescript';
import type { Declarations } from '../declarations/gather-declarations.ts';
import { programFolder, programHost } from './program-host.ts';

/** What stands under a place of the code, or may stand there. */
export interface Description {
  /** Declaration in one line or a few: `function mean(x: Tensor): Tensor`. */
  readonly signature: string;
  /** First sentences of its documentation, as plain text; empty where there is none. */
  readonly documentation: string;
}

/** A stretch of code, in characters from its start. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A completion that may stand at a place. */
export interface CompletionItem {
  readonly label: string;
  /** `function`, `const`, `interface`, `module` … as the compiler calls it. */
  readonly kind: string;
  /** How it would be typed, where that is not the label. */
  readonly insert?: string;
  /** From 0, for what is nearest to the place, upwards: members before globals. */
  readonly group: number;
}

/** Completions of a place. */
export interface Completions extends Stretch {
  readonly items: readonly CompletionItem[];
}

/** An error of the compiler. */
export interface TypeError extends Stretch {
  readonly message: string;
  /** It is no error, but worth a hint: something deprecated or unused. */
  readonly hint: boolean;
}

/** Answers about types of a program. Offsets are characters from the start of a file. */
export interface TypeService {
  /** Replaces all files of the program: by name, `main.ts`. */
  setFiles(files: Readonly<Record<string, string>>): void;
  completions(file: string, at: number): Completions | undefined;
  /** What a completion is, in full. */
  describe(file: string, at: number, item: CompletionItem): Description | undefined;
  hover(file: string, at: number): (Description & Stretch) | undefined;
  errors(file: string): TypeError[];
}

/**
 * The compiler's language service over a program in memory and the declarations of packages.
 *
 * @example
 * const service = createTypeService(ts, declarations);
 * service.setFiles({ 'main.ts': 'const x: number = true;' });
 * service.errors('main.ts'); // [{ from: 6, to: 7, message: "Type 'boolean' is not assignable to type 'number'.", hint: false }]
 */
export function createTypeService(typescript: typeof ts, declarations: Declarations): TypeService {
  const host = programHost(typescript, declarations);
  const service = typescript.createLanguageService(host);
  const path = (file: string): string => programFolder + file;
  const read = (parts: readonly ts.SymbolDisplayPart[] | undefined): string =>
    typescript.displayPartsToString(parts ? [...parts] : undefined);
  const inProgram = (file: string): boolean => host.fileExists(path(file));

  return {
    setFiles: (files) => host.setFiles(files),
    completions: (file, at) => {
      const found = inProgram(file) ? service.getCompletionsAtPosition(path(file), at, {}) : undefined;
      if (!found || found.entries.length === 0) return undefined;
      const { start, length } = found.optionalReplacementSpan ?? {};
      const groups = [...new Set(found.entries.map(({ sortText }) => sortText))].sort();
      const items = found.entries.map(({ name, kind, insertText, sortText }): CompletionItem => ({
        label: name,
        kind,
        group: Math.min(groups.indexOf(sortText), 99),
        ...(insertText !== undefined && { insert: insertText }),
      }));
      return {
        from: start ?? wordStart(host.readFile!(path(file))!, at),
        to: start === undefined ? at : start + length!,
        items,
      };
    },
    describe: (file, at, { label }) => {
      const details = service.getCompletionEntryDetails(
        path(file),
        at,
        label,
        undefined,
        undefined,
        undefined,
        undefined,
      );
      return details && { signature: read(details.displayParts), documentation: shorten(read(details.documentation)) };
    },
    hover: (file, at) => {
      const info = inProgram(file) ? service.getQuickInfoAtPosition(path(file), at) : undefined;
      if (!info) return undefined;
      const { start, length } = info.textSpan;
      const documentation = shorten(read(info.documentation));
      return { from: start, to: start + length, signature: read(info.displayParts), documentation };
    },
    errors: (file) => {
      if (!inProgram(file)) return [];
      const found = [...service.getSyntacticDiagnostics(path(file)), ...service.getSemanticDiagnostics(path(file))];
      return found.map(({ start = 0, length = 0, messageText, category }) => ({
        from: start,
        to: start + length,
        message: typescript.flattenDiagnosticMessageText(messageText, '\n'),
        hint: category !== typescript.DiagnosticCategory.Error,
      }));
    },
  };
}

function wordStart(text: string, at: number): number {
  return at - /[\w$]*$/.exec(text.slice(0, at))![0].length;
}

/** The first paragraph of a documentation, without the marks of links. */
function shorten(documentation: string): string {
  const [first = ''] = documentation.split(/\n\s*\n/);
  return first
    .replace(/\{@link ([^}|]*?)\s*(?:\|\s*([^}]*))?\}/g, (_, name: string, text?: string) => text ?? name)
    .trim();
}
