import { typescriptLanguage } from '@codemirror/lang-javascript';
import { highlightingFor } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';
import { highlightCode } from '@lezer/highlight';
import type { Description } from './type-service.ts';

/** A declaration, in the colours of the editor, with its documentation below. Texts stay texts: nothing is read as markup. */
export function describeElement(state: EditorState, { signature, documentation }: Description): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-description';
  const code = document.createElement('code');
  highlightCode(
    signature,
    typescriptLanguage.parser.parse(signature),
    { style: (tags) => highlightingFor(state, tags) },
    (text, classes) => {
      const part = document.createElement('span');
      part.className = classes;
      part.textContent = text;
      code.append(part);
    },
    () => code.append('\n'),
  );
  element.append(code);
  if (documentation) element.append(Object.assign(document.createElement('p'), { textContent: documentation }));
  return element;
}
