import type { BackendReport } from '@simile/core/backend';
import { element } from '../loss-lab/element.ts';
import type { Output, Vitals } from '../sandbox/index.ts';

/** How a run goes: state, time, tensors, memory, backend. */
export interface StatusView {
  readonly view: HTMLElement;
  begin(): void;
  vitals(vitals: Vitals): void;
  backend(report: BackendReport, isolated: boolean): void;
  done(output: Extract<Output, { kind: 'done' }>): void;
  /** The run is over. */
  end(state: string): void;
  dispose(): void;
}

/** The line under the output. Time goes on by the page's clock, whatever the program does. */
export function statusView(): StatusView {
  const state = element('span', { class: 'play-state', role: 'status' }, 'Not run yet');
  const time = element('span', { class: 'play-time' });
  const held = element('span', { class: 'play-held' });
  const report = element('details', { class: 'play-report' });
  report.hidden = true;
  const view = element('div', { class: 'play-status' }, element('p', {}, state, time, held), report);
  let clock: ReturnType<typeof setInterval> | undefined;

  return {
    view,
    begin() {
      const began = performance.now();
      view.dataset['state'] = 'runs';
      state.textContent = 'Running';
      held.textContent = '';
      report.hidden = true;
      clearInterval(clock);
      const tick = (): void => void (time.textContent = seconds(performance.now() - began));
      tick();
      clock = setInterval(tick, 100);
    },
    vitals: (vitals) => (held.textContent = heldText(vitals)),
    backend(found, isolated) {
      report.replaceChildren(element('summary', {}, computesOn(found)), why(found, isolated));
      report.hidden = false;
    },
    done({ milliseconds, tensorsBefore, tensorsAfter }) {
      clearInterval(clock);
      time.textContent = seconds(milliseconds);
      held.textContent = `live tensors: ${tensorsBefore} before, ${tensorsAfter} after`;
    },
    end(text) {
      clearInterval(clock);
      state.textContent = text;
      view.dataset['state'] = text.toLowerCase();
    },
    dispose: () => clearInterval(clock),
  };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}

function heldText({ tensors, tensorBytes, wasmBytes }: Vitals): string {
  const memory = [`${tensors} live tensors of ${megabytes(tensorBytes)}`];
  if (wasmBytes > 0) memory.push(`WASM memory ${megabytes(wasmBytes)}`);
  return memory.join(', ');
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

/** What computes, in a few words. */
function computesOn({ chosen, simd, relaxedSimd, threads, tried }: BackendReport): string {
  const { device } = tried.find(({ name, ok }) => ok && chosen.endsWith(name)) ?? {};
  const lanes = relaxedSimd ? ', relaxed SIMD' : simd ? ', SIMD' : '';
  return `Computing on ${chosen} (${device ?? `${threads} ${threads === 1 ? 'thread' : 'threads'}${lanes}`})`;
}

function why({ tried }: BackendReport, isolated: boolean): HTMLElement {
  const rows = tried.map(({ name, ok, reason, milliseconds, device }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', {}, ok ? 'works' : (reason ?? 'failed')),
      element('td', {}, milliseconds === undefined ? '' : `${milliseconds.toFixed(1)} ms`),
      element('td', {}, device ?? ''),
    ),
  );
  const heads = ['tried', 'outcome', 'a small step', 'device'].map((text) => element('th', { scope: 'col' }, text));
  const threads = isolated
    ? 'Threads are on: the headers of this site isolate the page. tfjs takes half of the cores, four at most.'
    : 'Threads are off: they need memory that threads share, which browsers give only to pages that headers of the host isolate.';
  return element(
    'div',
    {},
    element('table', {}, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...rows)),
    element('p', {}, threads),
  );
}
