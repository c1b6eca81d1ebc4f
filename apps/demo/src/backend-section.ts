import type { BackendName, BackendReport } from '@simile/core/backend';
import type { Remote } from 'comlink';
import type { Job } from './job.ts';
import { answer, byId, make, say } from './page.ts';

/** Which backend computes. */
export interface BackendSection {
  /** Starts the one that is chosen, unless one was started before. */
  ensure(): Promise<void>;
  /** While a model is trained, no other backend can be had. */
  lock(locked: boolean): void;
}

/** @param moved Called when the model computes on another backend. */
export function backendSection(job: Remote<Job>, moved: () => void): BackendSection {
  const form = byId('backend-form', HTMLFormElement);
  const button = byId('switch', HTMLButtonElement);
  let started = false;
  const start = async (): Promise<void> => {
    const prefer = new FormData(form).get('backend') as 'auto' | BackendName;
    button.disabled = true;
    const what = prefer === 'auto' ? 'trying what this browser has …' : `starting ${prefer} …`;
    say('backend-short', what);
    say('backend-status', '');
    try {
      const { report, moved: size } = await job.start(prefer);
      started = true;
      say('backend-short', computesOn(report));
      const along = size === undefined ? '' : ` The model moved along, with ${size} images in its index.`;
      say('backend-status', `${sentence(report, prefer)}${along}`);
      byId('backend-report', HTMLElement).replaceChildren(table(report));
      if (size !== undefined) moved();
    } catch (error) {
      say('backend-short', started ? 'the one before is still in use' : 'not started yet');
      byId('backend-details', HTMLDetailsElement).open = true;
      throw error;
    } finally {
      button.disabled = false;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void answer('backend-status', start);
  });
  return {
    ensure: async () => {
      if (!started) await start();
    },
    lock: (locked) => {
      button.disabled = locked;
    },
  };
}

function computesOn({ chosen, simd, relaxedSimd, threads, tried }: BackendReport): string {
  const { device } = tried.find(({ name, ok }) => ok && chosen.endsWith(name)) ?? {};
  const lanes = relaxedSimd ? ', relaxed SIMD' : simd ? ', SIMD' : '';
  return `${chosen} (${device ?? `${threads} ${threads === 1 ? 'thread' : 'threads'}${lanes}`})`;
}

/** Why this one: it was asked for, or a small step was the fastest on it. */
function sentence(report: BackendReport, prefer: string): string {
  const proven = 'its gradients were proven right on a small known graph';
  const best = report.tried.find(({ name, ok }) => ok && report.chosen.endsWith(name));
  const others = report.tried.filter(({ ok }) => ok).length > 1 ? ', less than on any other here' : '';
  const why =
    prefer === 'auto' ? `a small step takes ${best?.milliseconds?.toFixed(1)} ms${others}` : 'you asked for it';
  return `Computing on ${computesOn(report)}: ${why}, and ${proven}.`;
}

function table({ tried }: BackendReport): HTMLTableElement {
  const element = make('table');
  element.append(make('caption', { className: 'unseen', textContent: 'Backends tried' }));
  const head = element.createTHead().insertRow();
  for (const text of ['tried', 'outcome', 'a small step', 'device']) {
    head.append(make('th', { scope: 'col', textContent: text }));
  }
  const body = element.createTBody();
  for (const { name, ok, reason, milliseconds, device } of tried) {
    const time = milliseconds === undefined ? '' : `${milliseconds.toFixed(1)} ms`;
    const line = body.insertRow();
    for (const text of [name, ok ? 'works' : (reason ?? 'failed'), time, device ?? '']) line.insertCell().append(text);
  }
  return element;
}
