import { element } from '../loss-lab/element.ts';
import { batchTable } from './batch-table.ts';
import { readFailure } from './failed-batch.ts';
import type { CheckOutcome } from './check-message.ts';
import type { Verdict } from './verdict.ts';

/** Cards of the checks that failed, each with what broke it. Shows those of a verdict, and keeps the cards that stay the same. */
export interface FailuresView {
  readonly element: HTMLElement;
  show(verdict: Verdict): void;
}

/** Makes the place for the cards. */
export function failuresView(): FailuresView {
  const place = element('div', { class: 'judge-failures' });
  let shown = new Map<string, { key: string; card: HTMLDetailsElement }>();
  return {
    element: place,
    show: ({ rows }) => {
      const next: typeof shown = new Map();
      for (const { name, cells } of rows) {
        const failed = [...cells].flatMap(([backend, cell]) =>
          typeof cell === 'object' && cell.outcome === 'failed' ? [{ backend, ...cell }] : [],
        );
        if (failed.length === 0) continue;
        const key = failed.map(({ backend }) => backend).join();
        const known = shown.get(name);
        const card = known?.key === key ? known.card : cardOf(name, failed);
        card.open ||= known?.card.open ?? false;
        next.set(name, { key, card });
      }
      shown = next;
      const cards = [...shown.values()].map(({ card }) => card);
      // The first is open, until the reader opens another.
      if (cards[0] && !cards.some(({ open }) => open)) cards[0].open = true;
      for (const [i, card] of cards.entries())
        if (place.children[i] !== card) place.insertBefore(card, place.children[i] ?? null);
      while (place.children.length > cards.length) place.lastElementChild!.remove();
    },
  };
}

function cardOf(name: string, failed: readonly (CheckOutcome & { readonly backend: string })[]): HTMLDetailsElement {
  const where = failed.map(({ backend }) => backend).join(', ');
  const summary = element('summary', {}, element('strong', {}, name), ` on ${where}`);
  const card = element('details', { class: 'judge-failure' }, summary);
  const sentences = new Map<string, string[]>();
  for (const { backend, detail } of failed) {
    const { sentence } = readFailure(detail);
    sentences.set(sentence, [...(sentences.get(sentence) ?? []), backend]);
  }
  for (const [sentence, backends] of sentences) {
    card.append(element('p', {}, element('strong', {}, backends.join(', ')), `: ${sentence}`));
  }
  const { batch } = failed.map(({ detail }) => readFailure(detail)).find((failure) => failure.batch) ?? {};
  if (!batch) return card;
  const copy = element('button', { type: 'button' }, 'Copy the batch');
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(JSON.stringify(batch)).then(
      () => (copy.textContent = 'Copied'),
      () => (copy.textContent = 'The clipboard is out of reach'),
    );
  });
  card.append(batchTable(batch), copy);
  return card;
}
