import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';

/** An error of a program, where a reader sees it. */
export interface CodeError {
  /** From 1. Lines that the program does not have count as its first or last. */
  readonly line: number;
  /** From 1; the whole line where it is left out. */
  readonly column?: number | undefined;
  /** A sentence. */
  readonly message: string;
}

/** Errors as CodeMirror marks them: the word that begins at the column, or the line without its indentation. */
export function diagnostics(text: Text, errors: readonly CodeError[]): Diagnostic[] {
  return errors.map(({ line: number, column, message }) => {
    const line = text.line(Math.min(Math.max(1, number), text.lines));
    const indentation = /^\s*/.exec(line.text)![0].length;
    const begin = column === undefined ? indentation : Math.min(Math.max(0, column - 1), line.length);
    const length = column === undefined ? line.length - begin : /^(\w+|.?)/.exec(line.text.slice(begin))![0].length;
    return { from: line.from + begin, to: line.from + begin + length, severity: 'error', message };
  });
}
