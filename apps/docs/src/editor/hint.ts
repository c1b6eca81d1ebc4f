/** The line under an editor that says which keys it has; readers of screens hear it with the editor's name. */
export interface Hint {
  readonly element: HTMLElement;
  /** Says whether types are known yet. */
  types(state: 'loading' | 'on' | 'failed'): void;
}

/** Makes the line. `runs`: Ctrl-Enter runs the program. */
export function editorHint({ runs }: { readonly runs: boolean }): Hint {
  const command = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';
  const element = document.createElement('p');
  element.id = `editor-hint-${(made += 1)}`;
  element.className = 'editor-hint';
  const keys = `Escape, then Tab, leaves the editor.${runs ? ` ${command}-Enter runs.` : ''}`;
  element.textContent = keys;
  const texts = {
    loading: 'Type help is on its way.',
    on: `Type help is on: ${command}-I says what is at the cursor.`,
    failed: 'Type help could not be loaded; all else works.',
  };
  return {
    element,
    types: (state) => {
      element.dataset['types'] = state;
      element.textContent = `${keys} ${texts[state]}`;
    },
  };
}

/** Hints made on this page, for ids that differ. */
let made = 0;
