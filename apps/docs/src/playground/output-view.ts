import { element, set } from '../loss-lab/element.ts';
import type { Output } from '../sandbox/index.ts';
import { shownView } from './shown-view.ts';

/** What a program printed, on the page. */
export interface OutputView {
  readonly view: HTMLElement;
  clear(): void;
  add(output: Extract<Output, { kind: 'console' | 'progress' | 'error' }>): void;
  /** A line of the page itself. */
  note(text: string): void;
}

/** Lines on the page at most; the first go when more come. */
const MOST = 2000;

/**
 * Lines, tables, pictures and progress bars in the order they come. New ones are read out, and stay in sight while the reader is at the end.
 *
 * @param showLine Asked to show a line of the program, from 1.
 */
export function outputView(showLine: (line: number, column: number | undefined) => void): OutputView {
  const view = element('div', {
    class: 'play-output',
    role: 'log',
    'aria-label': 'Output of the program',
    tabindex: '0',
  });
  const bars = new Map<string, ReturnType<typeof progressBar>>();

  const put = (child: HTMLElement): void => {
    const atEnd = view.scrollHeight - view.scrollTop - view.clientHeight < 40;
    view.append(child);
    if (view.childElementCount > MOST) view.firstElementChild!.remove();
    if (atEnd) view.scrollTop = view.scrollHeight;
  };

  return {
    view,
    clear() {
      view.replaceChildren();
      bars.clear();
    },
    note: (text) => put(element('p', { class: 'play-note' }, text)),
    add(output) {
      if (output.kind === 'progress') {
        const { label, done, total } = output;
        let bar = bars.get(label);
        if (!bar) {
          bars.set(label, (bar = progressBar(label)));
          put(bar.view);
        }
        bar.show(done, total);
      } else if (output.kind === 'error') put(errorView(output, showLine));
      else {
        const { level, parts, at, depth } = output;
        const line = element('div', { class: `play-line play-${level}` });
        line.append(element('time', { 'aria-hidden': 'true' }, `${(at / 1000).toFixed(2)} s`));
        const said = element('div', {
          class: 'play-said',
          style: depth ? `margin-left: ${depth * 1.2}rem` : undefined,
        });
        for (const part of parts) said.append(shownView(part), ' ');
        line.append(said);
        put(line);
      }
    },
  };
}

function progressBar(label: string): { view: HTMLElement; show(done: number, total: number): void } {
  const bar = element('progress', { 'aria-label': label || 'Progress' });
  const numbers = element('span');
  return {
    view: element('div', { class: 'play-progress' }, label ? `${label} ` : '', bar, numbers),
    show(done, total) {
      set(bar, { max: total > 0 ? total : 1, value: done });
      numbers.textContent = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
    },
  };
}

function errorView(
  { message, file, line, column, stack }: Extract<Output, { kind: 'error' }>,
  showLine: (line: number, column: number | undefined) => void,
): HTMLElement {
  const view = element('div', { class: 'play-failure', role: 'alert' }, element('strong', {}, message));
  if (line !== undefined) {
    const go = element('button', { type: 'button' }, `${file}, line ${line}`);
    go.addEventListener('click', () => showLine(line, column));
    view.append(' ', go);
  }
  if (stack && stack.includes('\n')) {
    view.append(element('details', {}, element('summary', {}, 'Where it was'), element('pre', {}, stack)));
  }
  return view;
}
