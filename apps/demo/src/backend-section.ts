import type { BackendReport, BackendName } from '@simile/core/backend';
import type { Remote } from 'comlink';
import type { Job } from './job.ts';
import { answer, byId, say } from './page.ts';

/** Section 1: starts a backend and shows why it was taken. */
export function backendSection(job: Remote<Job>, started: () => void): void {
  const form = byId('backend-form', HTMLFormElement);
  const button = form.querySelector('button')!;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const prefer = new FormData(form).get('backend') as 'auto' | BackendName;
    void answer('backend-status', async () => {
      button.disabled = true;
      say('backend-status', prefer === 'auto' ? 'Trying what this browser has …' : `Starting ${prefer} …`);
      byId('backend-report', HTMLElement).replaceChildren();
      try {
        const report = await job.start(prefer);
        say('backend-status', sentence(report));
        byId('backend-report', HTMLElement).replaceChildren(table(report));
        started();
      } finally {
        button.disabled = false;
      }
    });
  });
}

function sentence({ chosen, simd, relaxedSimd, threads, tried }: BackendReport): string {
  const { device } = tried.find(({ name, ok }) => ok && chosen.endsWith(name)) ?? {};
  const lanes = relaxedSimd ? ', relaxed SIMD' : simd ? ', SIMD' : '';
  const computes = device ?? `${threads} ${threads === 1 ? 'thread' : 'threads'}${lanes}`;
  return `Computing on ${chosen} (${computes}); its gradients were proven right on a small known graph.`;
}

function table({ tried }: BackendReport): HTMLTableElement {
  const element = document.createElement('table');
  const row = (kind: 'th' | 'td', texts: readonly string[]): void => {
    const line = element.insertRow();
    for (const text of texts) line.append(Object.assign(document.createElement(kind), { textContent: text }));
  };
  row('th', ['tried', 'outcome', 'a small step', 'device']);
  for (const { name, ok, reason, milliseconds, device } of tried) {
    const time = milliseconds === undefined ? '' : `${milliseconds.toFixed(1)} ms`;
    row('td', [name, ok ? 'works' : (reason ?? 'failed'), time, device ?? '']);
  }
  return element;
}
