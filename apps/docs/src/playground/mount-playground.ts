import { element } from '../loss-lab/element.ts';
import { createSandbox, type Output, type Sandbox } from '../sandbox/index.ts';
import { shareButton } from '../share/index.ts';
import { askedByAddress } from './asked-by-address.ts';
import { backendChoice } from './backend-choice.ts';
import { codeField } from './code-field.ts';
import { exampleList } from './example-list.ts';
import { examples, type Example } from './examples.ts';
import { outputView } from './output-view.ts';
import { ownFiles } from './own-files.ts';
import { statusView } from './status-view.ts';
import './playground.css';

/** Options of {@link mountPlayground}. */
export interface PlaygroundOptions {
  /** Name of the example to begin with: `07-sup-con`. Default the first, or what the address says. */
  readonly example?: string | undefined;
  /** A program to begin with, in place of an example. */
  readonly code?: string | undefined;
}

const ENDINGS = { done: 'Done', error: 'Failed', stopped: 'Stopped' } as const;
const FILE = 'main.ts';

/**
 * The playground: examples, a program and what it prints. A program that came with a link is shown, never run unasked.
 *
 * @returns Takes the playground off the page, and ends what runs in it.
 */
export function mountPlayground(place: HTMLElement, { example, code }: PlaygroundOptions = {}): () => void {
  let opened: Example | undefined;
  let sandbox: Promise<Sandbox> | undefined;
  let running = false;
  let gone = false;

  const run = element('button', { type: 'button', class: 'play-run', title: 'Ctrl Enter' }, 'Run');
  const stop = element('button', { type: 'button', class: 'play-stop', disabled: true }, 'Stop');
  const reset = element('button', { type: 'button', disabled: true }, 'Undo my changes');
  const clear = element('button', { type: 'button' }, 'Clear');
  const about = element('p', { class: 'play-about' });
  const backends = backendChoice();
  const status = statusView();
  const field = codeField({
    code: '',
    onChange: () => (reset.disabled = !opened || field.code === opened.code),
    onRun: () => void start(),
  });
  const output = outputView((line) => field.focusLine(line));
  const files = ownFiles((lines) => {
    const imports = lines.match(/^import .*\n/gm)?.join('') ?? '';
    field.code = `${imports}${field.code.trimEnd()}\n\n${lines.replace(imports, '')}`;
    reset.disabled = false;
  });
  const share = shareButton(() => ({
    page: 'playground',
    files: { [FILE]: field.code },
    entry: FILE,
    options: { backend: backends.value, ...(opened && { example: opened.name }) },
  }));

  const open = (next: Example | undefined, text = next?.code ?? ''): void => {
    opened = next;
    field.code = text;
    field.showError(undefined);
    about.textContent = next?.about ?? '';
    reset.disabled = !next || text === next.code;
    list.mark(next?.name);
  };
  const list = exampleList((next) => {
    open(next);
    if (location.hash) history.replaceState(history.state, '', location.pathname + location.search);
    output.clear();
  });

  const hear = (said: Output): void => {
    if (said.kind === 'vitals') status.vitals(said);
    else if (said.kind === 'backend') status.backend(said.report, said.isolated);
    else if (said.kind === 'done') status.done(said);
    else {
      output.add(said);
      if (said.kind === 'error' && said.line !== undefined) field.showError({ ...said, line: said.line });
    }
  };
  const start = async (): Promise<void> => {
    if (running) return;
    running = true;
    [run.disabled, stop.disabled] = [true, false];
    output.clear();
    field.showError(undefined);
    status.begin();
    try {
      sandbox ??= createSandbox();
      const ready = await sandbox;
      const program = { files: { [FILE]: field.code }, entry: FILE, backend: backends.value, data: files.data() };
      const ending = stop.disabled ? 'stopped' : await ready.run(program, hear);
      status.end(ENDINGS[ending]);
      if (ending === 'stopped') output.note('Stopped.');
    } catch (error) {
      sandbox = undefined;
      output.add({ kind: 'error', message: (error as Error).message });
      status.end('Failed');
    } finally {
      running = false;
      [run.disabled, stop.disabled] = [gone, true];
    }
  };
  run.addEventListener('click', () => void start());
  stop.addEventListener('click', () => {
    stop.disabled = true;
    void sandbox?.then((ready) => ready.stop());
    run.focus();
  });
  reset.addEventListener('click', () => open(opened));
  clear.addEventListener('click', () => output.clear());

  const shell = element('div', { class: 'playground' });
  shell.append(
    list.view,
    element(
      'section',
      { class: 'play-program', 'aria-label': 'Program' },
      element('div', { class: 'play-tools' }, run, stop, reset, share.button, backends.view),
      share.status,
      about,
      field.view,
      files.view,
    ),
    element(
      'section',
      { class: 'play-result', 'aria-label': 'Result' },
      element('div', { class: 'play-head' }, status.view, clear),
      output.view,
    ),
  );
  place.append(shell);
  const unheard = files.takeFrom(shell);

  const fromAddress = (): void => {
    const asked = askedByAddress(location);
    if (asked.problem) output.add({ kind: 'error', message: asked.problem });
    if (asked.code !== undefined) {
      if (asked.backend) backends.value = asked.backend as typeof backends.value;
      open(asked.example, asked.code);
      output.clear();
      output.note('This program came with a link. Read it, then press Run.');
    } else if (field.code === '') {
      const first = asked.example ?? examples.find(({ name }) => name === example);
      if (first || code === undefined) open(first ?? examples[0]);
      else open(undefined, code);
    }
  };
  fromAddress();
  addEventListener('hashchange', fromAddress);

  return () => {
    gone = true;
    removeEventListener('hashchange', fromAddress);
    unheard();
    status.dispose();
    field.dispose();
    void sandbox?.then(
      (ready) => ready.close(),
      () => {},
    );
    shell.remove();
  };
}
