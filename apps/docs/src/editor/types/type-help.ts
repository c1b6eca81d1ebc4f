import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Diagnostic } from '@codemirror/lint';
import { Prec, StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import { hoverTooltip, keymap, showTooltip, ViewPlugin, type EditorView, type Tooltip } from '@codemirror/view';
import type { Remote } from 'comlink';
import { describeElement } from './describe-element.ts';
import type { CompletionItem, TypeService } from './type-service.ts';

/** How long after the last change errors are looked for, in milliseconds. */
const PAUSE = 350;

/** Options of {@link typeHelp}. */
export interface TypeHelpOptions {
  readonly service: Remote<TypeService>;
  /** Name of the file in the editor. */
  readonly file: string;
  /** The other files of the program, by name. */
  readonly others: () => Readonly<Record<string, string>>;
  /** Called with the errors of the program as it is, whenever they are known. */
  readonly onErrors: (errors: Diagnostic[]) => void;
}

/** Completion, types under the pointer (or, with Ctrl-I, at the cursor), and errors, from a type service. */
export function typeHelp({ service, file, others, onErrors }: TypeHelpOptions): Extension {
  const send = (state: EditorState): void => {
    // Messages arrive in order: what is asked next is answered on these files.
    void service.setFiles({ ...others(), [file]: state.doc.toString() });
  };

  const check = async (view: EditorView): Promise<void> => {
    const { doc } = view.state;
    send(view.state);
    const errors = await service.errors(file);
    if (view.state.doc !== doc) return; // changed meanwhile: the next check is on its way
    onErrors(errors.map(({ hint, ...error }) => ({ ...error, severity: hint ? 'hint' : 'error' })));
  };
  const errors = ViewPlugin.define((view) => {
    let timer = 0;
    void check(view);
    return {
      update: ({ docChanged }) => {
        if (!docChanged) return;
        clearTimeout(timer);
        timer = window.setTimeout(() => void check(view), PAUSE);
      },
      destroy: () => clearTimeout(timer),
    };
  });

  const complete = async (context: CompletionContext): Promise<CompletionResult | null> => {
    if (!context.explicit && !context.matchBefore(/[\w$]+$|[.'"/@]$/)) return null;
    send(context.state);
    const found = await service.completions(file, context.pos);
    if (!found || context.aborted) return null;
    const option = (item: CompletionItem): Completion => ({
      label: item.label,
      type: item.kind,
      boost: -item.group,
      ...(item.insert !== undefined && { apply: item.insert }),
      info: async () => {
        const description = await service.describe(file, context.pos, item);
        return description ? describeElement(context.state, description) : null;
      },
    });
    return { from: found.from, options: found.items.map(option), validFor: /^[\w$-]*$/ };
  };

  const describe = async (view: EditorView, at: number): Promise<Tooltip | null> => {
    send(view.state);
    const found = await service.hover(file, at);
    if (!found) return null;
    const { from: pos, to: end } = found;
    return { pos, end, above: true, create: () => ({ dom: describeElement(view.state, found) }) };
  };

  const atCursor = (view: EditorView): boolean => {
    void describe(view, view.state.selection.main.head).then((tooltip) =>
      view.dispatch({ effects: setTooltip.of(tooltip) }),
    );
    return true;
  };
  const close = (view: EditorView): boolean => {
    if (!view.state.field(tooltipAtCursor)) return false;
    view.dispatch({ effects: setTooltip.of(null) });
    return true;
  };

  return [
    autocompletion({ icons: false, override: [complete] }),
    hoverTooltip((view, at) => describe(view, at), { hideOnChange: true }),
    tooltipAtCursor,
    // Before the keys of the editor, which has another meaning for Ctrl-I.
    Prec.high(
      keymap.of([
        { key: 'Mod-i', run: atCursor },
        { key: 'Escape', run: close },
      ]),
    ),
    errors,
  ];
}

const setTooltip = StateEffect.define<Tooltip | null>();

/** The description asked for by key; it goes with the next change or move. */
const tooltipAtCursor = StateField.define<Tooltip | null>({
  create: () => null,
  update: (tooltip, { effects, docChanged, selection }) => {
    for (const effect of effects) if (effect.is(setTooltip)) return effect.value;
    return docChanged || selection ? null : tooltip;
  },
  provide: (field) => showTooltip.from(field),
});
