import { Compartment, EditorState, Prec, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { basics } from './basics.ts';
import { diagnostics, type CodeError } from './diagnostics.ts';
import { errorMarks } from './error-marks.ts';
import { editorHint } from './hint.ts';
import { editorTheme } from './theme.ts';
import type { OpenTypeService } from './types/open-type-service.ts';
import { whenIdle } from './when-idle.ts';
import './editor.css';

/** Options of {@link mountEditor}. */
export interface EditorOptions {
  /** Program to begin with. */
  readonly code: string;
  /** What a reader of screens hears as the name of the editor: "Program", "Loss". */
  readonly label: string;
  /** Name of the file that the code is. Default `main.ts`. */
  readonly file?: string;
  /** The other files of the program, by name, for type help. Default none. */
  readonly others?: () => Readonly<Record<string, string>>;
  /** Called with the program after each change that the reader makes; not when `code` is set. */
  readonly onChange?: (code: string) => void;
  /** Called on Ctrl-Enter (Cmd-Enter on a Mac). */
  readonly onRun?: () => void;
  /** Completion, types and errors, from a worker that loads once the page is idle. Default true. */
  readonly types?: boolean;
}

/** An editor on the page. */
export interface Editor {
  /** The program. Setting it forgets the history of undo and the errors shown. */
  code: string;
  /** Shows another file of the program. */
  open(file: string, code: string): void;
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
export function mountEditor(element: HTMLElement, options: EditorOptions): Editor {
  const { code, label, others = () => ({}), onChange, onRun, types = true } = options;
  let { file = 'main.ts' } = options;
  const hint = editorHint({ runs: onRun !== undefined });
  const marks = errorMarks();
  const help = new Compartment();
  let helpNow: () => Extension = () => [];
  const own: Extension[] = [
    Prec.highest(keymap.of(onRun ? [{ key: 'Mod-Enter', run: () => (onRun(), true) }] : [])),
    basics(),
    editorTheme(),
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': hint.element.id, tabindex: '0' }),
    marks.extension,
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange?.(state.doc.toString());
    }),
  ];
  const stateOf = (doc: string): EditorState => EditorState.create({ doc, extensions: [own, help.of(helpNow())] });

  const view = new EditorView({ state: stateOf(code), parent: element });
  element.append(hint.element);
  const show = (name: string, text: string): void => {
    file = name;
    marks.clear();
    view.setState(stateOf(text));
  };

  let opened: OpenTypeService | undefined;
  let disposed = false;
  const loadTypes = async (): Promise<void> => {
    await whenIdle();
    if (disposed) return;
    hint.types('loading');
    try {
      const [{ openTypeService }, { typeHelp }] = await Promise.all([
        import('./types/open-type-service.ts'),
        import('./types/type-help.ts'),
      ]);
      const address = new URL(`${import.meta.env.BASE_URL}types/declarations.bin`, location.href);
      opened = await openTypeService(address.href);
      if (disposed) return opened.close();
      const { service } = opened;
      const onErrors = marks.showTypes.bind(undefined, view);
      helpNow = () => typeHelp({ service, file, others, onErrors });
      view.dispatch({ effects: help.reconfigure(helpNow()) });
      hint.types('on');
    } catch (error) {
      console.warn('Type help could not be loaded:', error);
      hint.types('failed');
    }
  };
  if (types) void loadTypes();

  return {
    get code() {
      return view.state.doc.toString();
    },
    set code(text) {
      show(file, text);
    },
    open: show,
    showErrors: (errors) => marks.showRun(view, diagnostics(view.state.doc, errors)),
    focus: () => view.focus(),
    dispose: () => {
      disposed = true;
      view.destroy();
      hint.element.remove();
      opened?.close();
    },
  };
}
