import { element } from '../loss-lab/element.ts';
import type { Editor } from '../editor/index.ts';

/** What {@link codeField} takes. */
export interface CodeFieldOptions {
  readonly code: string;
  readonly onChange: (code: string) => void;
  readonly onRun: () => void;
}

/** The program, to be read and written. */
export interface CodeField {
  readonly view: HTMLElement;
  code: string;
  showError(error: { line: number; column?: number | undefined; message: string } | undefined): void;
  /** Puts the cursor on a line. */
  focusLine(line: number): void;
  dispose(): void;
}

/**
 * A plain text field, in whose place the editor comes once it is loaded. Where it cannot be, the field stays.
 */
export function codeField({ code, onChange, onRun }: CodeFieldOptions): CodeField {
  const field = element('textarea', { 'aria-label': 'Program', spellcheck: 'false', class: 'play-plain', rows: 24 });
  field.value = code;
  field.addEventListener('input', () => onChange(field.value));
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onRun();
  });
  const view = element('div', { class: 'play-code' }, field);
  let editor: Editor | undefined;
  let gone = false;

  const load = async (): Promise<void> => {
    const { mountEditor } = await import('../editor/index.ts');
    if (gone) return;
    const place = element('div', { class: 'play-editor' });
    const focused = document.activeElement === field;
    editor = mountEditor(place, { code: field.value, label: 'Program', onChange, onRun });
    field.replaceWith(place);
    if (focused) editor.focus();
  };
  // The field works as it is.
  load().catch((error: unknown) => console.warn('The editor could not be loaded.', error));

  return {
    view,
    get code() {
      return editor?.code ?? field.value;
    },
    set code(text) {
      if (editor) editor.code = text;
      else field.value = text;
    },
    showError(error) {
      editor?.showErrors(error ? [error] : []);
    },
    focusLine(line) {
      if (editor) return editor.focus();
      const begin =
        field.value
          .split('\n')
          .slice(0, line - 1)
          .join('\n').length + (line > 1 ? 1 : 0);
      field.focus();
      field.setSelectionRange(begin, begin);
    },
    dispose() {
      gone = true;
      editor?.dispose();
      view.remove();
    },
  };
}
