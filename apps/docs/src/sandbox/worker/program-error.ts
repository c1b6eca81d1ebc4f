import type { Output } from '../output.ts';

type ErrorOutput = Extract<Output, { kind: 'error' }>;

/** Files of a program, as the worker made them. */
export interface Places {
  /** Name of the file, of a program or of the site, that an address stands for. */
  readonly names: ReadonlyMap<string, string>;
  /** Sources of the program by file name. */
  readonly sources: Readonly<Record<string, string>>;
}

/** What a program threw, with names in place of addresses and the line of the program it came from. */
export function programError(thrown: unknown, places: Places): ErrorOutput {
  if (!isError(thrown)) return { kind: 'error', message: `The program threw ${String(thrown)}` };
  const message = named(headOf(thrown), places.names);
  const stack = named(stackOf(thrown), places.names);
  const place = placeInProgram(stack, places) ?? placeOfImport(message, places);
  return { kind: 'error', message, ...place, stack };
}

function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && typeof (value as Error).message === 'string';
}

/** `SimileError: …`; the name once. */
function headOf({ name, message }: Error): string {
  return name && name !== 'Error' && !message.startsWith(name) ? `${name}: ${message}` : message;
}

function stackOf(error: Error): string {
  const own = error.stack?.includes(error.message) ? error.stack : `${headOf(error)}\n${error.stack ?? ''}`;
  return isError(error.cause) ? `${own.trimEnd()}\nCaused by ${stackOf(error.cause)}` : own.trimEnd();
}

function named(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(/blob:[\w:/.-]+?(?=[:'")\s]|$)/g, (address) => names.get(address) ?? 'a module of the site');
}

/** The place in the program that the text of a stack begins from. */
export function placeOfStack(stack: string, places: Places): Partial<ErrorOutput> | undefined {
  return placeInProgram(named(stack, places.names), places);
}

/** The first frame of the stack that is in the program: `at f (main.ts:3:7)` or `f@main.ts:3:7`. */
function placeInProgram(stack: string, { sources }: Places): Partial<ErrorOutput> | undefined {
  for (const [, file, line, column] of stack.matchAll(/([^\s(@]+):(\d+):(\d+)\)?$/gm)) {
    if (file! in sources) return { file: file!, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** Engines do not say which import asked for a name that a module does not have. */
function placeOfImport(message: string, { sources }: Places): Partial<ErrorOutput> | undefined {
  const [, asked] = /(?:export named|export:) '?(\w+)'?/.exec(message) ?? [];
  if (!asked) return undefined;
  for (const [file, source] of Object.entries(sources)) {
    const imported = [...source.matchAll(/^\s*(?:import|export)\b[^;]*?\bfrom\b/gm)];
    for (const statement of imported) {
      const within = statement[0].search(new RegExp(`\\b${asked}\\b`));
      if (within < 0) continue;
      const before = source.slice(0, statement.index + within).split('\n');
      return { file, line: before.length, column: before.at(-1)!.length + 1 };
    }
  }
  return undefined;
}
