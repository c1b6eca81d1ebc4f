import { mountEditor } from '../editor/index.ts';
import { element } from '../loss-lab/element.ts';
import { fromLink, shareButton } from '../share/index.ts';
import { resultsView } from './results-view.ts';
import { lossFile, runJudge, type RunningJudge } from './run-judge.ts';
import { templates } from './templates.ts';
import { addMessage, nothingYet, summary, tally, type Verdict } from './verdict.ts';

const BACKENDS = ['cpu', 'wasm', 'webgl', 'webgpu'];

/** Puts the judge into an element: a loss to change, a button that runs every check on it, and the verdict as it comes. */
export function mountLossJudge(place: HTMLElement): () => void {
  let verdict: Verdict = nothingYet;
  let running: RunningJudge | undefined;
  const boxes = BACKENDS.map((backend) => element('input', { type: 'checkbox', value: backend, checked: true }));
  const judge = element('button', { type: 'button', class: 'judge-main' }, 'Judge my loss');
  const stop = element('button', { type: 'button', disabled: true }, 'Stop');
  const begin = element('select', {}, ...templates.map(({ id, title }) => element('option', { value: id }, title)));
  const status = element('p', { class: 'judge-status', role: 'status' });
  const printed = element('pre', {
    class: 'judge-printed',
    hidden: true,
    tabindex: 0,
    'aria-label': 'Printed by the loss',
  });
  const results = resultsView();
  const area = element('div', { class: 'judge-editor' });
  const chosen = (): string[] => boxes.filter(({ checked }) => checked).map(({ value }) => value);
  const say = (text: string, wrong = false): void => {
    status.textContent = text;
    status.classList.toggle('judge-wrong', wrong);
  };

  say('Nothing has been judged yet. A check at a time will be shown here.');
  const opened = openLink(say);
  const editor = mountEditor(area, {
    code: opened?.code ?? templates[0]!.code,
    label: 'The loss and its oracle',
    file: lossFile,
    onRun: () => judge.click(),
  });
  if (opened?.backends) for (const box of boxes) box.checked = opened.backends.includes(box.value);

  const share = shareButton(() => ({
    page: 'judge',
    files: { [lossFile]: editor.code },
    entry: lossFile,
    options: { backends: chosen().join(' '), ...(summary(verdict) && { verdict: summary(verdict) }) },
  }));

  const run = async (): Promise<void> => {
    if (running) return;
    if (chosen().length === 0) return say('Choose a backend to judge on.', true);
    [judge.disabled, stop.disabled] = [true, false];
    verdict = nothingYet;
    printed.replaceChildren();
    printed.hidden = true;
    editor.showErrors([]);
    results.show(verdict);
    say('Loading what the checks need …');
    let problem = '';
    const began = performance.now();
    running = runJudge({
      code: editor.code,
      backends: chosen(),
      onMessage: (message) => {
        verdict = addMessage(verdict, message);
        results.show(verdict);
        const place_ = message.kind === 'begin' ? verdict.order[message.at] : undefined;
        if (place_)
          say(
            `${message.kind === 'begin' ? message.at + 1 : ''} of ${verdict.order.length}, on ${place_.backend}: ${verdict.rows[place_.row]!.name}`,
          );
      },
      onPrint: (line) => {
        printed.hidden = false;
        printed.append(`${line}\n`);
      },
      onError: ({ message, file, line, column }) => {
        problem = file === lossFile && line ? `${message} (line ${line})` : message;
        if (file === lossFile && line) editor.showErrors([{ line, column, message }]);
      },
      onProgress: ({ label, done, total }) => say(`${label}: ${Math.round((100 * done) / Math.max(1, total))} %`),
    });
    try {
      const ending = await running.ended;
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      if (ending === 'stopped') say('Stopped.');
      else if (ending === 'error') say(`The loss could not be judged: ${problem}`, true);
      else say(`${inWords(verdict)} ${seconds} s.`, tally(verdict).failed > 0);
    } catch (error) {
      say(`The judge could not be started: ${(error as Error).message}`, true);
    } finally {
      running = undefined;
      [judge.disabled, stop.disabled] = [false, true];
    }
  };
  judge.addEventListener('click', () => void run());
  stop.addEventListener('click', () => running?.stop());
  begin.addEventListener('change', () => {
    editor.code = templates.find(({ id }) => id === begin.value)!.code;
    verdict = nothingYet;
    results.show(verdict);
    say('');
  });

  const fields = boxes.map((box) => element('label', {}, box, box.value));
  const bar = element(
    'div',
    { class: 'judge-bar' },
    element('label', {}, 'Begin from', begin),
    element('fieldset', {}, element('legend', { class: 'judge-unseen' }, 'Backends'), ...fields),
    element('span', { class: 'judge-buttons' }, judge, stop, share.button),
  );
  const report = element('div', {}, status, share.status, printed, results.element);
  place.append(element('div', { class: 'judge' }, bar, element('div', { class: 'judge-grid' }, area, report)));
  return () => {
    running?.stop();
    editor.dispose();
    place.replaceChildren();
  };
}

/** What a link to this part of the page holds; says what is wrong with one that cannot be read. Runs nothing. */
function openLink(say: (text: string, wrong?: boolean) => void): { code: string; backends?: string[] } | undefined {
  try {
    const shared = fromLink(location.hash);
    if (shared?.page !== 'judge' || shared.entry !== lossFile) return undefined;
    const { backends, verdict } = shared.options;
    const theirs = verdict ? ` Whoever made it saw: ${String(verdict)}.` : '';
    say(`This loss came with a link and has not been run.${theirs} Read it, then press Judge my loss.`);
    return { code: shared.files[lossFile]!, ...(backends && { backends: String(backends).split(' ') }) };
  } catch (error) {
    say((error as Error).message, true);
    return undefined;
  }
}

function inWords(verdict: Verdict): string {
  const { passed, failed, skipped } = tally(verdict);
  if (passed + failed === 0) return 'None of the backends works here.';
  const all = `${passed + failed}`;
  const missing = skipped > 0 ? ` (${skipped} were skipped: their backends do not work here)` : '';
  return failed === 0
    ? `All ${all} checks passed${missing}.`
    : `${failed} of ${all} checks failed${missing}; below is what broke the loss.`;
}
