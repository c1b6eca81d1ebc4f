import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import type { ChangeDesc, Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** Errors of two origins under one code: those that a run gave, and those of the compiler. */
export interface ErrorMarks {
  /** Follows the code as it changes. */
  readonly extension: Extension;
  /** Errors of a run: they are out of date with the next change of the code. */
  showRun(view: EditorView, errors: readonly Diagnostic[]): void;
  /** Errors of the compiler: they stay, and move with the code, until it gives others. */
  showTypes(view: EditorView, errors: readonly Diagnostic[]): void;
  /** Forgets all, for another program. */
  clear(): void;
}

/** Keeps errors of runs and of the compiler apart, and marks both. */
export function errorMarks(): ErrorMarks {
  let ofRun: readonly Diagnostic[] = [];
  let ofTypes: readonly Diagnostic[] = [];
  const mark = (view: EditorView): void => {
    view.dispatch(setDiagnostics(view.state, [...ofRun, ...ofTypes]));
  };
  return {
    extension: EditorView.updateListener.of(({ docChanged, changes, view }) => {
      if (!docChanged) return;
      ofTypes = ofTypes.map((error) => moved(error, changes));
      if (ofRun.length === 0) return;
      ofRun = [];
      mark(view);
    }),
    showRun: (view, errors) => {
      ofRun = errors;
      mark(view);
    },
    showTypes: (view, errors) => {
      ofTypes = errors;
      mark(view);
    },
    clear: () => {
      ofRun = [];
      ofTypes = [];
    },
  };
}

function moved(error: Diagnostic, changes: ChangeDesc): Diagnostic {
  const from = changes.mapPos(error.from, 1);
  return { ...error, from, to: Math.max(from, changes.mapPos(error.to, -1)) };
}
