import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { diagnostics, type CodeError } from './diagnostics.ts';
import { editorTheme } from './theme.ts';
import './editor.css';

/** Options of {@link mountEditor}. */
export interface EditorOptions {
  /** Program to begin with. */
  readonly code: string;
  /** What a reader of screens hears as the name of the editor: "Program", "Loss". */
  readonly label: string;
  /** Called with the program after each change that the reader makes; not when `code` is set. */
  readonly onChange?: (code: string) => void;
  /** Called on Ctrl-Enter (Cmd-Enter on a Mac). */
  readonly onRun?: () => void;
}

/** An editor on the page. */
export interface Editor {
  /** The program. Setting it forgets the history of undo and the errors shown. */
  code: string;
  /** Marks errors under the code, in place of those marked before; they go with the next change of the reader. */
  showErrors(errors: readonly CodeError[]): void;
  focus(): void;
  /** Takes the editor off the page. */
  dispose(): void;
}

/**
 * An editor for TypeScript. Tab indents; Escape and then Tab leaves the editor, as a line under it says while it has the focus.
 *
 * @example
 * const editor = mountEditor(element, { code: 'const x = 1;', label: 'Program', onChange: save });
 * editor.showErrors([{ line: 1, column: 7, message: 'x is not used.' }]);
 */
export function mountEditor(element: HTMLElement, { code, label, onChange, onRun }: EditorOptions): Editor {
  const hint = document.createElement('p');
  hint.id = `editor-hint-${(made += 1)}`;
  hint.className = 'editor-hint';
  hint.textContent = `Escape, then Tab, leaves the editor.${onRun ? ' Ctrl-Enter runs.' : ''}`;

  const changed = EditorView.updateListener.of(({ docChanged, view }) => {
    if (!docChanged) return;
    view.dispatch(setDiagnostics(view.state, []));
    onChange?.(view.state.doc.toString());
  });
  const run = Prec.highest(keymap.of(onRun ? [{ key: 'Mod-Enter', run: () => (onRun(), true) }] : []));
  const named = EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': hint.id, tabindex: '0' });
  const stateOf = (doc: string): EditorState =>
    EditorState.create({ doc, extensions: [run, basics(), editorTheme(), named, changed] });

  const view = new EditorView({ state: stateOf(code), parent: element });
  element.append(hint);
  return {
    get code() {
      return view.state.doc.toString();
    },
    set code(text) {
      view.setState(stateOf(text));
    },
    showErrors: (errors) => view.dispatch(setDiagnostics(view.state, diagnostics(view.state.doc, errors))),
    focus: () => view.focus(),
    dispose: () => {
      view.destroy();
      hint.remove();
    },
  };
}

/** Editors made on this page, for ids that differ. */
let made = 0;

function basics(): Extension {
  return [
    lineNumbers(),
    lintGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    drawSelection(),
    history(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false }),
    javascript({ typescript: true }),
    EditorState.tabSize.of(2),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...lintKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
  ];
}
